package org.laurel.review;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.task.Task;

/**
 * The mark on a task whose right order is known: it is handed to annotators among the others, who
 * are judged by it. The database keeps a task from being one without such an order.
 */
@Entity
@Table(name = "silent_check")
public class SilentCheck extends PanacheEntityBase {

  @Id
  @Column(name = "task_id")
  public UUID taskId;

  @Column(name = "project_id", updatable = false)
  public UUID projectId;

  /** Null: imported. */
  @Column(name = "marked_by", updatable = false)
  public @Nullable UUID markedBy;

  /** Rankings that were first sent after that are judged. */
  @Column(name = "marked_at", updatable = false)
  public Instant markedAt;

  protected SilentCheck() {}

  static Optional<SilentCheck> of(UUID taskId) {
    return findByIdOptional(taskId);
  }

  /**
   * Marks a task.
   *
   * @param task locked, and none yet
   */
  static SilentCheck mark(Task task, UUID by, Instant now) {
    SilentCheck check = new SilentCheck();
    check.taskId = task.id;
    check.projectId = task.projectId;
    check.markedBy = by;
    check.markedAt = now;
    check.persist();
    return check;
  }

  /** Lets a task be an ordinary one again, if it was marked. */
  static boolean lift(UUID taskId) {
    return deleteById(taskId);
  }
}
