package org.laurel.round;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.laurel.dataset.VotesOf;
import org.laurel.run.Run;
import org.laurel.run.RunStatus;
import org.laurel.web.Problem;

/**
 * One turn of the loop in a project: a few trainings one after another, each on what the one before
 * it made.
 *
 * <pre>
 *   QUEUED -> RUNNING -> FINISHED
 *      |         |-----> FAILED ----.
 *      '---------'-----> CANCELLED --'--> RUNNING (resumed)
 * </pre>
 */
@Entity
public class Round extends PanacheEntityBase {
  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column(name = "project_id", nullable = false)
  public UUID projectId;

  /** From 1 in each project. */
  public int number;

  public long seed;

  @Column(nullable = false)
  @JdbcTypeCode(SqlTypes.JSON)
  public RoundPlan configuration;

  @Column(nullable = false)
  public RunStatus status = RunStatus.QUEUED;

  public @Nullable String error;

  @Column(name = "created_by")
  public @Nullable UUID createdBy;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt = Instant.now();

  @Column(name = "started_at")
  public @Nullable Instant startedAt;

  @Column(name = "finished_at")
  public @Nullable Instant finishedAt;

  /**
   * The round of that id.
   *
   * @throws Problem 404
   */
  public static Round get(UUID id) {
    return Round.<Round>findByIdOptional(id).orElseThrow(() -> Problem.notFound("round", id));
  }

  /**
   * The round of that id for a change: nobody else changes it until the transaction ends, and what
   * others changed before is seen. Everybody locks a round before its runs, and those in the order
   * of the steps; who locked a run never asks for a round. So nobody waits in a circle.
   *
   * @throws Problem 404
   */
  static Round locked(UUID id) {
    return Round.<Round>findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE)
        .orElseThrow(() -> Problem.notFound("round", id));
  }

  /** The ids of those in which something may happen of itself. */
  static List<UUID> alive() {
    return Round.<Round>list(
            "status in ?1 order by createdAt", List.of(RunStatus.QUEUED, RunStatus.RUNNING))
        .stream()
        .map(round -> round.id)
        .toList();
  }

  /** Newest first, at most {@code limit}, older than {@code after} where given. */
  static List<Round> ofProject(UUID project, @Nullable UUID after, int limit) {
    return Round.<Round>find(
            "projectId = ?1 and id < ?2 order by id desc",
            project,
            after == null ? new UUID(-1, -1) : after)
        .page(0, limit)
        .list();
  }

  static int nextNumber(UUID project) {
    return Round.<Round>find("projectId = ?1 order by number desc", project)
        .firstResultOptional()
        .map(last -> last.number + 1)
        .orElse(1);
  }

  /** Its trainings so far, in the order of the steps. */
  public List<Run> runs() {
    return Run.ofRound(id);
  }

  /** Ends it, {@link #locked}: what runs is asked to stop, and no further step begins. */
  void cancel() {
    if (status.ended()) {
      throw Problem.conflict("the round has ended already: it is " + status.key());
    }
    Run.lockedOfRound(id).forEach(Run::cancel);
    end(RunStatus.CANCELLED, null);
  }

  /** Goes on, {@link #locked}, where it was cancelled or failed, from the last checkpoint. */
  void resume() {
    if (status != RunStatus.FAILED && status != RunStatus.CANCELLED) {
      throw Problem.conflict(
          "only a round that failed or was cancelled can be resumed; this one is " + status.key());
    }
    List<Run> runs = Run.lockedOfRound(id);
    Optional<Run> last = runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1));
    if (last.isPresent() && last.get().status == RunStatus.RUNNING) {
      throw Problem.conflict("the training is still saving its state; try again in a minute");
    }
    last.filter(run -> run.status.ended() && run.status != RunStatus.FINISHED)
        .ifPresent(Run::resume);
    status = RunStatus.RUNNING;
    error = null;
    finishedAt = null;
  }

  void begin() {
    if (status == RunStatus.QUEUED) {
      status = RunStatus.RUNNING;
      startedAt = Instant.now();
    }
  }

  void end(RunStatus how, @Nullable String why) {
    status = how;
    error = why;
    finishedAt = Instant.now();
  }

  /**
   * What a round was asked to do.
   *
   * @param steps keys of {@link StepKind}: each at most once, in the order in which they run
   * @param hyperparameters by step, only what differs from the trainer's defaults
   * @param policy the version that it starts from
   * @param rewardModel the one that a step optimises against where no step makes one
   * @param memory bytes that the steps were expected to take; null in rounds of older versions
   * @param votes key of {@link VotesOf}; null in rounds of older versions, which learned from
   *     people's
   */
  public record RoundPlan(
      List<String> steps,
      Map<String, Map<String, Object>> hyperparameters,
      UUID policy,
      @Nullable UUID rewardModel,
      @Nullable Map<String, Long> memory,
      @Nullable String votes) {

    VotesOf votesOf() {
      return votes == null ? VotesOf.PEOPLE : VotesOf.of(votes).orElseThrow();
    }

    /** Bytes that a step was expected to take, if that was foretold. */
    @Nullable Long memoryOf(String step) {
      return memory == null ? null : memory.get(step);
    }
  }
}
