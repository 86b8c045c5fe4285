package org.laurel.engine.ppo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.nn.AdamW;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.ForwardPass;
import org.laurel.engine.nn.LearningRate;
import org.laurel.engine.nn.Parameters;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.nn.Vectors;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.Seeds;
import org.laurel.model.TensorData;

/** The networks of PPO and what a step does to them, given its rollouts. */
final class PpoUpdate implements AutoCloseable {

  private final Decoder policy;
  private final Decoder reference;
  private final Decoder critic;
  private final boolean normalised;
  private final PpoHyperparameters h;
  private final long seed;
  private final AdamW policyOptimiser;
  private final @Nullable AdamW criticOptimiser;
  private final Ranks<Trained> ranks;

  /**
   * @param policy is trained
   * @param reference stays as it is
   * @param judge is trained; {@code policy} itself where they share a trunk
   */
  PpoUpdate(Decoder policy, Decoder reference, Critic judge, PpoHyperparameters h, long seed) {
    this.policy = policy;
    this.reference = reference;
    critic = judge.network();
    normalised = judge.rewardModel();
    this.h = h;
    this.seed = seed;
    policy.trained().freezeLowerLayers(h.frozenLayers());
    if (critic != policy) {
      critic.parameters().freezeLowerLayers(h.frozenLayers());
    }
    policyOptimiser = optimiser(policy);
    criticOptimiser = critic == policy ? null : optimiser(critic);
    precision(Precision.of(h.precision(), policy.config()));
    ranks = Ranks.of(new Trained(policy, critic), Trained::replica, Trained::parameters);
  }

  /** What a rank trains. */
  private record Trained(Decoder policy, Decoder critic) implements AutoCloseable {
    Trained replica() {
      Decoder own = policy.replica();
      return new Trained(own, critic == policy ? own : critic.replica());
    }

    List<Parameters> parameters() {
      return critic == policy
          ? List.of(policy.trained())
          : List.of(policy.trained(), critic.trained());
    }

    @Override
    public void close() {
      policy.close();
      if (critic != policy) {
        critic.close();
      }
    }
  }

  private AdamW optimiser(Decoder model) {
    return new AdamW(model.trained(), new AdamW.Settings(0.9, 0.999, h.adamEpsilon(), 0));
  }

  private void precision(Precision precision) {
    List.of(policy, reference, critic).forEach(model -> model.precision(precision));
  }

  /** Log probabilities under policy and reference, and values, before the update. */
  void reference(
      List<List<EpisodeBatch>> miniBatches,
      Normalisation normalisation,
      StepStatistics statistics) {
    for (List<EpisodeBatch> miniBatch : miniBatches) {
      ranks
          .map(miniBatch, (rank, batch) -> recall(rank, batch, normalisation))
          .forEach(statistics::add);
    }
  }

