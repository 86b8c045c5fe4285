package org.laurel.review;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.laurel.account.Account;
import org.laurel.account.CurrentAccount;
import org.laurel.project.Access;
import org.laurel.ranking.Judgment;
import org.laurel.ranking.Ranking;
import org.laurel.task.Task;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** Marks tasks as silent checks, and lets in again who failed them. Everything is audited. */
@ApplicationScoped
class SilentChecks {
  private final EntityManager database;
  private final Access access;
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  SilentChecks(EntityManager database, Access access, CurrentAccount account, Audit audit) {
    this.database = database;
    this.access = access;
    this.account = account;
    this.audit = audit;
  }

  /**
   * Makes a settled task a check. Where all who ranked a task agree and nobody has settled it,
   * their order settles it first. A check that is one already stays as it is.
   *
   * @throws Problem 404 without such a task; 409 if there is no right order, it tells no two
   *     answers apart, or the project is archived
   */
  @Transactional
  SilentCheck mark(UUID taskId) {
    Task task = Task.locked(taskId).orElseThrow(() -> Problem.notFound("task", taskId));
    access.write(task.projectId);
    Optional<SilentCheck> already = SilentCheck.of(taskId);
    if (already.isPresent()) {
      return already.get();
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    boolean settled = Adjudication.inForce(taskId).isPresent();
    Judgment order = rightOrder(database, taskId).orElseThrow(() -> unknown(taskId));
    if (!tellsApart(order)) {
      throw Problem.conflict(
          "The order of task %s tells no two answers apart: nobody could fail it."
              .formatted(taskId));
    }
    if (!settled) {
      Adjudication.settleIn(task.projectId);
      Adjudication given = Adjudication.give(task, order, null, account.id(), now);
      audit.record(
          "task.adjudicated",
          "task",
          taskId,
          Map.of("adjudicationId", given.id, "version", given.version));
    }
    SilentCheck check = SilentCheck.mark(task, account.id(), now);
    audit.record("task.check-marked", "task", taskId, Map.of());
    return check;
  }

  /**
   * Lets a check be an ordinary task again; that what it was before stays settled.
   *
   * @throws Problem 404 without such a check; 409 if the project is archived
   */
  @Transactional
  void lift(UUID taskId) {
    Task task = Task.locked(taskId).orElseThrow(() -> Problem.notFound("task", taskId));
    access.write(task.projectId);
    if (!SilentCheck.lift(taskId)) {
      throw new Problem(404, "Not found", "Task " + taskId + " is no check.");
    }
    audit.record("task.check-lifted", "task", taskId, Map.of());
  }

  /** Whether a check with this order could be failed. */
  static boolean tellsApart(Judgment order) {
    return order.groups().size() > 1;
  }

  /** As a reviewer gave it, or else as all have it who ranked the task, if they agree. */
  static Optional<Judgment> rightOrder(EntityManager database, UUID taskId) {
    Optional<Adjudication> settled = Adjudication.inForce(taskId);
    if (settled.isPresent()) {
      return settled.map(Adjudication::judgment);
    }
    boolean agreed =
        (Boolean)
            database
                .createNativeQuery(
                    "select exists (select 1 from ranked_task where task_id = :task"
                        + " and resolution = 'unanimous')",
                    Boolean.class)
                .setParameter("task", taskId)
                .getSingleResult();
    if (!agreed) {
      return Optional.empty();
    }
    return Ranking.<Ranking>find("taskId = ?1 and withheld is null order by seat", taskId)
        .firstResultOptional()
        .map(any -> any.inForce().judgment())
        .map(said -> Judgment.of(said.groups(), null, said.unrankable()));
  }

  private static Problem unknown(UUID taskId) {
    return Problem.conflict(
        "Nobody has settled task %s, nor do two or more people agree on it: give the order that"
                .formatted(taskId)
            + " counts first.");
  }

  /**
   * Lets an annotator go on who failed checks; what was failed before counts no more.
   *
   * @throws Problem 404 without such a project or account; 409 if the project is archived
   */
  @Transactional
  Account letIn(UUID projectId, UUID annotatorId) {
    access.write(projectId);
    Account annotator =
        Account.<Account>findByIdOptional(annotatorId)
            .orElseThrow(() -> Problem.notFound("account", annotatorId));
    database
        .createNativeQuery(
            "insert into check_readmission (project_id, account_id, by_account, at)"
                + " values (:project, :account, :by, :at) on conflict (project_id, account_id)"
                + " do update set by_account = excluded.by_account, at = excluded.at")
        .setParameter("project", projectId)
        .setParameter("account", annotatorId)
        .setParameter("by", account.id())
        .setParameter("at", Instant.now().truncatedTo(ChronoUnit.MICROS))
        .executeUpdate();
    audit.record(
        "project.checks-forgiven",
        "project",
        projectId,
        Map.of("account", annotatorId, "email", annotator.email));
    return annotator;
  }
}
