package org.laurel.task;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An annotator's own work in a project: what waits, came back, is begun, done, was skipped. */
@ApplicationScoped
class Queue {

  /** Counting further than this would cost more than it tells. */
  static final int COUNT_LIMIT = 1000;

  /** The queues. */
  enum Status {
    RETURNED,
    PENDING,
    DRAFT,
    SUBMITTED,
    SKIPPED;

    /** The queue of that name, in any case. */
    static Status named(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * One line of a queue.
   *
   * @param prompt the last user message
   * @param at when it was leased, drafted, submitted, skipped or sent back
   * @param reason why it was skipped or sent back
   */
  record Entry(UUID taskId, String prompt, Instant at, @Nullable String reason) {}

  /**
   * How far the annotator is.
   *
   * @param returned rankings that were sent back to them, which are not among those submitted
   * @param pending tasks that they may still be given; {@link #COUNT_LIMIT} stands for that or more
   * @param submittedToday since midnight UTC
   */
  record Progress(
      long returned, long pending, long draft, long submitted, long skipped, long submittedToday) {}

  private static final String PENDING =
      """
      t.project_id = :project and t.closed_at is null
         and not exists (select 1 from task_skip k where k.task_id = t.id and k.annotator_id = :me)
         and not exists (select 1 from task_seat mine where mine.task_id = t.id
                          and mine.annotator_id = :me and mine.submitted_at is not null)
         and exists (select 1 from task_seat s where s.task_id = t.id and s.submitted_at is null
                      and (s.annotator_id = :me or not s.checking
                           and (s.annotator_id is null or s.lease_expires_at <= now())))
      """;

  /** Rankings that they gave: not those sent back, nor those that they gave up then. */
  private static final String GIVEN =
      """
      from ranking r where r.project_id = :project and r.annotator_id = :me
         and (r.withheld is null
              or r.withheld = 'set-aside'
                 and not exists (select 1 from task_skip k
                                  where k.task_id = r.task_id and k.annotator_id = :me))
      """;

  /** Where there are silent checks, the order in which tasks come would tell them apart. */
  private static final String TOLD =
      """
       and not exists (select 1 from silent_check c where c.project_id = :project)
      """;

  private static final String IN_HAND =
      """
      t.project_id = :project and s.annotator_id = :me and s.submitted_at is null
         and s.lease_expires_at > now() and (t.closed_at is null or s.checking)
         and exists (select 1 from silent_check c where c.project_id = :project)
      """;

  private static final String OWN_SEAT =
      """
      from task_seat s join task t on t.id = s.task_id join prompt p on p.id = t.prompt_id
       where t.project_id = :project and s.annotator_id = :me and
      """;

  private final EntityManager entityManager;

  Queue(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  Progress progress(UUID projectId, UUID annotatorId) {
    Tuple row =
        (Tuple)
            entityManager
                .createNativeQuery(
                    "select (select least("
                        + COUNT_LIMIT
                        + ", others + checks_ahead(:project, :me, others)) from"
                        + " (select count(*) as others from (select 1 from task t where "
                        + PENDING
                        + " limit "
                        + COUNT_LIMIT
                        + ") upcoming) counted) as pending, "
                        + "(select count(*) "
                        + OWN_SEAT
                        + " s.draft is not null) as draft, "
                        + "(select count(*) from ranking where project_id = :project"
                        + " and annotator_id = :me and withheld = 'returned') as returned, "
                        + "(select count(*) "
                        + GIVEN
                        + ") as submitted, "
                        + "(select count(*) from task_skip k join task t on t.id = k.task_id"
                        + " where t.project_id = :project and k.annotator_id = :me) as skipped, "
                        + "(select count(*) "
                        + GIVEN
                        + " and r.submitted_at >= date_trunc('day', now(), 'UTC'))"
                        + " as today",
                    Tuple.class)
                .setParameter("project", projectId)
                .setParameter("me", annotatorId)
                .getSingleResult();
    return new Progress(
        row.get("returned", Long.class),
        row.get("pending", Long.class),
        row.get("draft", Long.class),
        row.get("submitted", Long.class),
        row.get("skipped", Long.class),
        row.get("today", Long.class));
  }

  /**
   * A page of a queue, newest first; those pending or sent back in their turn. Of those pending, in
   * a project with silent checks, only what the annotator holds.
   *
   * @param offset lines to pass over
   */
  @SuppressWarnings("unchecked")
  List<Entry> items(UUID projectId, UUID annotatorId, Status status, int offset, int limit) {
    String sql =
        switch (status) {
          case RETURNED ->
              "select t.id, p.text, r.withheld_at as at, r.withheld_note as reason"
                  + " from ranking r join task t on t.id = r.task_id"
                  + " join prompt p on p.id = t.prompt_id where r.project_id = :project"
                  + " and r.annotator_id = :me and r.withheld = 'returned'"
                  + " order by r.withheld_at, t.id";
          case PENDING ->
              "(select t.id, p.text, t.created_at as at, cast(null as text) as reason"
                  + " from task t join prompt p on p.id = t.prompt_id where "
                  + PENDING
                  + TOLD
                  + " order by t.priority desc, t.created_at, t.id limit :limit offset :offset)"
                  + " union all (select t.id, p.text, s.leased_at, null from task_seat s"
                  + " join task t on t.id = s.task_id join prompt p on p.id = t.prompt_id where "
                  + IN_HAND
                  + " order by s.leased_at, t.id limit :limit offset :offset)";
          case DRAFT ->
              "select t.id, p.text, s.draft_saved_at as at, cast(null as text) as reason "
                  + OWN_SEAT
                  + " s.draft is not null order by s.draft_saved_at desc, t.id";
          case SUBMITTED ->
              "select t.id, p.text, s.submitted_at as at, cast(null as text) as reason "
                  + OWN_SEAT
                  + " s.submitted_at is not null and not exists (select 1 from task_skip k"
                  + " where k.task_id = t.id and k.annotator_id = :me)"
                  + " and not exists (select 1 from ranking r where r.task_id = t.id"
                  + " and r.annotator_id = :me and r.withheld = 'returned')"
                  + " order by s.submitted_at desc, t.id";
          case SKIPPED ->
              "select t.id, p.text, k.at, k.reason from task_skip k join task t on t.id = k.task_id"
                  + " join prompt p on p.id = t.prompt_id where t.project_id = :project"
                  + " and k.annotator_id = :me order by k.at desc, t.id";
        };
    List<Tuple> rows =
        entityManager
            .createNativeQuery(
                status == Status.PENDING ? sql : sql + " limit :limit offset :offset", Tuple.class)
            .setParameter("project", projectId)
            .setParameter("me", annotatorId)
            .setParameter("limit", limit)
            .setParameter("offset", offset)
            .getResultList();
    return rows.stream()
        .map(
            row ->
                new Entry(
                    row.get(0, UUID.class),
                    row.get(1, String.class),
                    instant(row.get(2)),
                    row.get(3, String.class)))
        .toList();
  }

  private static Instant instant(Object value) {
    return value instanceof OffsetDateTime time ? time.toInstant() : (Instant) value;
  }
}
