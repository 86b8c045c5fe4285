package org.laurel.evaluation;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.laurel.policy.PolicyVersion;
import org.laurel.preference.Interval;
import org.laurel.sampling.Sampling;

/**
 * An evaluation as the API and the page show it.
 *
 * @param against the policy that the other is held against
 * @param status of the answering: queued, running, finished, failed or cancelled; people may judge
 *     as soon as there are answers
 * @param done prompts dealt with, of {@code total}
 * @param passedOver prompts that one of the policies could not be asked
 * @param pairs prompts with two different answers, which people are asked about
 * @param alike prompts to which both said the same
 * @param judged pairs that somebody has judged
 * @param left judgments still wanted
 * @param votes for the policy, for neither and against it
 * @param winRate share of the judged pairs that the policy wins, ties half; null before the first
 * @param low lower end of its 95% interval, each pair one witness
 * @param verdict better, worse, or open while the interval holds one half
 */
public record EvaluationView(
    UUID id,
    UUID project,
    Side policy,
    Side against,
    String status,
    long done,
    long total,
    long passedOver,
    @Nullable String error,
    Map<String, Object> parameters,
    int overlap,
    long pairs,
    long alike,
    long judged,
    long left,
    Votes votes,
    @Nullable Double winRate,
    @Nullable Double low,
    @Nullable Double high,
    String verdict,
    Instant createdAt,
    @Nullable Instant finishedAt) {

  /** A policy that is compared. */
  public record Side(UUID id, String name) {}

  /**
   * What people said, a vote each.
   *
   * @param unrankable that the two cannot be compared
   */
  public record Votes(long wins, long ties, long losses, long unrankable) {}

  /** The evaluations with what people said of them, in the order given. */
  static List<EvaluationView> of(List<Sampling> evaluations) {
    Map<UUID, Outcome> outcomes =
        Outcome.of(Sampling.getEntityManager(), evaluations.stream().map(e -> e.id).toList());
    Map<UUID, String> names = names(evaluations);
    return evaluations.stream().map(e -> of(e, outcomes.get(e.id), names)).toList();
  }

  private static EvaluationView of(
      Sampling evaluation, @Nullable Outcome outcome, Map<UUID, String> names) {
    UUID baseline = evaluation.baselineId;
    if (outcome == null || baseline == null) {
      throw new IllegalArgumentException("sampling " + evaluation.id + " compares nothing");
    }
    boolean judged = outcome.judged() > 0;
    Interval interval = outcome.interval();
    return new EvaluationView(
        evaluation.id,
        evaluation.projectId,
        side(evaluation.policyId, names),
        side(baseline, names),
        evaluation.status,
        evaluation.done,
        evaluation.total,
        evaluation.passedOver,
        evaluation.error,
        evaluation.parameters,
        evaluation.seats,
        outcome.pairs(),
        outcome.alike(),
        outcome.judged(),
        outcome.left(),
        new Votes(outcome.wins(), outcome.ties(), outcome.losses(), outcome.unrankable()),
        judged ? outcome.winRate() : null,
        judged ? interval.low() : null,
        judged ? interval.high() : null,
        interval.low() > 0.5 ? "better" : interval.high() < 0.5 ? "worse" : "open",
        evaluation.createdAt,
        evaluation.finishedAt);
  }

  private static Side side(UUID id, Map<UUID, String> names) {
    return new Side(id, names.getOrDefault(id, ""));
  }

  private static Map<UUID, String> names(Collection<Sampling> evaluations) {
    Set<UUID> ids = new HashSet<>();
    for (Sampling evaluation : evaluations) {
      ids.add(evaluation.policyId);
      if (evaluation.baselineId != null) {
        ids.add(evaluation.baselineId);
      }
    }
    return PolicyVersion.<PolicyVersion>list("id in ?1", ids).stream()
        .collect(Collectors.toMap(policy -> policy.id, policy -> policy.name));
  }

  /** Whether anything may still change by itself. */
  public boolean active() {
    return finishedAt == null || left > 0;
  }
}
