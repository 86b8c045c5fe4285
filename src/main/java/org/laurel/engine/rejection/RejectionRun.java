package org.laurel.engine.rejection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.ppo.Episode;
import org.laurel.engine.ppo.Rollout;
import org.laurel.engine.ppo.RolloutParameters;
import org.laurel.engine.ppo.RolloutPolicy;
import org.laurel.engine.ppo.RunPrompts;
import org.laurel.engine.ppo.RunScorer;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunJournal;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.Seeds;
import org.laurel.engine.run.Split;
import org.laurel.engine.sft.SftExample;
import org.laurel.engine.sft.SftHyperparameters;
import org.laurel.engine.sft.SftTrainer;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.PromptEncoder;

/**
 * A run of kind {@code rejection}: from {@code data/prompts.jsonl}, a policy and a reward model to
 * a policy fine-tuned on the best of its own completions.
 */
public final class RejectionRun {

  /**
   * Prompts drawn at once, a step of the run's progress; after each the winners are kept, and the
   * run may be asked to stop.
   */
  private static final int PROMPTS_AT_ONCE = 32;

  /** Share of prompts whose winners are held out of training. */
  private static final double HELD_OUT = 0.05;

  private RejectionRun() {}

  /**
   * Draws and chooses, or takes what an earlier process chose; then trains from the newest
   * checkpoint, or from the beginning, to the artifact.
   *
   * @param serve opens a policy for the draws
   * @throws IOException if the directory cannot be read or written
   * @throws IllegalArgumentException naming the row, hyperparameter or model that is wrong
   */
  public static void run(
      RunDirectory directory, RunListener listener, Function<ModelDirectory, RolloutPolicy> serve)
      throws IOException {
    RunRequest request = directory.request();
    ModelDirectory start = ModelDirectory.open(request.policy());
    RejectionHyperparameters h =
        Hyperparameters.read(
            request.overrides(),
            RejectionHyperparameters.defaults(),
            start.config().parameterCount(),
            Hyperparameters.Rates.of(request.kind()));
    int longest = start.config().maxPositionEmbeddings();
    Optional<Winners> saved = Winners.saved(directory, longest);
    Winners winners =
        saved.isPresent() && saved.get().complete()
            ? saved.get()
            : choose(directory, listener, serve, start, h, saved);
    if (winners.examples().size() < 2) {
      throw new IllegalArgumentException(
          "no more than one prompt has a completion that ends by itself: nothing to learn from"
              + (winners.dropped() == 0
                  ? ""
                  : "; prompts that the policy's chat template refuses or that leave no room for"
                      + " maxNewTokens were left out: "
                      + winners.dropped()));
    }
    Split<SftExample> split = winners.split(HELD_OUT);
    SftHyperparameters settings = h.fineTuning(longest);
    try (Decoder policy = Decoder.load(start);
        SftTrainer trainer =
            new SftTrainer(policy, split.training(), split.heldOut(), settings, request.seed())) {
      Map<String, Double> figures = new LinkedHashMap<>(winners.figures());
      int drawn = steps(winners.prompts());
      figures.putAll(trainer.train(directory, listener, drawn));
      directory.publishArtifact(
          artifact ->
              ModelDirectory.writePolicy(artifact, policy.config(), policy.export(), start.path()));
      try (RunJournal journal =
          RunJournal.open(directory, listener, trainer.steps()).after(drawn)) {
        journal.finished(trainer.totalSteps(), figures);
      }
    }
  }

  private static Winners choose(
      RunDirectory directory,
      RunListener listener,
      Function<ModelDirectory, RolloutPolicy> serve,
      ModelDirectory start,
      RejectionHyperparameters h,
      Optional<Winners> saved)
      throws IOException {
    RunRequest request = directory.request();
    PromptEncoder encoder = PromptEncoder.read(start.path(), start.config().eosTokenId());
    int longest = start.config().maxPositionEmbeddings();
    RunPrompts prompts = RunPrompts.read(directory, encoder, h.maxNewTokens(), longest);
    int all = prompts.tokens().size();
    int steps = steps(all) + training(prompts, h);
    Winners winners = saved.orElseGet(() -> new Winners(all, prompts.dropped()));
    try (RolloutPolicy policy = serve.apply(start);
        RunScorer scorer =
            RunScorer.load(
                request,
                h.precision(),
                h.microBatchTokens(),
                encoder.tokenizer()::decode,
                prompts.conversations());
        RunJournal journal = RunJournal.open(directory, listener, 0)) {
      for (int from = winners.prompts(); from < all; from += PROMPTS_AT_ONCE) {
        if (journal.stopRequested()) {
          throw journal.stopped(steps(from), steps);
        }
        journal.phase(steps(from), steps, "sample");
        int to = Math.min(all, from + PROMPTS_AT_ONCE);
        List<int[]> some = prompts.tokens().subList(from, to);
        long seed = Seeds.of(request.seed(), "draws", from);
        List<Episode> drawn = draw(policy, some, h, start.config().eosTokenId(), seed);
        double[] scores = scorer.score(drawn);
        int n = h.samplesPerPrompt();
        for (int i = 0; i < some.size(); i++) {
          winners.choose(
              drawn.subList(i * n, (i + 1) * n),
              Arrays.copyOfRange(scores, i * n, (i + 1) * n),
              prompts.openings().get(from + i),
              longest);
        }
        winners.save(directory);
      }
      journal.metrics(0, winners.figures());
    }
    return winners;
  }

  /** Steps that drawing so many prompts takes. */
  private static int steps(int prompts) {
    return (prompts + PROMPTS_AT_ONCE - 1) / PROMPTS_AT_ONCE;
  }

  /** Steps that training will take at most, or about: if every winner is as long as it may be. */
  private static int training(RunPrompts prompts, RejectionHyperparameters h) {
    long tokens =
        prompts.tokens().stream().mapToLong(prompt -> prompt.length + h.maxNewTokens()).sum();
    return (int) (h.epochs() * (1 + tokens / h.batchTokens()));
  }

  private static List<Episode> draw(
      RolloutPolicy policy, List<int[]> prompts, RejectionHyperparameters h, int stop, long seed) {
    List<int[]> rows = new ArrayList<>();
    for (int[] prompt : prompts) {
      for (int i = 0; i < h.samplesPerPrompt(); i++) {
        rows.add(prompt);
      }
    }
    List<Rollout> drawn =
        policy.sample(rows, new RolloutParameters(h.temperature(), h.maxNewTokens(), stop, seed));
    List<Episode> episodes = new ArrayList<>();
    for (int i = 0; i < drawn.size(); i++) {
      episodes.add(new Episode(rows.get(i), drawn.get(i)));
    }
    return episodes;
  }
}
