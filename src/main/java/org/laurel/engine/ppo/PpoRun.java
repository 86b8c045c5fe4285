package org.laurel.engine.ppo;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunJournal;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.Split;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.PromptEncoder;

/**
 * A run of kind {@code ppo}: from {@code data/prompts.jsonl}, a policy and a reward model to a
 * better policy.
 */
public final class PpoRun {

  /** Prompts, the first of the file, whose completions show how the policy changes. */
  private static final int PROBES = 8;

  private PpoRun() {}

  /**
   * Trains from the newest checkpoint, or from the beginning, to the artifact.
   *
   * @param serve opens a policy for rollouts
   * @throws IOException if the directory cannot be read or written
   * @throws IllegalArgumentException naming the row, hyperparameter or model that is wrong
   */
  public static void run(
      RunDirectory directory, RunListener listener, Function<ModelDirectory, RolloutPolicy> serve)
      throws IOException {
    RunRequest request = directory.request();
    ModelDirectory start = ModelDirectory.open(request.policy());
    PpoHyperparameters h =
        Hyperparameters.read(
            request.overrides(), PpoHyperparameters.defaults(), start.config().parameterCount());
    PromptEncoder encoder = PromptEncoder.read(start.path(), start.config().eosTokenId());
    RunPrompts prompts =
        RunPrompts.read(
            directory, encoder, h.maxNewTokens(), start.config().maxPositionEmbeddings());
    Split<int[]> split = prompts.split(h.heldOutPrompts());
    try (PpoModels models = PpoModels.load(request, h);
        RolloutPolicy rollouts = serve.apply(start);
        PpoTrainer trainer =
            new PpoTrainer(
                models.policy(),
                models.reference(),
                models.critic(),
                rollouts,
                models
                    .rewardModel()
                    .scorer(
                        h.microBatchTokens(), encoder.tokenizer()::decode, prompts.conversations()),
                RewardRule.of(h, encoder.tokenizer()::decode),
                split,
                h,
                request.seed())) {
      int shown = Math.min(PROBES, prompts.tokens().size());
      Probes probes =
          new Probes(
              trainer,
              encoder.tokenizer(),
              prompts.texts().subList(0, shown),
              prompts.tokens().subList(0, shown));
      Optional<Checkpoint> latest = directory.checkpoints().latest();
      latest.ifPresent(trainer::resume);
      models.rewardModel().precision(models.policy().precision()); // a checkpoint's own, if any
      try (RunJournal journal = RunJournal.open(directory, listener, trainer.stepsTried())) {
        if (latest.isEmpty()) {
          journal.phase(0, h.steps(), "normalise");
          journal.metrics(0, trainer.normalise(models.rewardModel().scale()));
          probes.record(journal);
        }
        Map<String, Double> figures = train(trainer, probes, h, directory, journal);
        figures.put("dropped_prompts", (double) prompts.dropped());
        figures.put("held_out_prompts", (double) split.heldOut().size());
        directory.publishArtifact(
            artifact ->
                ModelDirectory.writePolicy(
                    artifact, start.config(), trainer.policyTensors(), start.path()));
        journal.finished(
            trainer.stepsDone(), h.steps(), trainer.stopReason().orElse(null), figures);
      }
    }
  }

  private static Map<String, Double> train(
      PpoTrainer trainer,
      Probes probes,
      PpoHyperparameters h,
      RunDirectory directory,
      RunJournal journal)
      throws IOException {
    Map<String, Double> last = new LinkedHashMap<>();
    while (!trainer.done()) {
      if (journal.stopRequested()) {
        directory.checkpoints().save(trainer::checkpoint);
        throw journal.stopped(trainer.stepsDone(), h.steps());
      }
      last = trainer.step(phase -> journal.phase(trainer.stepsDone(), h.steps(), phase));
      int step = trainer.stepsDone();
      journal.metrics(trainer.stepsTried(), last);
      journal.progress(step, h.steps());
      if (trainer.done() || step % h.samplesEvery() == 0) {
        probes.record(journal);
      }
      if (trainer.done() || step % h.checkpointEvery() == 0) {
        directory.checkpoints().save(trainer::checkpoint);
      }
    }
    Map<String, Double> figures = trainer.measure();
    figures.put("steps", (double) trainer.stepsDone());
    figures.put("stopped_early", trainer.stopReason().isPresent() ? 1.0 : 0.0);
    return figures;
  }
}
