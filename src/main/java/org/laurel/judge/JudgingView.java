package org.laurel.judge;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A judging as the API and the page show it.
 *
 * @param judge policy or endpoint
 * @param endpoint the address asked
 * @param phase waiting, calibrating, judging or over
 * @param done pairs dealt with, of {@code total}: the pairs to vote on are counted again once the
 *     calibration is done
 * @param questionsLeft two for each pair that is left, one for each order; 0 when it is over
 * @param approvedAt since when rounds may use the votes
 */
public record JudgingView(
    UUID id,
    UUID project,
    String judge,
    String model,
    @Nullable UUID policy,
    @Nullable String endpoint,
    int rubricVersion,
    Map<String, Object> parameters,
    String status,
    String phase,
    long done,
    long total,
    long questionsLeft,
    @Nullable String error,
    @Nullable Calibration calibration,
    Outcomes outcomes,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant approvedAt) {

  /**
   * What came of the pairs that it was to vote on.
   *
   * @param votes decided alike in both orders
   * @param ties not decided alike: no vote
   * @param unreadable without a readable answer: no vote
   */
  public record Outcomes(long votes, long ties, long unreadable) {
    private static final Outcomes NONE = new Outcomes(0, 0, 0);
  }

  static JudgingView of(Judging judging) {
    return of(List.of(judging)).get(0);
  }

  static List<JudgingView> of(List<Judging> judgings) {
    Map<UUID, Outcomes> outcomes = outcomes(judgings.stream().map(j -> j.id).toList());
    return judgings.stream().map(j -> of(j, outcomes.getOrDefault(j.id, Outcomes.NONE))).toList();
  }

  private static JudgingView of(Judging judging, Outcomes outcomes) {
    return new JudgingView(
        judging.id,
        judging.projectId,
        judging.judge,
        judging.model,
        judging.policyId,
        judging.endpoint,
        judging.rubricVersion,
        judging.parameters,
        judging.status,
        judging.phase,
        judging.done,
        judging.total,
        judging.questionsLeft(),
        judging.error,
        judging.calibration,
        outcomes,
        judging.createdAt,
        judging.startedAt,
        judging.finishedAt,
        judging.approvedAt);
  }

  private static Map<UUID, Outcomes> outcomes(List<UUID> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    EntityManager database = Judging.getEntityManager();
    List<?> rows =
        database
            .createNativeQuery(
                """
                select judging_id, count(*) filter (where outcome in ('first', 'second')),
                       count(*) filter (where outcome = 'tie'),
                       count(*) filter (where outcome = 'unreadable')
                  from judge_verdict where judging_id in (:ids) and chosen_id is null
                 group by judging_id
                """,
                Object[].class)
            .setParameter("ids", ids)
            .getResultList();
    Map<UUID, Outcomes> outcomes = new HashMap<>();
    for (Object row : rows) {
      Object[] c = (Object[]) row;
      outcomes.put(
          (UUID) Objects.requireNonNull(c[0]), new Outcomes((Long) c[1], (Long) c[2], (Long) c[3]));
    }
    return outcomes;
  }

  /** Whether it still works or waits to. */
  public boolean active() {
    return finishedAt == null;
  }

  /** Whether an administrator may let its votes be used. */
  public boolean approvable() {
    Double scale = calibration == null ? null : calibration.scale();
    return !active() && approvedAt == null && scale != null && scale > 0 && outcomes.votes() > 0;
  }
}
