package org.laurel.task;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.web.Precondition;
import org.laurel.web.Problem;

/**
 * Hands out seats. That nobody sits twice in a task and no task has more rankings than seats is
 * kept by the keys of {@code task_seat}; the locks here only spare people the conflict.
 */
@ApplicationScoped
public class Leases {

  /** What an annotator may hold at once: the task in hand and the one preloaded after it. */
  static final int AT_ONCE = 2;

  /**
   * Share of the tasks that are handed out in their turn where uncertain ones come first; those
   * that nobody said were uncertain, as long as there are any.
   */
  public static final double SHARE_IN_TURN = 0.25;

  /**
   * Free seats, or seats whose lease ran out, of tasks that this annotator has neither ranked,
   * skipped nor another seat in. Seats that somebody else is just taking are passed over.
   */
  private static final String FREE_SEATS =
      """
      select s.* from task t join task_seat s on s.task_id = t.id
       where t.project_id = :project and t.closed_at is null
         and s.submitted_at is null and not s.checking
         and (s.annotator_id is null or s.lease_expires_at <= :now)
         and not exists (select 1 from task_seat mine
                          where mine.task_id = t.id and mine.annotator_id = :annotator
                            and mine.seat <> s.seat)
         and not exists (select 1 from task_skip k
                          where k.task_id = t.id and k.annotator_id = :annotator)
      """;

  private static final String ONE_SEAT =
      """
                s.annotator_id is distinct from :annotator, s.annotator_id is not null, s.seat
       limit 1 for update of s skip locked
      """;

  /** The orders of three indexes. */
  private static final String NEXT =
      FREE_SEATS + " order by t.priority desc, t.created_at, t.id," + ONE_SEAT;

  private static final String NEXT_UNJUDGED =
      FREE_SEATS
          + " order by t.priority desc, t.uncertainty is not null, t.created_at, t.id,"
          + ONE_SEAT;

  private static final String MOST_UNCERTAIN =
      FREE_SEATS
          + " order by t.priority desc, t.uncertainty desc nulls last, t.created_at, t.id,"
          + ONE_SEAT;

  private static final String FREE_SEAT_OF_TASK =
      """
      select s.* from task_seat s join task t on t.id = s.task_id
       where t.id = :task and t.closed_at is null
         and s.submitted_at is null and not s.checking
         and (s.annotator_id is null or s.lease_expires_at <= :now)
         and not exists (select 1 from task_seat mine
                          where mine.task_id = t.id and mine.annotator_id = :annotator)
       order by s.annotator_id is not null, s.seat
       limit 1 for update of s skip locked
      """;

  /** Waits for what another window is just saving of them. */
  private static final String HELD =
      """
      select s.* from task_seat s join task t on t.id = s.task_id
       where t.project_id = :project and (t.closed_at is null or s.checking)
         and s.annotator_id = :annotator and s.submitted_at is null and s.lease_expires_at > :now
       order by s.leased_at, s.task_id
       for update of s
      """;

  private static final UUID NO_TASK = new UUID(0, 0);

  /** Seats whose rankings were sent back to this annotator, the first of them first. */
  private static final String RETURNED =
      """
      select s.* from ranking r join task_seat s on s.task_id = r.task_id and s.seat = r.seat
       where r.project_id = :project and r.annotator_id = :annotator and r.withheld = 'returned'
         and r.task_id <> :beside
       order by r.withheld_at, r.task_id limit 1
      """;

  private final EntityManager entityManager;
  private final Annotating annotating;
  private final CheckTurns checks;
  private final Standings standings;

  Leases(
      EntityManager entityManager, Annotating annotating, CheckTurns checks, Standings standings) {
    this.entityManager = entityManager;
    this.annotating = annotating;
    this.checks = checks;
    this.standings = standings;
  }

