package org.laurel.run;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as the API shows it.
 *
 * @param progress 0 to 1
 * @param stopReason why training ended before its last step, though it finished
 * @param attempt how many processes it took so far
 */
public record RunView(
    UUID id,
    String kind,
    String status,
    @Nullable String error,
    double progress,
    long step,
    @Nullable Long totalSteps,
    @Nullable String stopReason,
    int attempt,
    boolean cancelRequested,
    long seed,
    @Nullable UUID project,
    @Nullable UUID round,
    @Nullable UUID policy,
    @Nullable UUID rewardModel,
    @Nullable UUID snapshot,
    Map<String, Object> hyperparameters,
    Map<String, Object> metrics,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant heartbeatAt,
    @Nullable Instant finishedAt) {

  /** What the run's row says. */
  public static RunView of(Run run) {
    return new RunView(
        run.id,
        run.kind,
        run.status.key(),
        run.error,
        run.progress(),
        run.step,
        run.totalSteps,
        run.stopReason,
        run.attempt,
        run.cancelRequested,
        run.seed,
        run.projectId,
        run.roundId,
        run.policyId,
        run.rewardModelId,
        run.snapshotId,
        run.hyperparameters,
        run.metrics,
        run.createdAt,
        run.startedAt,
        run.heartbeatAt,
        run.finishedAt);
  }
}
