package org.laurel.task;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.sampling.Completion;
import org.laurel.web.Problem;

/** Completions of one prompt, to be ranked by as many people as the task has seats. */
@Entity
@Table(name = "task")
public class Task extends PanacheEntityBase {

  /** Where the completions came from: a sampling, an import, or the comparison of two policies. */
  public enum Origin {
    SAMPLING("sampling"),
    IMPORT("import"),
    EVALUATION("evaluation");

    final String column;

    Origin(String column) {
      this.column = column;
    }
  }

  /** Rankings that a task may want. */
  private static final int MOST_SEATS = 20;

  @Id
  @Column(name = "id")
  public UUID id;

  @Column(name = "project_id", updatable = false)
  public UUID projectId;

  @Column(name = "prompt_id", updatable = false)
  public UUID promptId;

  @Column(name = "sampling_id", updatable = false)
  public @Nullable UUID samplingId;

  @Column(name = "origin", updatable = false)
  public String origin;

  /** Tasks of a higher priority are handed out first. */
  @Column(name = "priority")
  public int priority;

  /** How little the votes so far say about the completions, 0 to 1; null where nobody asked. */
  @Column(name = "uncertainty", insertable = false, updatable = false)
  public @Nullable Float uncertainty;

  @Column(name = "created_at", updatable = false)
  public Instant createdAt;

  /** Set once every seat has its ranking, or by hand: no more leases. */
  @Column(name = "closed_at")
  public @Nullable Instant closedAt;

  protected Task() {}

  /**
   * Opens a task within the running transaction.
   *
   * @param completions completions of the prompt with different texts, at least two
   * @param seats how many people are to rank them
   * @return the new task's id
   * @throws IllegalArgumentException if two completions have the same text or there are fewer than
   *     two
   */
  public static UUID open(
      UUID projectId,
      UUID promptId,
      @Nullable UUID samplingId,
      Origin origin,
      int priority,
      Collection<Completion> completions,
      int seats) {
    Set<String> texts = new LinkedHashSet<>();
    for (Completion completion : completions) {
      if (!texts.add(completion.text.strip())) {
        throw new IllegalArgumentException(
            "two completions of prompt " + promptId + " have the same text");
      }
    }
    if (texts.size() < 2) {
      throw new IllegalArgumentException("a task needs two completions, prompt " + promptId);
    }
    Task task = new Task();
    task.id = UUID.randomUUID();
    task.projectId = projectId;
    task.promptId = promptId;
    task.samplingId = samplingId;
    task.origin = origin.column;
    task.priority = priority;
    task.createdAt = Instant.now();
    task.persistAndFlush();
    var entityManager = getEntityManager();
    entityManager
        .createNativeQuery(
            "insert into task_completion (task_id, completion_id) select :task, unnest(:ids)")
        .setParameter("task", task.id)
        .setParameter("ids", completions.stream().map(c -> c.id).toArray(UUID[]::new))
        .executeUpdate();
    entityManager
        .createNativeQuery(
            "insert into task_seat (task_id, seat) select :task, generate_series(1, :seats)")
        .setParameter("task", task.id)
        .setParameter("seats", seats)
        .executeUpdate();
    return task.id;
  }

  /**
   * The task, its row locked until the transaction ends, so that the last two submissions of a task
   * see each other.
   */
  public static Optional<Task> locked(UUID id) {
    return find("id", id).withLock(LockModeType.PESSIMISTIC_WRITE).firstResultOptional();
  }

  /** Closes what a sampling has opened. */
  public static void closeOf(UUID samplingId) {
    update("closedAt = ?1 where samplingId = ?2 and closedAt is null", Instant.now(), samplingId);
  }

  /** The ids of its completions. */
  @SuppressWarnings("unchecked")
  public List<UUID> completionIds() {
    return getEntityManager()
        .createNativeQuery(
            "select completion_id from task_completion where task_id = :task", UUID.class)
        .setParameter("task", id)
        .getResultList();
  }

  /**
   * Wants one more ranking, by somebody who has not ranked the task.
   *
   * @return the number of the seat
   * @throws Problem 409 if as many have ranked it as may, or it was closed before they had
   */
  public short askAnother() {
    List<Seat> seats = seats();
    if (isClosedEarly(seats)) {
      throw Problem.conflict("Task " + id + " is closed: nobody is asked about it any more.");
    }
    if (seats.size() >= MOST_SEATS) {
      throw Problem.conflict("%d people were asked about task %s.".formatted(MOST_SEATS, id));
    }
    closedAt = null;
    return addSeat(false).seat;
  }

  /**
   * One more seat for somebody who is checked by the task, beyond those that it wants. Nobody else
   * adds one meanwhile if the task is locked.
   */
  Seat addSeatForCheck() {
    return addSeat(true);
  }

  private Seat addSeat(boolean checking) {
    Short last =
        getEntityManager()
            .createQuery("select max(s.seat) from Seat s where s.taskId = :task", Short.class)
            .setParameter("task", id)
            .getSingleResult();
    Seat added = new Seat();
    added.taskId = id;
    added.seat = (short) (last == null ? 1 : last + 1);
    added.checking = checking;
    added.persist();
    return added;
  }

  /** Whether {@link #askAnother} would. */
  public boolean mayAskAnother() {
    List<Seat> seats = seats();
    return !isClosedEarly(seats) && seats.size() < MOST_SEATS;
  }

  /** Those that it wants. */
  private List<Seat> seats() {
    return Seat.list("taskId = ?1 and not checking order by seat", id);
  }

  private boolean isClosedEarly(List<Seat> seats) {
    return closedAt != null && seats.stream().anyMatch(seat -> seat.submittedAt == null);
  }

  /** Offers it to somebody again who has skipped it. */
  public void forgetSkip(UUID annotatorId) {
    getEntityManager()
        .createNativeQuery("delete from task_skip where task_id = :task and annotator_id = :one")
        .setParameter("task", id)
        .setParameter("one", annotatorId)
        .executeUpdate();
  }

  /** Takes back what {@link #askAnother} wanted, unless somebody has begun by now. */
  public void askNoMore(short seat, Instant now) {
    if (Seat.delete("taskId = ?1 and seat = ?2 and annotatorId is null", id, seat) > 0) {
      closeIfFull(now);
    }
  }

  /** Closes the task if every seat has its ranking. */
  public void closeIfFull(Instant now) {
    if (closedAt == null
        && Seat.count("taskId = ?1 and submittedAt is null and not checking", id) == 0) {
      closedAt = now;
    }
  }
}
