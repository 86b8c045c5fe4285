package org.laurel.ranking;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.project.GuidelinesVersion;
import org.laurel.task.Annotating;
import org.laurel.task.AnnotationForm;
import org.laurel.task.Leases;
import org.laurel.task.Seat;
import org.laurel.task.Task;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** Takes in rankings: one transaction for the verdict, its version, its places and the audit. */
@ApplicationScoped
public class Rankings {

  private final EntityManager entityManager;
  private final Annotating annotating;
  private final Audit audit;

  Rankings(EntityManager entityManager, Annotating annotating, Audit audit) {
    this.entityManager = entityManager;
    this.annotating = annotating;
    this.audit = audit;
  }

  /**
   * Stores an annotator's ranking. The same ranking again changes nothing, a different one by the
   * same annotator becomes a new version. Either answers a ranking that was sent back, which then
   * counts again.
   *
   * @throws Problem 404 without such a task in a project in which they work, 409 if the annotator's
   *     lease ran out or was never theirs, or the ranking was sent back after this was composed;
   *     422 naming everything wrong with the ranking
   */
  @Transactional
  public StoredRanking submit(UUID taskId, UUID annotatorId, Submission submission) {
    Task task = Task.locked(taskId).orElseThrow(() -> Problem.notFound("task", taskId));
    Optional<Seat> own =
        Seat.<Seat>find("taskId = ?1 and annotatorId = ?2", taskId, annotatorId)
            .withLock(LockModeType.PESSIMISTIC_WRITE)
            .firstResultOptional();
    AnnotationForm form = annotating.requireMember(task.projectId, annotatorId);
    Seat seat = own.orElseThrow(() -> Leases.notHeld(taskId));
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    if (seat.submittedAt == null && !seat.isLeased(now)) {
      throw Leases.expired(seat);
    }
    Judgment judgment = submission.check(seat.displayed(), form.rationaleMinimum());
    Optional<Ranking> existing = Ranking.of(taskId, annotatorId);
    if (existing.isPresent()) {
      Ranking ranking = existing.get();
      requireToKnowOfReturn(ranking, submission);
      if (!ranking.inForce().judgment().saysTheSameAs(judgment)) {
        ranking.version++;
        write(ranking, judgment, seat, now);
        audit.record("ranking.changed", "ranking", ranking.id, said(ranking));
      }
      if (ranking.isReturned()) {
        ranking.bringBack(now);
        audit.record("ranking.answered", "ranking", ranking.id, said(ranking));
      }
      seat.submit(now);
      return StoredRanking.of(ranking, ranking.inForce());
    }
    Ranking ranking = store(task, seat, annotatorId, judgment, now);
    audit.record("ranking.submitted", "ranking", ranking.id, said(ranking));
    return StoredRanking.of(ranking, ranking.inForce());
  }

  /** What waited on a device since before the ranking was sent back has not seen the note. */
  private static void requireToKnowOfReturn(Ranking ranking, Submission submission) {
    Integer returns = submission.returns();
    if (ranking.isReturned() && returns != null && returns < ranking.returns) {
      throw Problem.conflict(
          "Your ranking of task "
              + ranking.taskId
              + " was sent back with a note meanwhile. Read it with GET /api/tasks/"
              + ranking.taskId
              + ", then send the ranking again.");
    }
  }

  /**
   * Stores a first ranking in a seat within the running transaction, without asking for a lease:
   * how an import comes in.
   *
   * @param annotatorId null for an import
   */
  public Ranking store(
      Task task, Seat seat, @Nullable UUID annotatorId, Judgment judgment, Instant now) {
    Ranking ranking = new Ranking();
    ranking.id = UUID.randomUUID();
    ranking.taskId = task.id;
    ranking.seat = seat.seat;
    ranking.projectId = task.projectId;
    ranking.promptId = task.promptId;
    ranking.annotatorId = annotatorId;
    ranking.version = 1;
    ranking.guidelinesVersion = GuidelinesVersion.numberInForce(task.projectId);
    ranking.submittedAt = now;
    write(ranking, judgment, seat, now);
    seat.submit(now);
    task.closeIfFull(now);
    return ranking;
  }

  private void write(Ranking ranking, Judgment judgment, Seat seat, Instant now) {
    ranking.unrankable = judgment.unrankable();
    ranking.updatedAt = now;
    ranking.persist();
    List<UUID> displayed =
        seat.displayed().isEmpty()
            ? judgment.groups().stream().flatMap(List::stream).toList()
            : seat.displayed();
    RankingVersion.of(ranking, judgment, displayed, ranking.annotatorId).persistAndFlush();
    entityManager
        .createNativeQuery("delete from ranking_place where ranking_id = :ranking")
        .setParameter("ranking", ranking.id)
        .executeUpdate();
    int place = 1;
    for (List<UUID> group : judgment.groups()) {
      entityManager
          .createNativeQuery(
              "insert into ranking_place (ranking_id, task_id, completion_id, place)"
                  + " select :ranking, :task, unnest(:group), :place")
          .setParameter("ranking", ranking.id)
          .setParameter("task", ranking.taskId)
          .setParameter("group", group.toArray(UUID[]::new))
          .setParameter("place", (short) place++)
          .executeUpdate();
    }
  }

  private static Map<String, Object> said(Ranking ranking) {
    return Map.of("taskId", ranking.taskId, "version", ranking.version);
  }
}
