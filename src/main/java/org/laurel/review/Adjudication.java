package org.laurel.review;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.laurel.ranking.Judgment;
import org.laurel.task.Task;

/**
 * The order that a reviewer gave a task's completions, which counts in place of people's rankings.
 * What it says never changes: another one takes its place, or it is taken back. The database lets
 * one at most of a task count.
 */
@Entity
@Table(name = "adjudication")
public class Adjudication extends PanacheEntityBase {

  /** Characters of a reason. */
  static final int REASON_LIMIT = 2000;

  @Id
  @Column(name = "id")
  public UUID id;

  @Column(name = "task_id", updatable = false)
  public UUID taskId;

  /** Of the task's, from 1 in the order in which they were given. */
  @Column(name = "version", updatable = false)
  public int version;

  @Column(name = "project_id", updatable = false)
  public UUID projectId;

  @Column(name = "prompt_id", updatable = false)
  public UUID promptId;

  /** None of the completions can be ranked: then the task says nothing. */
  @Column(name = "unrankable", updatable = false)
  public boolean unrankable;

  @Column(name = "strength", updatable = false)
  public @Nullable Short strength;

  @Column(name = "reason", updatable = false)
  public @Nullable String reason;

  /** Null: imported. */
  @Column(name = "given_by", updatable = false)
  public @Nullable UUID givenBy;

  @Column(name = "given_at", updatable = false)
  public Instant givenAt;

  @Column(name = "withdrawn_by")
  public @Nullable UUID withdrawnBy;

  /** Null while it counts. */
  @Column(name = "withdrawn_at")
  public @Nullable Instant withdrawnAt;

  protected Adjudication() {}

  /** Waits until a snapshot of the project's rankings is complete, and holds up the next one. */
  static void settleIn(UUID projectId) {
    getEntityManager()
        .createNativeQuery("select 1 from project where id = :project for no key update")
        .setParameter("project", projectId)
        .getResultList();
  }

  /** What counts for a task. */
  static Optional<Adjudication> inForce(UUID taskId) {
    return find("taskId = ?1 and withdrawnAt is null", taskId).firstResultOptional();
  }

  /** All that were given for a task, the newest first. */
  static List<Adjudication> of(UUID taskId) {
    return list("taskId = ?1 order by version desc", taskId);
  }

  /**
   * Stores one within the running transaction.
   *
   * @param task locked, without another one that counts
   */
  static Adjudication give(
      Task task, Judgment order, @Nullable String reason, UUID by, Instant now) {
    Adjudication given = new Adjudication();
    given.id = UUID.randomUUID();
    given.taskId = task.id;
    given.version = (int) count("taskId", task.id) + 1;
    given.projectId = task.projectId;
    given.promptId = task.promptId;
    given.unrankable = order.unrankable();
    Integer strength = order.strength();
    given.strength = strength == null ? null : strength.shortValue();
    given.reason = reason;
    given.givenBy = by;
    given.givenAt = now;
    given.persistAndFlush();
    int place = 1;
    for (List<UUID> tied : order.groups()) {
      getEntityManager()
          .createNativeQuery(
              "insert into adjudication_place (adjudication_id, task_id, completion_id, place)"
                  + " select :adjudication, :task, unnest(:tied), :place")
          .setParameter("adjudication", given.id)
          .setParameter("task", task.id)
          .setParameter("tied", tied.toArray(UUID[]::new))
          .setParameter("place", (short) place++)
          .executeUpdate();
    }
    return given;
  }

  /** Lets people's rankings count again, at once: another one may follow. */
  void withdraw(UUID by, Instant now) {
    withdrawnBy = by;
    withdrawnAt = now;
    flush();
  }

  /** The completions best first, as a ranking has them; none if they cannot be ranked. */
  @SuppressWarnings("unchecked")
  List<List<UUID>> groups() {
    List<Tuple> rows =
        getEntityManager()
            .createNativeQuery(
                "select place, completion_id as completion from adjudication_place"
                    + " where adjudication_id = :id order by completion_id",
                Tuple.class)
            .setParameter("id", id)
            .getResultList();
    Map<Short, List<UUID>> byPlace =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.get("place", Short.class),
                    TreeMap::new,
                    Collectors.mapping(
                        row -> row.get("completion", UUID.class), Collectors.toList())));
    return List.copyOf(byPlace.values());
  }

  /** What it says, as a ranking would. */
  Judgment judgment() {
    return Judgment.of(groups(), strength == null ? null : strength.intValue(), unrankable);
  }
}
