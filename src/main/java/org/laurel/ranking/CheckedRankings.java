package org.laurel.ranking;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.laurel.task.FailedChecks;

/**
 * What people made of silent checks, worked out from their rankings and the right orders in force:
 * rankings that were first sent after the task was marked, also those that do not count otherwise.
 */
@ApplicationScoped
public class CheckedRankings implements FailedChecks {
  private static final String PLACES =
      """
      select r.task_id, r.annotator_id, r.submitted_at,
             coalesce(r.submitted_at > (select l.at from check_readmission l
                                         where l.project_id = r.project_id
                                           and l.account_id = r.annotator_id), true) as counts,
             array_agg(g.place order by g.completion_id) as right_places,
             array_agg(coalesce(p.place, cast(0 as smallint)) order by g.completion_id) as places
        from silent_check c
        join adjudication d on d.task_id = c.task_id and d.withdrawn_at is null
        join adjudication_place g on g.adjudication_id = d.id
        join ranking r on r.task_id = c.task_id and r.submitted_at >= c.marked_at
        left join ranking_place p on p.ranking_id = r.id and p.completion_id = g.completion_id
       where c.project_id = :project and r.annotator_id %s
       group by r.id order by r.submitted_at, r.id
      """;

  private static final String EVERYBODY = PLACES.formatted("is not null");
  private static final String ONE = PLACES.formatted("= :annotator");

  private final EntityManager entityManager;

  CheckedRankings(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /** Everybody's, the earliest first. */
  public List<CheckedRanking> of(UUID projectId) {
    return scored(entityManager.createNativeQuery(EVERYBODY, Tuple.class), projectId);
  }

  @Override
  public int count(UUID projectId, UUID annotatorId) {
    Query own =
        entityManager.createNativeQuery(ONE, Tuple.class).setParameter("annotator", annotatorId);
    return (int)
        scored(own, projectId).stream()
            .filter(one -> one.counts() && !one.score().passed())
            .count();
  }

  @SuppressWarnings("unchecked")
  private static List<CheckedRanking> scored(Query query, UUID projectId) {
    List<Tuple> rows = query.setParameter("project", projectId).getResultList();
    return rows.stream()
        .map(
            row ->
                new CheckedRanking(
                    row.get("task_id", UUID.class),
                    row.get("annotator_id", UUID.class),
                    row.get("submitted_at", Instant.class),
                    row.get("counts", Boolean.class),
                    CheckScore.of(
                        List.of(row.get("right_places", Short[].class)),
                        List.of(row.get("places", Short[].class)))))
        .toList();
  }
}
