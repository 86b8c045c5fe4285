package org.laurel.task;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * Which turn gets a silent check in place of the task whose turn it is. Each turn is drawn by
 * itself, so that nobody can tell the next, and a check takes none of the seats that a task wants.
 */
@ApplicationScoped
class CheckTurns {

  /**
   * Checks that this annotator has not sat in, but those that are still to come as any other task
   * does; one that somebody just changes is passed over.
   */
  private static final String ANY =
      """
      select t.id from silent_check c join task t on t.id = c.task_id
       where c.project_id = :project
         and not exists (select 1 from task_seat mine
                          where mine.task_id = c.task_id and mine.annotator_id = :annotator)
         and not exists (select 1 from task_skip k
                          where k.task_id = c.task_id and k.annotator_id = :annotator)
         and not (t.closed_at is null
                  and exists (select 1 from task_seat s
                               where s.task_id = t.id and not s.checking and s.submitted_at is null
                                 and (s.annotator_id is null or s.lease_expires_at <= now())))
       order by random() limit 1 for no key update of t skip locked
      """;

  private static final String SKIPPED =
      """
      select t.id from silent_check c join task t on t.id = c.task_id
       where c.task_id = :task
         and not exists (select 1 from task_seat mine
                          where mine.task_id = c.task_id and mine.annotator_id = :annotator)
         and exists (select 1 from task_skip k
                      where k.task_id = c.task_id and k.annotator_id = :annotator)
         for no key update of t
      """;

  private final EntityManager entityManager;
  private final Random random = new SecureRandom();

  CheckTurns(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /** Whether the project has any. */
  boolean exist(UUID projectId) {
    return (Boolean)
        entityManager
            .createNativeQuery(
                "select exists (select 1 from silent_check where project_id = :project)",
                Boolean.class)
            .setParameter("project", projectId)
            .getSingleResult();
  }

  /**
   * The seat of a check, if this turn gets one. Where no task has its turn none comes: a task that
   * came after all others would be known for what it is. One that was begun comes all the same.
   *
   * @param turn the task whose turn it is
   * @param share of the turns that get a check
   */
  Optional<Seat> inPlaceOf(
      Optional<Seat> turn, UUID projectId, UUID annotatorId, double share, Instant now) {
    if (turn.isEmpty()) {
      return begun(projectId, annotatorId, now);
    }
    if (random.nextDouble() >= share || !exist(projectId)) {
      return Optional.empty();
    }
    return begun(projectId, annotatorId, now).or(() -> any(projectId, annotatorId));
  }

  /** One whose lease ran out: nobody else takes its seat. */
  private static Optional<Seat> begun(UUID projectId, UUID annotatorId, Instant now) {
    return Seat.<Seat>find(
            "annotatorId = ?1 and checking and submittedAt is null"
                + " and leaseExpiresAt <= ?2"
                + " and taskId in (select t.id from Task t where t.projectId = ?3)"
                + " order by leasedAt",
            annotatorId,
            now,
            projectId)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }

  private Optional<Seat> any(UUID projectId, UUID annotatorId) {
    List<UUID> found =
        entityManager
            .createNativeQuery(ANY, UUID.class)
            .setParameter("project", projectId)
            .setParameter("annotator", annotatorId)
            .getResultList();
    return seatIn(found);
  }

  /** A new seat in a check that the annotator skipped, and wants after all. */
  Optional<Seat> skipped(UUID taskId, UUID annotatorId) {
    List<UUID> found =
        entityManager
            .createNativeQuery(SKIPPED, UUID.class)
            .setParameter("task", taskId)
            .setParameter("annotator", annotatorId)
            .getResultList();
    return seatIn(found);
  }

  private static Optional<Seat> seatIn(List<UUID> task) {
    return task.stream()
        .findFirst()
        .map(id -> Objects.requireNonNull(Task.<Task>findById(id)).addSeatForCheck());
  }
}