  /**
   * The annotator's next task in a project: one that was sent back, whose seat they have for good
   * and which needs no lease for; else the one they already hold, otherwise the one whose turn it
   * is, or where the project wants that, mostly the one that the votes so far say least about.
   *
   * <p>Where the project has silent checks, one of them may come in place of the task whose turn it
   * is. Nothing that the annotator can see says so.
   *
   * @param beside a task the annotator works on; then the task to do after it, so that it can be
   *     loaded beforehand
   * @return empty if nothing is left for this annotator
   * @throws Problem 403 if the annotator has failed too many checks to be given another task
   */
  @Transactional
  public Optional<Seat> next(UUID projectId, UUID annotatorId, @Nullable UUID beside) {
    oneRequestAtATime(annotatorId);
    AnnotationForm form = annotating.requireMember(projectId, annotatorId);
    Duration lease = form.lease();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    Optional<Seat> returned = returned(projectId, annotatorId, beside);
    if (returned.isPresent()) {
      return returned;
    }
    List<Seat> held =
        seats(HELD, now, annotatorId).setParameter("project", projectId).getResultList();
    Optional<Seat> other = held.stream().filter(s -> !s.taskId.equals(beside)).findFirst();
    if (other.isPresent()) {
      other.get().renew(now, lease);
      return other;
    }
    if (held.size() >= AT_ONCE) {
      return Optional.empty();
    }
    standings.requireLetIn(projectId, annotatorId, form);
    String order = order(form);
    Optional<Seat> turn =
        seats(order, now, annotatorId)
            .setParameter("project", projectId)
            .getResultStream()
            .findFirst();
    return checks
        .inPlaceOf(turn, projectId, annotatorId, form.checkShare(), now)
        .map(check -> taken(check, annotatorId, false, now, lease))
        .or(
            () ->
                turn.map(
                    seat -> taken(seat, annotatorId, order.equals(MOST_UNCERTAIN), now, lease)));
  }

  @SuppressWarnings("unchecked")
  private Optional<Seat> returned(UUID projectId, UUID annotatorId, @Nullable UUID beside) {
    return ((TypedQuery<Seat>) entityManager.createNativeQuery(RETURNED, Seat.class))
        .setParameter("project", projectId)
        .setParameter("annotator", annotatorId)
        .setParameter("beside", beside == null ? NO_TASK : beside)
        .getResultStream()
        .findFirst();
  }

  private static String order(AnnotationForm form) {
    if (!form.uncertainFirst()) {
      return NEXT;
    }
    boolean inTurn = ThreadLocalRandom.current().nextDouble() < SHARE_IN_TURN;
    return inTurn ? NEXT_UNJUDGED : MOST_UNCERTAIN;
  }

  /**
   * Leases one task: renews the annotator's lease, takes it up again after it ran out, or takes
   * back a task that they skipped.
   *
   * @throws Problem 409 if every seat is taken or the annotator has ranked the task; 403 if the
   *     annotator is to be given no more tasks
   */
  @Transactional
  public Seat of(UUID taskId, UUID annotatorId) {
    Task task = task(taskId);
    oneRequestAtATime(annotatorId);
    AnnotationForm form = annotating.requireMember(task.projectId, annotatorId);
    Duration lease = form.lease();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    Optional<Seat> own = ownSeat(taskId, annotatorId);
    if (own.isEmpty()) {
      standings.requireLetIn(task.projectId, annotatorId, form);
    }
    Seat seat =
        own.filter(mine -> mine.submittedAt == null && (task.closedAt == null || mine.checking))
            .or(
                () ->
                    seats(FREE_SEAT_OF_TASK, now, annotatorId)
                        .setParameter("task", taskId)
                        .getResultStream()
                        .findFirst())
            .or(() -> checks.skipped(taskId, annotatorId))
            .orElseThrow(
                () ->
                    Problem.conflict(
                        "No seat of task "
                            + taskId
                            + " is free: others have it, or it is ranked or closed. Ask for another"
                            + " task with POST /api/projects/"
                            + task.projectId
                            + "/tasks/lease."));
    task.forgetSkip(annotatorId);
    return taken(seat, annotatorId, false, now, lease);
  }

  /**
   * The seat that the annotator holds or held last in a task, for as long as they work in its
   * project.
   *
   * @throws Problem 404 if there is none: a task in which they never sat does not exist for them
   */
  @Transactional
  public Seat held(UUID taskId, UUID annotatorId) {
    annotating.requireMember(task(taskId).projectId, annotatorId);
    return Seat.of(taskId, annotatorId).orElseThrow(() -> Problem.notFound("task", taskId));
  }

  /**
   * Gives a task back, never to be offered to this annotator again unless they ask for it. Skipping
   * twice is skipping once.
   *
   * @throws Problem 409 if the annotator holds no seat of it or has ranked it
   */
  @Transactional
  public void skip(UUID taskId, UUID annotatorId, String reason) {
    Optional<Seat> seat = ownSeat(taskId, annotatorId);
    annotating.requireMember(task(taskId).projectId, annotatorId);
    boolean gone = seat.isEmpty() || seat.get().submittedAt != null;
    if (gone && hasSkipped(taskId, annotatorId)) {
      return;
    }
    Seat mine = seat.orElseThrow(() -> notHeld(taskId));
    if (mine.submittedAt != null) {
      throw Problem.conflict("Task " + taskId + " is ranked already and cannot be skipped.");
    }
    mine.leave();
    remember(taskId, annotatorId, reason);
  }

