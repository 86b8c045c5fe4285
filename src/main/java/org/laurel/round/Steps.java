package org.laurel.round;

import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.dataset.DatasetSnapshot;
import org.laurel.dataset.Snapshots;
import org.laurel.policy.PolicyVersion;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.run.Run;
import org.laurel.run.RunStatus;

/**
 * Carries rounds from step to step: once a second it looks how a round's newest run stands, and
 * begins the next step, or ends the round. All it knows stands in the database, and a round has one
 * run for each step, whoever begins it.
 */
@ApplicationScoped
class Steps {
  private final Snapshots snapshots;

  @Inject
  Steps(Snapshots snapshots) {
    this.snapshots = snapshots;
  }

  @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void look() {
    for (UUID id : QuarkusTransaction.requiringNew().call(Round::alive)) {
      try {
        QuarkusTransaction.requiringNew().run(() -> goOn(Round.locked(id)));
      } catch (RuntimeException e) {
        Log.errorf(e, "Round %s could not go on; it is tried again", id);
      }
    }
  }

  private void goOn(Round round) {
    if (round.status.ended()) {
      return; // Cancelled since it was seen alive.
    }
    List<Run> runs = round.runs();
    if (runs.isEmpty()) {
      begin(round, 0);
      return;
    }
    Run newest = runs.get(runs.size() - 1);
    switch (newest.status) {
      case QUEUED -> {}
      case RUNNING -> round.begin();
      case FINISHED -> {
        if (runs.size() < round.configuration.steps().size()) {
          begin(round, runs.size());
        } else {
          round.end(RunStatus.FINISHED, null);
        }
      }
      case FAILED -> round.end(RunStatus.FAILED, newest.kind + ": " + newest.error);
      case CANCELLED -> round.end(RunStatus.CANCELLED, null);
    }
  }

  /** Freezes what the step learns from, and queues its run. */
  void begin(Round round, int step) {
    String kind = round.configuration.steps().get(step);
    Run run = new Run();
    run.projectId = round.projectId;
    run.roundId = round.id;
    run.ordinal = step + 1;
    run.kind = kind;
    run.seed = round.seed;
    run.hyperparameters = round.configuration.hyperparameters().getOrDefault(kind, Map.of());
    run.policyId = start(round);
    run.rewardModelId = StepKind.of(kind).needsRewardModel() ? rewardModel(round) : null;
    run.snapshotId = snapshot(round, kind).id;
    run.createdBy = round.createdBy;
    run.persist();
  }

  private DatasetSnapshot snapshot(Round round, String kind) {
    return switch (StepKind.of(kind).learnsFrom()) {
      case DEMONSTRATIONS -> snapshots.freezeDemonstrations(round.projectId, round.createdBy);
      case RANKINGS ->
          snapshots.freezeRankings(round.projectId, round.createdBy, round.configuration.votesOf());
      case THUMBS -> snapshots.freezeThumbs(round.projectId, round.createdBy);
      case PROMPTS -> snapshots.freezePrompts(round.projectId, round.createdBy);
    };
  }

  /** The policy that this round made last, else the one it was told to start from. */
  private static UUID start(Round round) {
    return round.runs().stream()
        .filter(run -> StepKind.of(run.kind).makesPolicy() && run.status == RunStatus.FINISHED)
        .reduce((earlier, later) -> later)
        .flatMap(run -> PolicyVersion.ofRun(run.id))
        .map(version -> version.id)
        .orElse(round.configuration.policy());
  }

  private static @Nullable UUID rewardModel(Round round) {
    return round.runs().stream()
        .filter(run -> run.kind.equals("reward"))
        .findFirst()
        .flatMap(run -> RewardModelVersion.ofRun(run.id))
        .map(model -> model.id)
        .orElse(round.configuration.rewardModel());
  }
}
