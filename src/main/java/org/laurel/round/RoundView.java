package org.laurel.round;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.dataset.DatasetSnapshot;
import org.laurel.policy.PolicyVersion;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.run.Run;

/**
 * A round as the API shows it.
 *
 * @param policy id of the policy version that it made, once it has
 * @param rewardModel id of the reward model that it made, or that it used
 * @param votes whose preferences it learns from: people, ai or both
 */
public record RoundView(
    UUID id,
    UUID project,
    int number,
    String status,
    @Nullable String error,
    long seed,
    List<Step> steps,
    @Nullable UUID policy,
    @Nullable UUID rewardModel,
    UUID startPolicy,
    String votes,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {

  /**
   * One training of the round.
   *
   * @param status queued also while earlier steps run
   * @param progress 0 to 1
   * @param stopReason why training ended before its last step, though it finished
   * @param run null until the step is reached
   * @param artifact SHA-256 of what it made
   * @param votes of a step that learns from preferences, how many were people's and how many a
   *     judge's
   * @param memoryBytes that it was expected to take when the round was launched
   */
  public record Step(
      String kind,
      String status,
      double progress,
      long step,
      @Nullable Long totalSteps,
      @Nullable String stopReason,
      @Nullable UUID run,
      @Nullable String error,
      Map<String, Object> hyperparameters,
      Map<String, Object> metrics,
      @Nullable String artifact,
      @Nullable VoteCounts votes,
      @Nullable Long memoryBytes,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt) {}

  /** Preferences in a step's snapshot, by who gave them. */
  public record VoteCounts(long people, long ai) {
    static @Nullable VoteCounts of(Run run) {
      DatasetSnapshot snapshot =
          run.snapshotId == null ? null : DatasetSnapshot.findById(run.snapshotId);
      return snapshot != null && snapshot.selection.get("ai") instanceof Number ai
          ? new VoteCounts(snapshot.rowCount - ai.longValue(), ai.longValue())
          : null;
    }
  }

  static RoundView of(Round round) {
    List<Run> runs = round.runs();
    List<Step> steps = new ArrayList<>();
    UUID policy = null;
    UUID rewardModel = round.configuration.rewardModel();
    for (int i = 0; i < round.configuration.steps().size(); i++) {
      String kind = round.configuration.steps().get(i);
      if (i >= runs.size()) {
        steps.add(waiting(kind, round));
        continue;
      }
      Run run = runs.get(i);
      String artifact = null;
      if (kind.equals("reward")) {
        RewardModelVersion made = RewardModelVersion.ofRun(run.id).orElse(null);
        if (made != null) {
          rewardModel = made.id;
          artifact = made.artifactHash;
        }
      } else {
        PolicyVersion made = PolicyVersion.ofRun(run.id).orElse(null);
        if (made != null) {
          policy = made.id;
          artifact = made.artifactHash;
        }
      }
      steps.add(of(run, artifact, round.configuration.memoryOf(kind)));
    }
    return new RoundView(
        round.id,
        round.projectId,
        round.number,
        round.status.key(),
        round.error,
        round.seed,
        steps,
        policy,
        rewardModel,
        round.configuration.policy(),
        round.configuration.votesOf().key(),
        round.createdAt,
        round.startedAt,
        round.finishedAt);
  }

  private static Step waiting(String kind, Round round) {
    Map<String, Object> hyperparameters =
        round.configuration.hyperparameters().getOrDefault(kind, Map.of());
    String status = round.status.ended() ? "cancelled" : "queued";
    Long memory = round.configuration.memoryOf(kind);
    return new Step(
        kind,
        status,
        0,
        0,
        null,
        null,
        null,
        null,
        hyperparameters,
        Map.of(),
        null,
        null,
        memory,
        null,
        null);
  }

  private static Step of(Run run, @Nullable String artifact, @Nullable Long memory) {
    return new Step(
        run.kind,
        run.status.key(),
        run.progress(),
        run.step,
        run.totalSteps,
        run.stopReason,
        run.id,
        run.error,
        run.hyperparameters,
        run.metrics,
        artifact,
        VoteCounts.of(run),
        memory,
        run.startedAt,
        run.finishedAt);
  }
}
