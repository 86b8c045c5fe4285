package org.laurel.engine.ppo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Maps;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.Vectors;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.Seeds;
import org.laurel.engine.run.Split;
import org.laurel.model.RewardScale;
import org.laurel.model.TensorData;

/**
 * Proximal policy optimisation of a policy against a scorer (Ziegler et al. 2019, Stiennon et al.
 * 2020), read downward from {@link #step}.
 */
public final class PpoTrainer implements AutoCloseable {

  private static final int PROBE_DRAW = Integer.MIN_VALUE;
  private static final int HELD_OUT_DRAW = Integer.MIN_VALUE + 1;
  private static final String WITHIN_BUDGET = "policy.withinBudget";

  private final Decoder policy;
  private final RolloutPolicy rollouts;
  private final PromptOrder prompts;
  private final HeldOutPrompts heldOut;
  private final PpoHyperparameters h;
  private final long seed;
  private final Packing packing;
  private final KlController kl;
  private final RecentKl recentKl = new RecentKl();
  private final EpisodeScores scores;
  private final PpoUpdate update;

  /** The last weights whose KL was measured and found within the budget. */
  private final Tensor withinBudget;

  private int step;
  private @Nullable String stopReason;

  /**
   * A trainer at step 0.
   *
   * @param policy is trained
   * @param reference stays as it is
   * @param critic a network of its own, or {@code policy} itself, with a score head beside its
   *     language model's
   * @param rollouts serves the policy's weights
   * @param rules terms of the score beside the scorer's
   * @param prompts token ids, each ending where the completion begins; those held out may be none
   */
  public PpoTrainer(
      Decoder policy,
      Decoder reference,
      Critic critic,
      RolloutPolicy rollouts,
      Scorer scorer,
      List<RewardRule> rules,
      Split<int[]> prompts,
      PpoHyperparameters hyperparameters,
      long seed) {
    this.policy = policy;
    this.rollouts = rollouts;
    this.h = hyperparameters;
    this.seed = seed;
    this.heldOut = new HeldOutPrompts(prompts.heldOut(), policy.trained());
    this.prompts = new PromptOrder(prompts.training(), seed);
    this.packing = Packing.of(longest(prompts) + h.maxNewTokens(), h.microBatchTokens());
    this.kl =
        h.adaptiveKl()
            ? KlController.adaptive(h.klCoefficient(), h.klTarget(), h.klHorizon())
            : KlController.fixed(h.klCoefficient());
    this.scores = new EpisodeScores(scorer, rules, h);
    this.update = new PpoUpdate(policy, reference, critic, h, seed);
    try (PointerScope scope = new PointerScope()) {
      withinBudget = policy.trained().values().clone().retainReference();
    }
  }

  private static int longest(Split<int[]> prompts) {
    return Stream.concat(prompts.training().stream(), prompts.heldOut().stream())
        .mapToInt(prompt -> prompt.length)
        .max()
        .orElse(0);
  }

  /**
   * One step: sample, respond, score, hold against the reference, reward, train.
   *
   * @param onPhase hears the name of each part as it begins
   * @return figures of the step by name
   */
  public Map<String, Double> step(Consumer<String> onPhase) {
    Phases phases = new Phases(onPhase);
    StepStatistics statistics = new StepStatistics();
    if (!heldOut.isEmpty() && step % h.evaluateEvery() == 0) {
      phases.begin("evaluate");
      judgeHeldOut(statistics);
    }
    boolean practises = stopReason == null;
    if (practises) {
      phases.begin("rollout");
      learn(phases, statistics);
    }
    phases.begin("refresh");
    rollouts.refresh(policyWeights());
    Map<String, Double> seconds = phases.end();
    seconds.forEach(statistics::put);
    if (practises) {
      double all = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
      statistics.put("eps", h.episodesPerStep() / all);
    }
    return statistics.values();
  }

  private void judgeHeldOut(StepStatistics statistics) {
    List<Episode> episodes = respond(heldOut.prompts(), HELD_OUT_DRAW);
    scores.score(episodes, new StepStatistics());
    double score = episodes.stream().mapToDouble(Episode::score).average().orElse(Double.NaN);
    statistics.put("eval/scores", score);
    stopReason = heldOut.judge(score, policy.trained()).orElse(null);
  }

  private void learn(Phases phases, StepStatistics statistics) {
    List<Episode> episodes = respond(prompts.next(step, h.episodesPerStep()), step);
    phases.begin("score");
    scores.score(episodes, statistics);
    phases.begin("reference");
    List<List<EpisodeBatch>> miniBatches = miniBatches(episodes);
    update.reference(miniBatches, scores.normalisation(), statistics);
    scores.reward(episodes, kl.coefficient());
    statistics.rollouts(episodes, kl.coefficient());
    double[] each = StopRules.kl(episodes);
    stopReason = StopRules.rollouts(each, recentKl.add(each), h.klBudget()).orElse(null);
    if (stopReason == null) {
      withinBudget.copy_(policy.trained().values());
      phases.begin("train");
      update.train(miniBatches, step, scores.normalisation(), statistics);
      stopReason = StopRules.update(statistics.mean("val/ratio")).orElse(null);
    }
    if (stopReason == null) {
      kl.update(statistics.value("objective/kl"), episodes.size());
      step++;
    } else {
      policy.trained().values().copy_(withinBudget);
    }
  }

