package org.laurel.ranking;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.laurel.task.Annotating;
import org.laurel.task.Leases;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** Gives tasks back, ranked ones too where the ranking was sent back. */
@ApplicationScoped
class Skips {
  private final Leases leases;
  private final Annotating annotating;
  private final Audit audit;

  Skips(Leases leases, Annotating annotating, Audit audit) {
    this.leases = leases;
    this.annotating = annotating;
    this.audit = audit;
  }

  /**
   * Gives a task back, never to be offered to this annotator again. A ranking that was sent back to
   * them is set aside for good, as if they had not ranked the task.
   *
   * @throws Problem 409 if the annotator holds no seat of it, or has ranked it and the ranking was
   *     not sent back
   */
  @Transactional
  void skip(UUID taskId, UUID annotatorId, String reason) {
    Optional<Ranking> returned =
        Ranking.returned(taskId, annotatorId).map(Ranking::locked).filter(Ranking::isReturned);
    if (returned.isEmpty()) {
      leases.skip(taskId, annotatorId, reason);
      return;
    }
    Ranking ranking = returned.get();
    annotating.requireMember(ranking.projectId, annotatorId);
    ranking.giveUp(reason, Instant.now().truncatedTo(ChronoUnit.MICROS));
    leases.giveUp(taskId, annotatorId, reason);
    audit.record(
        "ranking.skipped", "ranking", ranking.id, Map.of("taskId", taskId, "reason", reason));
  }
}
