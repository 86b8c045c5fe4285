package org.laurel.evaluation;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.laurel.sampling.SamplingRequest;

/**
 * Which policies to compare; all but the first may be left out.
 *
 * @param policy a version's id or name
 * @param against the version it is held against; the served one if absent
 * @param prompts how many of the project's prompts both answer, drawn at random; 100 if absent
 * @param overlap how many people are to judge each pair of answers, the project's number if absent
 * @param priority tasks of a higher priority are handed out first; 10 if absent, so that these come
 *     before those for learning
 * @param temperature 0 compares what each thinks likeliest
 * @param maxNewTokens longest answer in tokens
 */
public record EvaluationRequest(
    @NotBlank String policy,
    @Nullable String against,
    @Nullable @Min(1) @Max(10_000) Integer prompts,
    @Nullable @Min(1) @Max(20) Integer overlap,
    @Nullable @Min(-1000) @Max(1000) Integer priority,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Double minP,
    @Nullable @Min(1) @Max(4096) Integer maxNewTokens,
    @Nullable Long seed) {
  private static final int PROMPTS = 100;
  private static final int BEFORE_LEARNING = 10;

  int priorityOrDefault() {
    return priority == null ? BEFORE_LEARNING : priority;
  }

  /** How both policies are asked. */
  Map<String, Object> parameters() {
    return new SamplingRequest(
            null,
            null,
            temperature,
            topP,
            topK,
            minP,
            maxNewTokens,
            seed,
            prompts == null ? PROMPTS : prompts,
            null,
            null,
            null)
        .parameters(1);
  }
}
