package org.laurel.engine.ppo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.nn.AdamW;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.LearningRate;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.Seeds;
import org.laurel.model.RewardScale;
import org.laurel.model.TensorData;

/**
 * Proximal policy optimisation of a policy against a scorer (Ziegler et al. 2019, Stiennon et al.
 * 2020), read downward from {@link #step}.
 */
public final class PpoTrainer implements AutoCloseable {

  private static final int PROBE_DRAW = Integer.MIN_VALUE;

  private final Decoder policy;
  private final Decoder reference;
  private final Decoder critic;
  private final RolloutPolicy rollouts;
  private final Scorer scorer;
  private final List<RewardRule> rules;
  private final PromptOrder prompts;
  private final PpoHyperparameters h;
  private final long seed;
  private final Packing packing;
  private final KlController kl;
  private final AdamW policyOptimiser;
  private final @Nullable AdamW criticOptimiser;

  /** The last weights whose KL was measured and found within the budget. */
  private final Tensor withinBudget;

  private Normalisation normalisation = Normalisation.NONE;
  private int step;
  private @Nullable String stopReason;

  /**
   * A trainer at step 0.
   *
   * @param policy is trained
   * @param reference stays as it is
   * @param critic a network with a score head of its own, or {@code policy} itself, with a score
   *     head beside its language model's
   * @param rollouts serves the policy's weights
   * @param prompts token ids, each ending where the completion begins
   */
  public PpoTrainer(
      Decoder policy,
      Decoder reference,
      Decoder critic,
      RolloutPolicy rollouts,
      Scorer scorer,
      List<int[]> prompts,
      PpoHyperparameters hyperparameters,
      long seed) {
    this.policy = policy;
    this.reference = reference;
    this.critic = critic;
    this.rollouts = rollouts;
    this.scorer = scorer;
    this.rules = RewardRule.of(hyperparameters);
    this.prompts = new PromptOrder(prompts, seed);
    this.h = hyperparameters;
    this.seed = seed;
    this.packing =
        Packing.of(
            prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0) + h.maxNewTokens(),
            h.microBatchTokens());
    this.kl =
        h.adaptiveKl()
            ? KlController.adaptive(h.klCoefficient(), h.klTarget(), h.klHorizon())
            : KlController.fixed(h.klCoefficient());
    this.policyOptimiser = optimiser(policy);
    this.criticOptimiser = critic == policy ? null : optimiser(critic);
    precision(Precision.of(h.precision(), policy.config()));
    try (PointerScope scope = new PointerScope()) {
      withinBudget = policy.parameters().values().clone().retainReference();
    }
  }

  private AdamW optimiser(Decoder model) {
    return new AdamW(model.parameters(), new AdamW.Settings(0.9, 0.999, h.adamEpsilon(), 0));
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
    phases.begin("rollout");
    List<Episode> episodes = respond(prompts.next(step, h.episodesPerStep()), step);
    phases.begin("score");
    score(episodes, statistics);
    phases.begin("reference");
    List<List<EpisodeBatch>> miniBatches = miniBatches(episodes);
    reference(miniBatches, statistics);
    reward(episodes);
    statistics.rollouts(episodes, kl.coefficient());
    stopReason = reasonToStop(statistics);
    if (stopReason != null) {
      policy.parameters().values().copy_(withinBudget);
    } else {
      withinBudget.copy_(policy.parameters().values());
      phases.begin("train");
      train(miniBatches, statistics);
      kl.update(statistics.value("objective/kl"), episodes.size());
      step++;
    }
    phases.begin("refresh");
    rollouts.refresh(policyWeights());
    phases.end().forEach(statistics::put);
    return statistics.values();
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

  /** score = clip(g r + b + rules), or what is due without a stop token. */
  private void score(List<Episode> episodes, StepStatistics statistics) {
    double[] raw = scorer.score(episodes);
    for (int i = 0; i < raw.length; i++) {
      Episode episode = episodes.get(i);
      double proxy = normalisation.apply(raw[i]);
      double total = proxy;
      for (RewardRule rule : rules) {
        double term = rule.weight() * rule.value().applyAsDouble(episode);
        statistics.add("rule/" + rule.name(), term, 1);
        total += term;
      }
      if (!episode.stopped()) {
        total = h.missingStop().apply(total, h.missingStopPenalty());
      }
      episode.score(proxy, Rewards.clip(total, h.scoreLimit()));
    }
  }

  /** Log probabilities under policy and reference, and values, before the update. */
  private void reference(List<List<EpisodeBatch>> miniBatches, StepStatistics statistics) {
    for (List<EpisodeBatch> miniBatch : miniBatches) {
      for (EpisodeBatch batch : miniBatch) {
        try (PointerScope scope = new PointerScope();
            NoGradGuard guard = new NoGradGuard()) {
          Tensor hidden = batch.hidden(policy);
          Tensor distribution = EpisodeBatch.distribution(policy, hidden, h.temperature());
          Tensor real = batch.real(distribution);
          double entropy = -real.exp().mul(real).sum().item_double();
          statistics.add("policy/entropy_avg", entropy, batch.tokens());
          Tensor refDistribution =
              EpisodeBatch.distribution(reference, batch.hidden(reference), h.temperature());
          Tensor values = values(batch, hidden);
          batch.remember(batch.chosen(distribution), batch.chosen(refDistribution), values);
        }
      }
    }
  }

  /** Rewards, advantages and returns of every token. */
  private void reward(List<Episode> episodes) {
    double[][] rewards = new double[episodes.size()][];
    for (int i = 0; i < rewards.length; i++) {
      Episode e = episodes.get(i);
      rewards[i] =
          Rewards.of(e.logprobs(), e.refLogprobs(), e.score(), kl.coefficient(), h.klEstimator());
    }
    if (h.whitenRewards()) {
      rewards = Advantages.whiten(rewards, true);
    }
    double[][] advantages = new double[rewards.length][];
    for (int i = 0; i < rewards.length; i++) {
      Episode e = episodes.get(i);
      advantages[i] = Advantages.gae(rewards[i], e.values(), h.gamma(), h.gaeLambda());
      e.learn(rewards[i], Advantages.returns(advantages[i], e.values()));
    }
    double[][] whitened = Advantages.whiten(advantages, false);
    for (int i = 0; i < whitened.length; i++) {
      episodes.get(i).advantages(whitened[i]);
    }
  }

  private void train(List<List<EpisodeBatch>> miniBatches, StepStatistics statistics) {
    double policyRate = step < h.criticWarmupSteps() ? 0 : rate(h.learningRate());
    double criticRate = rate(h.valueLearningRate());
    for (int epoch = 0; epoch < h.epochs(); epoch++) {
      for (int index : Seeds.shuffled(miniBatches.size(), Seeds.of(seed, "epoch " + epoch, step))) {
        List<EpisodeBatch> miniBatch = miniBatches.get(index);
        double tokens = miniBatch.stream().mapToInt(EpisodeBatch::tokens).sum();
        for (EpisodeBatch batch : miniBatch) {
          try (PointerScope scope = new PointerScope()) {
            learn(batch, tokens, statistics);
          }
        }
        update(policyOptimiser, policyRate);
        if (criticOptimiser != null) {
          update(criticOptimiser, criticRate);
        }
      }
    }
    statistics.put("lr", policyRate);
    statistics.put("episode", (step + 1.0) * h.episodesPerStep());
  }

  /** Values of the states before each completion token; a reward model's on the scores' scale. */
  private Tensor values(EpisodeBatch batch, Tensor policyHidden) {
    if (critic == policy) {
      return critic.values(batch.real(policyHidden));
    }
    return critic
        .values(batch.real(batch.hidden(critic)))
        .sub(new Scalar(normalisation.mean()))
        .div(new Scalar(normalisation.deviation()));
  }

  private void update(AdamW optimiser, double rate) {
    optimiser.clipGradients(h.maxGradientNorm());
    optimiser.step(rate);
    optimiser.zeroGradients();
  }

  /** Adds a batch's share to the gradients. */
  private void learn(EpisodeBatch batch, double tokens, StepStatistics statistics) {
    Tensor hidden = batch.hidden(policy);
    Tensor logprobs = batch.chosen(EpisodeBatch.distribution(policy, hidden, h.temperature()));
    Tensor logRatio = PpoLoss.logRatio(logprobs, batch.gather(Episode::logprobs));
    Tensor ratio = logRatio.exp();
    Tensor advantages = batch.gather(Episode::advantages);
    Tensor policyLoss = PpoLoss.policy(ratio, advantages, h.clipRange());

    Tensor values = values(batch, hidden);
    Tensor valueLoss =
        PpoLoss.value(
            values,
            batch.gather(Episode::values),
            batch.gather(Episode::returns),
            h.valueClipRange());
    // of a critic that stands alone the optimiser divides any coefficient out again
    double coefficient = critic == policy ? h.valueCoefficient() : 1;
    policyLoss.add(valueLoss.mul(new Scalar(coefficient))).div(new Scalar(tokens)).backward();

    double n = batch.tokens();
    statistics.add("loss/policy_avg", policyLoss.item_double(), n);
    statistics.add("loss/value_avg", valueLoss.item_double(), n);
    statistics.add("policy/approxkl_avg", logRatio.square().sum().item_double() / 2, n);
    statistics.add("policy/clipfrac_avg", PpoLoss.clipped(ratio, advantages, h.clipRange()), n);
    statistics.add("val/ratio", ratio.sum().item_double(), n);
    statistics.add("val/ratio_square", ratio.square().sum().item_double(), n);
  }

  private double rate(double peak) {
    return new LearningRate(LearningRate.Shape.LINEAR, peak, h.warmupSteps(), h.steps(), 0)
        .at(step);
  }

  /** Fixed for the whole step, so that a batch is computed alike before and during the update. */
  private List<List<EpisodeBatch>> miniBatches(List<Episode> episodes) {
    List<List<EpisodeBatch>> miniBatches = new ArrayList<>();
    int n = Math.min(h.miniBatches(), episodes.size());
    for (int i = 0; i < n; i++) {
      List<Episode> part = episodes.subList(i * episodes.size() / n, (i + 1) * episodes.size() / n);
      miniBatches.add(EpisodeBatch.pack(part, packing, policy.config().padTokenId()));
    }
    return miniBatches;
  }

  private @Nullable String reasonToStop(StepStatistics statistics) {
    double mean = statistics.value("objective/kl");
    if (Double.isNaN(mean)) {
      return "the policy's log probabilities are not numbers";
    }
    if (mean > h.klBudget()) {
      return "KL %.2f is above the budget of %.2f".formatted(mean, h.klBudget());
    }
    return null;
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
    normalisation = new Normalisation(stored.mean(), stored.standardDeviation());
    List<Double> scores = new ArrayList<>();
    for (int draw = 0; scores.size() < h.normalisationSamples(); draw++) {
      List<Episode> episodes = respond(prompts.next(draw, h.episodesPerStep()), -1 - draw);
      for (double score : scorer.score(episodes)) {
        scores.add(score);
      }
    }
    if (!scores.isEmpty()) {
      normalisation = Normalisation.of(scores);
    }
    return Map.of("score/mean", normalisation.mean(), "score/deviation", normalisation.deviation());
  }

  /** Completions of the policy as it is, scored; the same draws every time. */
  List<Episode> probe(List<int[]> probes) {
    List<Episode> episodes = respond(probes, PROBE_DRAW);
    score(episodes, new StepStatistics());
    return episodes;
  }

  /** Score, KL, length and stop rate of the policy as it is, on fresh completions. */
  public Map<String, Double> measure() {
    StepStatistics statistics = new StepStatistics();
    List<Episode> episodes = respond(prompts.next(step, h.episodesPerStep()), step);
    score(episodes, statistics);
    reference(miniBatches(episodes), statistics);
    reward(episodes);
    statistics.rollouts(episodes, kl.coefficient());
    return statistics.values();
  }

  /** All that a later process needs to go on exactly as this one would. */
  public Checkpoint checkpoint() {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    keep(tensors, "policy", policy, policyOptimiser);
    if (criticOptimiser != null) {
      keep(tensors, "critic", critic, criticOptimiser);
    }
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.put("klCoefficient", kl.coefficient());
    state.put("scoreMean", normalisation.mean());
    state.put("scoreDeviation", normalisation.deviation());
    state.put("precision", policy.precision().name());
    return new Checkpoint(step, tensors, state);
  }

  private static void keep(
      Map<String, TensorData> tensors, String name, Decoder model, AdamW optimiser) {
    tensors.put(name, model.parameters().state());
    optimiser.state().forEach((moment, data) -> tensors.put(name + "." + moment, data));
  }

  /** Goes on from a checkpoint that a trainer of the same run made. */
  public void resume(Checkpoint checkpoint) {
    JsonNode state = checkpoint.state();
    restore(checkpoint, "policy", policy, policyOptimiser);
    if (criticOptimiser != null) {
      restore(checkpoint, "critic", critic, criticOptimiser);
    }
    kl.resume(state.path("klCoefficient").asDouble());
    normalisation =
        new Normalisation(
            state.path("scoreMean").asDouble(), state.path("scoreDeviation").asDouble());
    precision(Precision.valueOf(state.path("precision").asText()));
    step = checkpoint.step();
    withinBudget.copy_(policy.parameters().values());
    rollouts.refresh(policyWeights());
  }

  private void restore(Checkpoint checkpoint, String name, Decoder model, AdamW optimiser) {
    model.parameters().restore(checkpoint.tensor(name));
    Map<String, TensorData> moments = new LinkedHashMap<>();
    optimiser
        .state()
        .keySet()
        .forEach(moment -> moments.put(moment, checkpoint.tensor(name + "." + moment)));
    // every mini-batch of every step before took one step of the optimiser
    optimiser.restore(moments, checkpoint.step() * updatesPerStep());
  }

  private long updatesPerStep() {
    return (long) h.epochs() * Math.min(h.miniBatches(), h.episodesPerStep());
  }

  private void precision(Precision precision) {
    List.of(policy, reference, critic).forEach(model -> model.precision(precision));
  }

  /** Steps done. */
  public int stepsDone() {
    return step;
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
    Map<String, FloatBuffer> weights = policy.parameters().buffers();
    weights.remove(Decoder.SCORE);
    return weights;
  }

  /** The same, copied, to be written to disk. */
  public Map<String, TensorData> policyTensors() {
    Map<String, TensorData> tensors = policy.parameters().export();
    tensors.remove(Decoder.SCORE);
    return tensors;
  }

  @Override
  public void close() {
    withinBudget.releaseReference();
    policyOptimiser.close();
    if (criticOptimiser != null) {
      criticOptimiser.close();
    }
  }
}