  /** Lets the policy complete the prompts. */
  private List<Episode> respond(List<int[]> sampled, int draw) {
    List<Rollout> completions =
        rollouts.sample(
            sampled,
            new RolloutParameters(
                h.temperature(),
                h.maxNewTokens(),
                policy.config().eosTokenId(),
                Seeds.of(seed, "rollout", draw)));
    List<Episode> episodes = new ArrayList<>();
    for (int i = 0; i < sampled.size(); i++) {
      Rollout completion = completions.get(i).upTo(policy.config().eosTokenId());
      episodes.add(new Episode(sampled.get(i), completion));
    }
    return episodes;
  }

  /** Fixed for the whole step, so that a batch is computed alike before and during the update. */
  private List<List<EpisodeBatch>> miniBatches(List<Episode> episodes) {
    List<List<EpisodeBatch>> miniBatches = new ArrayList<>();
    int n = Math.min(h.miniBatches(), episodes.size());
    for (int i = 0; i < n; i++) {
      List<Episode> part = episodes.subList(share(episodes, i, n), share(episodes, i + 1, n));
      miniBatches.add(EpisodeBatch.pack(part, packing, policy.config().padTokenId()));
    }
    return miniBatches;
  }

  /** Where the i-th of n parts begins. */
  private static int share(List<Episode> episodes, int i, int n) {
    return (int) ((long) i * episodes.size() / n);
  }

  /**
   * Sets gain and bias of the scores, so that completions of the policy as it now is, before any
   * step, score 0 on average with deviation 1 (Ziegler et al. 2019, section 2.1).
   *
   * @param stored scale to use where the hyperparameters ask for no samples
   * @return mean and deviation by name
   */
  public Map<String, Double> normalise(RewardScale stored) {
    if (step != 0) {
      throw new IllegalStateException("the policy is no longer the reference at step " + step);
    }
    Normalisation by = new Normalisation(stored.mean(), stored.standardDeviation());
    List<Double> raw = new ArrayList<>();
    for (int draw = 0; raw.size() < h.normalisationSamples(); draw++) {
      List<Episode> episodes = respond(prompts.next(draw, h.episodesPerStep()), -1 - draw);
      for (double score : scores.raw(episodes)) {
        raw.add(score);
      }
    }
    scores.normalise(raw.isEmpty() ? by : Normalisation.of(raw));
    return Map.of(
        "score/mean", scores.normalisation().mean(),
        "score/deviation", scores.normalisation().deviation());
  }

  /** Completions of the policy as it is, scored; the same draws every time. */
  List<Episode> probe(List<int[]> probes) {
    List<Episode> episodes = respond(probes, PROBE_DRAW);
    scores.score(episodes, new StepStatistics());
    return episodes;
  }

  /** Score, KL, length and stop rate of the policy as it is, on fresh completions. */
  public Map<String, Double> measure() {
    StepStatistics statistics = new StepStatistics();
    List<Episode> episodes = respond(prompts.next(step, h.episodesPerStep()), step);
    scores.score(episodes, statistics);
    update.reference(miniBatches(episodes), scores.normalisation(), statistics);
    scores.reward(episodes, kl.coefficient());
    statistics.rollouts(episodes, kl.coefficient());
    return statistics.values();
  }

  /** All that a later process needs to go on exactly as this one would. */
  public Checkpoint checkpoint() {
    Map<String, TensorData> tensors = update.state();
    Vectors.keep(tensors, WITHIN_BUDGET, withinBudget);
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.put("klCoefficient", kl.coefficient());
    state.put("stopReason", stopReason);
    recentKl.keep(state);
    scores.keep(state);
    heldOut.keep(tensors, state);
    state.put("precision", policy.precision().name());
    state.put("device", Device.name());
    return new Checkpoint(step, tensors, state);
  }

  /** Goes on from a checkpoint that a trainer of the same run made. */
  public void resume(Checkpoint checkpoint) {
    update.restore(checkpoint);
    kl.resume(checkpoint.state().path("klCoefficient").asDouble());
    recentKl.restore(checkpoint.state());
    scores.restore(checkpoint.state());
    heldOut.restore(checkpoint);
    step = checkpoint.step();
    stopReason = checkpoint.state().path("stopReason").textValue();
    restoreWithinBudget(checkpoint);
    rollouts.refresh(policyWeights());
  }

  private void restoreWithinBudget(Checkpoint checkpoint) {
    if (checkpoint.tensors().containsKey(WITHIN_BUDGET)) {
      Vectors.restore(checkpoint.tensors(), WITHIN_BUDGET, withinBudget);
    } else { // of an earlier version: no weights are known to be within it but those that go on
      withinBudget.copy_(policy.trained().values());
    }
  }

  /** Steps done. */
  public int stepsDone() {
    return step;
  }

  /**
   * Steps done and the one that training stopped at, if it did, whose figures count as a step's.
   */
  public int stepsTried() {
    return stopReason == null ? step : step + 1;
  }

  /** Whether there is nothing more to do. */
  public boolean done() {
    return step >= h.steps() || stopReason != null;
  }

  /** Why training ended before its last step, if it did. */
  public Optional<String> stopReason() {
    return Optional.ofNullable(stopReason);
  }

  /** The policy's weights without the critic's head. */
  public Map<String, FloatBuffer> policyWeights() {
    return Maps.filterKeys(policy.weights(), name -> !name.equals(Decoder.SCORE));
  }

  /** The same, to be written to disk before they change. */
  public Map<String, TensorData> policyTensors() {
    return Maps.filterKeys(policy.export(), name -> !name.equals(Decoder.SCORE));
  }

  @Override
  public void close() {
    heldOut.close();
    withinBudget.releaseReference();
    update.close();
  }
}