  /**
   * Skips a task that is ranked, within the running transaction: the seat stays the annotator's,
   * with nothing unsent in it, and the task is not theirs any more.
   */
  public void giveUp(UUID taskId, UUID annotatorId, String reason) {
    ownSeat(taskId, annotatorId).orElseThrow(() -> notHeld(taskId)).forgetDraft();
    remember(taskId, annotatorId, reason);
  }

  private void remember(UUID taskId, UUID annotatorId, String reason) {
    entityManager
        .createNativeQuery(
            "insert into task_skip (task_id, annotator_id, reason) values (:task, :me, :reason)"
                + " on conflict (task_id, annotator_id) do update set reason = excluded.reason")
        .setParameter("task", taskId)
        .setParameter("me", annotatorId)
        .setParameter("reason", reason)
        .executeUpdate();
  }

  /**
   * Keeps unsent work with the seat and renews the lease, also one that ran out while nobody else
   * took the seat.
   *
   * @throws Problem 409 if the seat is no longer this annotator's, 412 if what is kept there is not
   *     what the work began from
   */
  @Transactional
  public Seat draft(UUID taskId, UUID annotatorId, JsonNode work, Precondition begun) {
    Task task = task(taskId);
    Optional<Seat> own = ownSeat(taskId, annotatorId);
    Duration lease = annotating.requireMember(task.projectId, annotatorId).lease();
    Seat seat = own.orElseThrow(() -> notHeld(taskId));
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    begun.require(seat.draft == null ? null : seat.draftSavedAt);
    seat.keep(work, now);
    if (seat.submittedAt == null) {
      if (task.closedAt != null && !seat.checking) {
        throw Problem.conflict("Task " + taskId + " is closed.");
      }
      seat.renew(now, lease);
    }
    return seat;
  }

  private static Seat taken(
      Seat seat, UUID annotatorId, boolean forUncertainty, Instant now, Duration lease) {
    Task task = task(seat.taskId);
    Float uncertainty = forUncertainty ? task.uncertainty : null;
    seat.take(annotatorId, task.completionIds(), uncertainty, now, lease);
    return seat;
  }

  private static Task task(UUID id) {
    return Task.<Task>findByIdOptional(id).orElseThrow(() -> Problem.notFound("task", id));
  }

  private Optional<Seat> ownSeat(UUID taskId, UUID annotatorId) {
    return Seat.<Seat>find("taskId = ?1 and annotatorId = ?2", taskId, annotatorId)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }

  private boolean hasSkipped(UUID taskId, UUID annotatorId) {
    return !entityManager
        .createNativeQuery("select 1 from task_skip where task_id = :task and annotator_id = :me")
        .setParameter("task", taskId)
        .setParameter("me", annotatorId)
        .getResultList()
        .isEmpty();
  }

  /**
   * Two windows of one annotator ask one after the other, so that neither sees half a lease; so
   * does whoever takes them out of a project, so that no lease comes after that.
   */
  private static void oneRequestAtATime(UUID annotatorId) {
    Account.lock(annotatorId);
  }

  @SuppressWarnings("unchecked")
  private TypedQuery<Seat> seats(String sql, Instant now, UUID annotatorId) {
    return (TypedQuery<Seat>)
        entityManager
            .createNativeQuery(sql, Seat.class)
            .setParameter("now", now)
            .setParameter("annotator", annotatorId);
  }

  /** 409, saying how to get a lease. */
  public static Problem notHeld(UUID taskId) {
    return Problem.conflict(
        "Task "
            + taskId
            + " is not leased to you: your lease ran out and the seat went to somebody else, or you"
            + " never held one. Lease it again with POST /api/tasks/"
            + taskId
            + "/lease while a seat is free.");
  }

  /** 409, saying how to take the lease up again. */
  public static Problem expired(Seat seat) {
    return Problem.conflict(
        "Your lease of task "
            + seat.taskId
            + " ran out at "
            + seat.leaseExpiresAt
            + ". Take it up again with POST /api/tasks/"
            + seat.taskId
            + "/lease and send the ranking once more.");
  }
}
