package org.laurel.demonstration;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An annotator's own demonstrations in a project: written, begun, skipped, and what may come. */
@ApplicationScoped
class WritingQueue {

  /** Counting further than this would cost more than it tells. */
  static final int COUNT_LIMIT = 1000;

  /** The queues. */
  enum Status {
    SUBMITTED,
    DRAFT,
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
   * @param at when it was written, saved or skipped
   * @param reason why it was skipped
   */
  record WritingEntry(UUID promptId, String prompt, Instant at, @Nullable String reason) {}

  /**
   * How far the annotator is.
   *
   * @param pending prompts that they may still be given; {@link #COUNT_LIMIT} stands for that or
   *     more
   * @param submittedToday since midnight UTC
   */
  record WritingProgress(
      long pending, long draft, long submitted, long skipped, long submittedToday) {}

  private static final String OWN_SEAT =
      """
      from demonstration_seat s join prompt p on p.id = s.prompt_id
       where p.project_id = :project and s.annotator_id = :me and s.submitted_at is not null
      """;

  private static final String OWN_DRAFT =
      """
      from demonstration_draft d join prompt p on p.id = d.prompt_id
       where p.project_id = :project and d.annotator_id = :me
      """;

  private static final String OWN_SKIP =
      """
      from demonstration_skip k join prompt p on p.id = k.prompt_id
       where p.project_id = :project and k.annotator_id = :me
      """;

  private static final String PENDING =
      "select 1 from prompt p where p.project_id = :project and p.retired_at is null"
          + " and :wanted > 0 and ((exists (select 1 from demonstration_seat b"
          + " where b.prompt_id = p.id and b.annotator_id = :me and b.submitted_at is null)) or ("
          + WritingLeases.NEW_TO_ME
          + " and ("
          + WritingLeases.HAS_ROOM
          + " or "
          + WritingLeases.EXPIRED
          + "))) limit "
          + COUNT_LIMIT;

  private final EntityManager entityManager;

  WritingQueue(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /**
   * @param wanted demonstrations per prompt
   */
  WritingProgress progress(UUID projectId, UUID annotatorId, int wanted) {
    Tuple row =
        (Tuple)
            of(
                    "select (select count(*) from ("
                        + PENDING
                        + ") upcoming) as pending, (select count(*) "
                        + OWN_DRAFT
                        + ") as draft, (select count(*) "
                        + OWN_SEAT
                        + ") as submitted, (select count(*) "
                        + OWN_SKIP
                        + ") as skipped, (select count(*) "
                        + OWN_SEAT
                        + " and s.submitted_at >= date_trunc('day', now(), 'UTC')) as today",
                    projectId,
                    annotatorId)
                .setParameter("wanted", wanted)
                .getSingleResult();
    return new WritingProgress(
        row.get("pending", Long.class),
        row.get("draft", Long.class),
        row.get("submitted", Long.class),
        row.get("skipped", Long.class),
        row.get("today", Long.class));
  }

  /**
   * A page of a queue, newest first.
   *
   * @param offset lines to pass over
   */
  @SuppressWarnings("unchecked")
  List<WritingEntry> items(UUID projectId, UUID annotatorId, Status status, int offset, int limit) {
    String sql =
        switch (status) {
          case SUBMITTED ->
              "select p.id, p.text, s.submitted_at as at, cast(null as text) as reason "
                  + OWN_SEAT
                  + " order by s.submitted_at desc, p.id";
          case DRAFT ->
              "select p.id, p.text, d.saved_at as at, cast(null as text) as reason "
                  + OWN_DRAFT
                  + " order by d.saved_at desc, p.id";
          case SKIPPED ->
              "select p.id, p.text, k.at, k.reason " + OWN_SKIP + " order by k.at desc, p.id";
        };
    List<Tuple> rows =
        of(sql + " limit :limit offset :offset", projectId, annotatorId)
            .setParameter("limit", limit)
            .setParameter("offset", offset)
            .getResultList();
    return rows.stream()
        .map(
            row ->
                new WritingEntry(
                    row.get(0, UUID.class),
                    row.get(1, String.class),
                    row.get(2, Instant.class),
                    row.get(3, String.class)))
        .toList();
  }

  private Query of(String sql, UUID projectId, UUID annotatorId) {
    return entityManager
        .createNativeQuery(sql, Tuple.class)
        .setParameter("project", projectId)
        .setParameter("me", annotatorId);
  }
}
