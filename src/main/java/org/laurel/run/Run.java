package org.laurel.run;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.reward.Backbone;

/**
 * One training, from the snapshot it reads to the version it makes. It may take several processes:
 * each time one dies, another goes on from the last checkpoint.
 */
@Entity
public class Run extends PanacheEntityBase {
  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column(name = "project_id")
  public @Nullable UUID projectId;

  @Column(name = "round_id")
  public @Nullable UUID roundId;

  /** Place among the round's steps, from 1. */
  public int ordinal = 1;

  /** sft, reward, rejection, dpo, ipo, kto or ppo. */
  @Column(nullable = false)
  public String kind;

  @Column(nullable = false)
  public RunStatus status = RunStatus.QUEUED;

  /** Only what differs from the trainer's defaults. */
  @Column(nullable = false)
  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, Object> hyperparameters = Map.of();

  public long seed;

  /** What it starts from. */
  @Column(name = "policy_id")
  public @Nullable UUID policyId;

  /** What it optimises against. */
  @Column(name = "reward_model_id")
  public @Nullable UUID rewardModelId;

  @Column(name = "snapshot_id")
  public @Nullable UUID snapshotId;

  /** How many processes were started for it. */
  public int attempt;

  /** Processes in a row that died without getting further. */
  public int deaths;

  /** How far it was when its newest process started. */
  @Column(name = "attempt_step")
  public long attemptStep;

  public @Nullable String machine;

  public @Nullable Short slot;

  @Column(name = "process_id")
  public @Nullable Long processId;

  @Column(name = "process_start")
  public @Nullable Instant processStart;

  @Column(name = "heartbeat_at")
  public @Nullable Instant heartbeatAt;

  public long step;

  @Column(name = "total_steps")
  public @Nullable Long totalSteps;

  /** Why training ended before its last step; null where it did not. */
  @Column(name = "stop_reason")
  public @Nullable String stopReason;

  public @Nullable String error;

  /** The final figures. */
  @Column(nullable = false)
  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, Object> metrics = Map.of();

  @Column(name = "created_by")
  public @Nullable UUID createdBy;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt = Instant.now();

  @Column(name = "started_at")
  public @Nullable Instant startedAt;

  @Column(name = "finished_at")
  public @Nullable Instant finishedAt;

  @Column(name = "cancel_requested")
  public boolean cancelRequested;

  /** Those that a machine is running, or was when it stopped. */
  static List<Run> running(String machine) {
    return list("status = ?1 and machine = ?2 order by startedAt", RunStatus.RUNNING, machine);
  }

  /**
   * For a change: nobody else changes it until the transaction ends, and what others changed before
   * is seen. Who changes the round as well has locked that first.
   */
  static Run locked(UUID id) {
    return Run.<Run>findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE).orElseThrow();
  }

  /** A round's runs in the order of its steps. */
  public static List<Run> ofRound(UUID round) {
    return list("roundId = ?1 order by ordinal", round);
  }

  /** The same for a change, by those who have locked the round. */
  public static List<Run> lockedOfRound(UUID round) {
    return Run.<Run>find("roundId = ?1 order by ordinal", round)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  /** Done of the whole, 0 to 1. */
  public double progress() {
    if (status == RunStatus.FINISHED) {
      return 1;
    }
    return totalSteps == null || totalSteps == 0
        ? 0
        : Math.min(1, step / (double) totalSteps.longValue());
  }

  /** What a reward model is initialised from. */
  public Backbone backbone() {
    Object named = hyperparameters.get("backbone");
    return named == null ? Backbone.POLICY : Backbone.of(named.toString());
  }

  /** Asks for its end. A queued one ends here; a running one when its process has gone. */
  public void cancel() {
    if (status == RunStatus.QUEUED) {
      end(RunStatus.CANCELLED, null);
    } else if (status == RunStatus.RUNNING) {
      cancelRequested = true;
    }
  }

  /** Queues it again, to go on from its last checkpoint. */
  public void resume() {
    if (status != RunStatus.FAILED && status != RunStatus.CANCELLED) {
      throw new IllegalStateException("a run that is " + status.key() + " cannot be resumed");
    }
    status = RunStatus.QUEUED;
    cancelRequested = false;
    error = null;
    finishedAt = null;
  }

  void end(RunStatus how, @Nullable String why) {
    status = how;
    error = why;
    finishedAt = Instant.now();
    processId = null;
    processStart = null;
    slot = null;
  }
}