  private StepStatistics recall(Trained rank, EpisodeBatch batch, Normalisation normalisation) {
    StepStatistics statistics = new StepStatistics();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor hidden = batch.hidden(rank.policy());
      Tensor distribution = EpisodeBatch.distribution(rank.policy(), hidden, h.temperature());
      Tensor real = batch.real(distribution);
      double entropy = -real.exp().mul(real).sum().item_double();
      statistics.add("policy/entropy_avg", entropy, batch.tokens());
      Tensor refDistribution =
          EpisodeBatch.distribution(reference, batch.hidden(reference), h.temperature());
      Tensor judging = critic == policy ? hidden : batch.hidden(rank.critic());
      Tensor values = values(rank, batch, judging, normalisation);
      batch.remember(batch.chosen(distribution), batch.chosen(refDistribution), values);
    }
    return statistics;
  }

  /** Values of the states before each completion token; a reward model's on the scores' scale. */
  private Tensor values(
      Trained rank, EpisodeBatch batch, Tensor hidden, Normalisation normalisation) {
    Tensor values = rank.critic().values(batch.real(hidden));
    if (!normalised) {
      return values;
    }
    return values.sub(new Scalar(normalisation.mean())).div(new Scalar(normalisation.deviation()));
  }

  /**
   * All epochs over the rollouts of a step.
   *
   * @param step counted from 0
   */
  void train(
      List<List<EpisodeBatch>> miniBatches,
      int step,
      Normalisation normalisation,
      StepStatistics statistics) {
    double policyRate = step < h.criticWarmupSteps() ? 0 : rate(h.learningRate(), step);
    double criticRate = rate(h.valueLearningRate(), step);
    for (int epoch = 0; epoch < h.epochs(); epoch++) {
      for (int index : Seeds.shuffled(miniBatches.size(), Seeds.of(seed, "epoch " + epoch, step))) {
        List<EpisodeBatch> miniBatch = miniBatches.get(index);
        double tokens = miniBatch.stream().mapToInt(EpisodeBatch::tokens).sum();
        ranks
            .learn(miniBatch, (rank, batch) -> learn(rank, batch, tokens, normalisation))
            .forEach(statistics::add);
        update(policyOptimiser, policyRate);
        if (criticOptimiser != null) {
          update(criticOptimiser, criticRate);
        }
      }
    }
    statistics.put("lr", policyRate);
    statistics.put("episode", (step + 1.0) * h.episodesPerStep());
  }

  private double rate(double peak, int step) {
    return new LearningRate(LearningRate.Shape.LINEAR, peak, h.warmupSteps(), h.steps(), 0)
        .at(step);
  }

  private void update(AdamW optimiser, double rate) {
    optimiser.clipGradients(h.maxGradientNorm());
    optimiser.step(rate);
    optimiser.zeroGradients();
  }

  /** Adds a batch's share to the gradients. */
  private StepStatistics learn(
      Trained rank, EpisodeBatch batch, double tokens, Normalisation normalisation) {
    try (PointerScope scope = new PointerScope()) {
      ForwardPass pass = batch.pass(rank.policy(), h.recompute());
      Tensor hidden = batch.predicting(pass.hidden());
      Tensor logprobs =
          batch.chosen(EpisodeBatch.distribution(rank.policy(), hidden, h.temperature()));
      Tensor logRatio = PpoLoss.logRatio(logprobs, batch.gather(Episode::logprobs));
      Tensor ratio = logRatio.exp();
      Tensor advantages = batch.gather(Episode::advantages);
      Tensor policyLoss = PpoLoss.policy(ratio, advantages, h.clipRange());

      ForwardPass judging = critic == policy ? pass : batch.pass(rank.critic(), h.recompute());
      Tensor judged = critic == policy ? hidden : batch.predicting(judging.hidden());
      Tensor values = values(rank, batch, judged, normalisation);
      Tensor oldValues = batch.gather(Episode::values);
      Tensor returns = batch.gather(Episode::returns);
      Tensor valueLoss = PpoLoss.value(values, oldValues, returns, h.valueClipRange());
      // of a critic that stands alone the optimiser divides any coefficient out again
      double coefficient = critic == policy ? h.valueCoefficient() : 1;
      policyLoss.add(valueLoss.mul(new Scalar(coefficient))).div(new Scalar(tokens)).backward();
      pass.backward();
      if (judging != pass) {
        judging.backward();
      }

      StepStatistics statistics = new StepStatistics();
      double n = batch.tokens();
      statistics.add("loss/policy_avg", policyLoss.item_double(), n);
      statistics.add("loss/value_avg", valueLoss.item_double(), n);
      statistics.add("policy/approxkl_avg", logRatio.square().sum().item_double() / 2, n);
      statistics.add("policy/clipfrac_avg", PpoLoss.clipped(ratio, advantages, h.clipRange()), n);
      statistics.add(
          "val/clipfrac_avg",
          PpoLoss.valueClipped(values, oldValues, returns, h.valueClipRange()),
          n);
      statistics.add("val/ratio", ratio.sum().item_double(), n);
      statistics.add("val/ratio_square", ratio.square().sum().item_double(), n);
      return statistics;
    }
  }

  /** Weights and optimisers' moments by name, to be written before they change. */
  Map<String, TensorData> state() {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    keep(tensors, "policy", policy, policyOptimiser);
    if (criticOptimiser != null) {
      keep(tensors, "critic", critic, criticOptimiser);
    }
    return tensors;
  }

  private static void keep(
      Map<String, TensorData> tensors, String name, Decoder model, AdamW optimiser) {
    Vectors.keep(tensors, name, model.trained().values());
    optimiser.keep(tensors, name + ".");
  }

  /** Puts back what {@link #state()} gave. */
  void restore(Checkpoint checkpoint) {
    restore(checkpoint, "policy", policy, policyOptimiser);
    if (criticOptimiser != null) {
      restore(checkpoint, "critic", critic, criticOptimiser);
    }
    precision(Precision.valueOf(checkpoint.state().path("precision").asText()));
  }

  private void restore(Checkpoint checkpoint, String name, Decoder model, AdamW optimiser) {
    Vectors.restore(checkpoint.tensors(), name, model.trained().values());
    // every mini-batch of every step before took one step of the optimiser
    long updates = checkpoint.step() * updatesPerStep();
    optimiser.restore(checkpoint.tensors(), name + ".", updates);
  }

  private long updatesPerStep() {
    return (long) h.epochs() * Math.min(h.miniBatches(), h.episodesPerStep());
  }

  @Override
  public void close() {
    ranks.close();
    policyOptimiser.close();
    if (criticOptimiser != null) {
      criticOptimiser.close();
    }
  }
}
