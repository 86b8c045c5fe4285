package org.laurel.engine.dpo;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunJournal;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.model.ModelDirectory;

/** From judgments to a policy in a run directory, whatever the objective. */
final class PreferenceRun {

  private PreferenceRun() {}

  static <J extends Judgment> void train(
      RunDirectory directory,
      RunListener listener,
      Objective<J> objective,
      Judgments<J> judgments,
      Schedule schedule)
      throws IOException {
    RunRequest request = directory.request();
    ModelDirectory start = ModelDirectory.open(request.policy());
    try (Decoder policy = Decoder.load(start, schedule.lowRank(), request.seed());
        PreferenceTrainer<J> trainer =
            new PreferenceTrainer<>(
                policy,
                objective,
                judgments.training(),
                judgments.heldOut(),
                schedule,
                request.seed())) {
      Optional<Checkpoint> latest = directory.checkpoints().latest();
      latest.ifPresent(trainer::resume);
      try (RunJournal journal = RunJournal.open(directory, listener, trainer.stepsDone())) {
        if (latest.isEmpty()) {
          journal.phase(0, trainer.totalSteps(), "reference");
          hold(trainer, policy, request);
          journal.metrics(0, trainer.evaluate());
        }
        train(trainer, directory, journal);
        Map<String, Double> figures = new LinkedHashMap<>(trainer.evaluate());
        figures.values().removeIf(value -> !Double.isFinite(value));
        figures.put("training_judgments", (double) judgments.training().size());
        figures.put("held_out_judgments", (double) judgments.heldOut().size());
        figures.put("dropped_judgments", (double) judgments.dropped());
        directory.publishArtifact(
            artifact ->
                ModelDirectory.writePolicy(
                    artifact, policy.config(), policy.export(), start.path()));
        journal.finished(trainer.totalSteps(), figures);
      }
    }
  }

  /** The policy before its first step is the reference, unless the run names another. */
  private static void hold(PreferenceTrainer<?> trainer, Decoder policy, RunRequest request) {
    if (request.reference() == null) {
      trainer.hold(policy);
      return;
    }
    try (Decoder reference = Decoder.loadFrozen(ModelDirectory.open(request.reference()))) {
      trainer.hold(reference);
    }
  }

  private static void train(
      PreferenceTrainer<?> trainer, RunDirectory directory, RunJournal journal) throws IOException {
    while (!trainer.done()) {
      if (journal.stopRequested()) {
        directory.checkpoints().save(trainer::checkpoint);
        throw journal.stopped(trainer.stepsDone(), trainer.totalSteps());
      }
      Map<String, Double> figures = new LinkedHashMap<>(trainer.step());
      if (trainer.evaluationDue()) {
        figures.putAll(trainer.evaluate());
        directory.checkpoints().save(trainer::checkpoint);
      }
      journal.metrics(trainer.stepsDone(), figures);
      journal.progress(trainer.stepsDone(), trainer.totalSteps());
    }
  }
}
