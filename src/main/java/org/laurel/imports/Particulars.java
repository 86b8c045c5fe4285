package org.laurel.imports;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a line of the format {@code rankings} tells of a ranking beside the order. Completions are
 * named by their index.
 *
 * @param source null if the line was not exported
 * @param displayedOrder as the annotator saw them, first to last; empty if not told
 * @param ratings from 1 to 7
 * @param elapsedMs time spent on the task, milliseconds
 * @param uncertainty of the task when it was handed out for that, 0 to 1
 * @param writings one for each completion
 * @param withheld null if the ranking counts
 * @param settled how a reviewer settled its task; null if nobody did
 */
record Particulars(
    @Nullable Source source,
    @Nullable String language,
    Map<String, Object> promptMetadata,
    List<Writing> writings,
    List<Integer> displayedOrder,
    Map<Integer, Integer> ratings,
    Map<Integer, List<String>> flags,
    @Nullable String rationale,
    @Nullable Long elapsedMs,
    @Nullable Double uncertainty,
    @Nullable Instant submittedAt,
    @Nullable Instant updatedAt,
    @Nullable Withheld withheld,
    @Nullable Settled settled) {

  /** Nothing but the order is known. */
  static final Particulars NONE =
      new Particulars(
          null, null, Map.of(), List.of(), List.of(), Map.of(), Map.of(), null, null, null, null,
          null, null, null);

  /** The ids that a ranking had on the server that exported it. */
  record Source(UUID ranking, UUID task, @Nullable UUID annotator) {}

  /**
   * That a ranking does not count.
   *
   * @param how set-aside or returned
   * @param by the id on the server that exported it
   */
  record Withheld(String how, String note, @Nullable UUID by, @Nullable Instant at) {}

  /**
   * The order that counts for the task in place of its rankings.
   *
   * @param groups indices into the completions, best first; none: they cannot be ranked
   * @param reviewer the id on the server that exported it
   * @param check whether the task is a silent check
   */
  record Settled(
      List<List<Integer>> groups,
      @Nullable Integer strength,
      @Nullable String reason,
      @Nullable UUID reviewer,
      @Nullable Instant at,
      boolean check) {}

  /**
   * How a completion came to be.
   *
   * @param policy name of the version, or of a model elsewhere, that wrote it
   * @param logprob sum over its tokens, nats
   * @param finishReason stop or length
   * @param metadata what else the file tells of it
   */
  record Writing(
      @Nullable String policy,
      Map<String, Object> parameters,
      @Nullable Long seed,
      @Nullable Double logprob,
      @Nullable Integer promptTokens,
      @Nullable Integer completionTokens,
      @Nullable String finishReason,
      Map<String, Object> metadata) {
    static final Writing UNKNOWN =
        new Writing(null, Map.of(), null, null, null, null, null, Map.of());

    Writing by(@Nullable String model) {
      return new Writing(
          model, parameters, seed, logprob, promptTokens, completionTokens, finishReason, metadata);
    }
  }

  Writing writing(int completion) {
    return writings.isEmpty() ? Writing.UNKNOWN : writings.get(completion);
  }
}
