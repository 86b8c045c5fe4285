package org.laurel.review;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.project.Access;
import org.laurel.ranking.Judgment;
import org.laurel.ranking.Ranking;
import org.laurel.ranking.Submission;
import org.laurel.task.Task;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** Settles what people differ about. Everything can be changed and taken back, and is audited. */
@ApplicationScoped
class Adjudications {
  private final Access access;
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  Adjudications(Access access, CurrentAccount account, Audit audit) {
    this.access = access;
    this.account = account;
    this.audit = audit;
  }

  /**
   * What counts for a task.
   *
   * @throws Problem 404 if people's rankings do
   */
  @Transactional
  StoredAdjudication get(UUID taskId) {
    Task task =
        Task.<Task>findByIdOptional(taskId).orElseThrow(() -> Problem.notFound("task", taskId));
    access.read(task.projectId);
    return Adjudication.inForce(taskId)
        .map(StoredAdjudication::of)
        .orElseThrow(() -> notSettled(taskId));
  }

  /**
   * Gives the order that counts from now on. The same again changes nothing. A silent check that
   * the order says nothing for is none any more.
   *
   * @param version of the adjudication that the reviewer has seen in force, 0 if none was; null if
   *     it does not matter
   * @throws Problem 404 without such a task; 409 if another adjudication is in force by now, nobody
   *     has ranked the task, or the project is archived; 422 naming everything wrong with the order
   */
  @Transactional
  StoredAdjudication give(
      UUID taskId, Submission order, @Nullable String reason, @Nullable Integer version) {
    Task task = locked(taskId);
    Optional<Adjudication> before = seen(taskId, version);
    Judgment judgment = order.check(task.completionIds(), 0);
    if (Ranking.count("taskId", taskId) == 0) {
      throw Problem.conflict("Nobody has ranked task " + taskId + ": there is nothing to settle.");
    }
    if (before.filter(same -> saysTheSame(same, judgment, reason)).isPresent()) {
      return StoredAdjudication.of(before.get());
    }
    Instant now = now();
    before.ifPresent(replaced -> replaced.withdraw(account.id(), now));
    Adjudication given = Adjudication.give(task, judgment, reason, account.id(), now);
    record("task.adjudicated", given, reason);
    if (!SilentChecks.tellsApart(judgment)) {
      liftCheck(taskId);
    }
    return StoredAdjudication.of(given);
  }

  /**
   * Lets people's rankings count again. Without a right order the task is no silent check.
   *
   * @param version as in {@link #give}
   * @throws Problem 404 without such a task, or if its rankings count already; 409 if another
   *     adjudication is in force by now, or the project is archived
   */
  @Transactional
  void withdraw(UUID taskId, @Nullable Integer version) {
    locked(taskId);
    Adjudication given = seen(taskId, version).orElseThrow(() -> notSettled(taskId));
    given.withdraw(account.id(), now());
    record("task.adjudication-withdrawn", given, null);
    liftCheck(taskId);
  }

  private void liftCheck(UUID taskId) {
    if (SilentCheck.lift(taskId)) {
      audit.record("task.check-lifted", "task", taskId, Map.of());
    }
  }

  private Task locked(UUID id) {
    Task task = Task.locked(id).orElseThrow(() -> Problem.notFound("task", id));
    access.write(task.projectId);
    Adjudication.settleIn(task.projectId);
    return task;
  }

  private static Optional<Adjudication> seen(UUID taskId, @Nullable Integer version) {
    Optional<Adjudication> inForce = Adjudication.inForce(taskId);
    if (version != null && version != (int) inForce.map(found -> found.version).orElse(0)) {
      throw Problem.conflict(
          "Somebody else has settled task %s meanwhile, or taken that back. Look at it again."
              .formatted(taskId));
    }
    return inForce;
  }

  private static boolean saysTheSame(
      Adjudication given, Judgment judgment, @Nullable String reason) {
    return given.judgment().saysTheSameAs(judgment) && Objects.equals(given.reason, reason);
  }

  private void record(String action, Adjudication given, @Nullable String reason) {
    Map<String, Object> detail = new HashMap<>();
    detail.put("adjudicationId", given.id);
    detail.put("version", given.version);
    if (reason != null) {
      detail.put("reason", reason);
    }
    audit.record(action, "task", given.taskId, detail);
  }

  private static Problem notSettled(UUID taskId) {
    return new Problem(404, "Not found", "Nobody has settled task " + taskId + ".");
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }
}
