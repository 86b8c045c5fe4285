package org.laurel.engine.ppo;

import java.util.List;
import org.laurel.engine.nn.LowRank;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.run.Bounds;
import org.laurel.engine.run.InvalidHyperparameter;

/**
 * Everything about a PPO run that can be chosen.
 *
 * @param steps updates of the policy; each samples {@code episodesPerStep} completions
 * @param episodesPerStep completions a step
 * @param epochs passes over the completions of a step
 * @param miniBatches optimiser steps a pass
 * @param microBatchTokens padded tokens that go through a rank's network at once; bounds memory,
 *     changes no result
 * @param learningRate of the policy at the start, falls linearly to 0
 * @param valueLearningRate of the value network, likewise
 * @param warmupSteps steps over which both rates rise to their start
 * @param criticWarmupSteps first steps that train the value network only, which must be separate;
 *     fewer than {@code steps}
 * @param adamEpsilon 1e-5 as in TensorFlow's and OpenAI's trainers; 1e-8 takes larger first steps
 * @param maxGradientNorm gradients are scaled down to this norm
 * @param klCoefficient beta, of the KL penalty in the reward; where it begins if it is adaptive,
 *     above 0 then
 * @param adaptiveKl whether beta is steered towards {@code klTarget}
 * @param klTarget KL of a completion in nats that adaptive beta aims at
 * @param klHorizon episodes over which adaptive beta moves, more than a fifth of a step's
 * @param klEstimator of the penalty
 * @param klBudget training stops once the mean KL of a step's completions is above
 * @param heldOutPrompts prompts that are never trained on, or a few less, since conversations that
 *     begin alike are held out together; training stops once their mean score has fallen twice in a
 *     row, and goes back to the weights that scored best. 0 for none
 * @param evaluateEvery steps between looks at the held-out prompts, less than half of {@code steps}
 *     where there are any: two falls take three looks
 * @param frozenLayers lowest layers that are not trained, the embeddings with them; 0 trains all
 * @param recompute whether layers are computed again for their gradients, which takes a third more
 *     time and the memory of one layer instead of all
 * @param loraRank rank of the adapters that are trained in place of the weights [arXiv 2106.09685];
 *     0 trains the weights. Adapters want a rate some ten times as high
 * @param loraAlpha the adapters' scale, divided by their rank
 * @param gamma discount
 * @param gaeLambda of generalised advantage estimation
 * @param clipRange of the ratio
 * @param valueClipRange of the value
 * @param valueCoefficient of the value loss, where trunk is shared
 * @param separateValueNetwork whether values come from a network of their own, begun as a copy of
 *     the reward model; otherwise from a zero-initialised head on the policy's trunk
 * @param whitenRewards whether rewards are scaled to variance 1, mean kept
 * @param temperature of rollouts, reference and update alike, 0.01 to 100
 * @param maxNewTokens longest completion, stop token included
 * @param missingStop what becomes of the score without a stop token
 * @param missingStopPenalty used by it
 * @param scoreLimit scores are clipped to plus or minus this
 * @param lengthPenalty taken from the score for each token of the completion; 0 for none
 * @param repetitionPenalty taken from the score, times the share of repeated four-token sequences
 * @param rules terms of the score that follow from the text alone
 * @param normalisationSamples completions of the reference policy over which the reward model is
 *     scaled to mean 0 and deviation 1; 0 trusts the scale stored with it
 * @param checkpointEvery steps between checkpoints
 * @param samplesEvery steps between completions of the probe prompts
 * @param precision of the matrix products
 */
public record PpoHyperparameters(
    int steps,
    int episodesPerStep,
    int epochs,
    int miniBatches,
    int microBatchTokens,
    double learningRate,
    double valueLearningRate,
    int warmupSteps,
    int criticWarmupSteps,
    double adamEpsilon,
    double maxGradientNorm,
    double klCoefficient,
    boolean adaptiveKl,
    double klTarget,
    double klHorizon,
    KlEstimator klEstimator,
    double klBudget,
    int heldOutPrompts,
    int evaluateEvery,
    int frozenLayers,
    boolean recompute,
    int loraRank,
    double loraAlpha,
    double gamma,
    double gaeLambda,
    double clipRange,
    double valueClipRange,
    double valueCoefficient,
    boolean separateValueNetwork,
    boolean whitenRewards,
    double temperature,
    int maxNewTokens,
    MissingStop missingStop,
    double missingStopPenalty,
    double scoreLimit,
    double lengthPenalty,
    double repetitionPenalty,
    List<TextRule> rules,
    int normalisationSamples,
    int checkpointEvery,
    int samplesEvery,
    PrecisionChoice precision) {

  private static final int MOST_STEPS = 1_000_000;
  private static final int MOST_SAMPLES = 1_000_000;

  public PpoHyperparameters {
    Bounds.between("steps", steps, 1, MOST_STEPS);
    Bounds.batch("episodesPerStep", episodesPerStep);
    Bounds.epochs(epochs);
    Bounds.batch("miniBatches", miniBatches);
    Bounds.atLeast("microBatchTokens", microBatchTokens, 1);
    Bounds.atLeast("learningRate", learningRate, 0);
    Bounds.atLeast("valueLearningRate", valueLearningRate, 0);
    Bounds.atLeast("warmupSteps", warmupSteps, 0);
    Bounds.atLeast("criticWarmupSteps", criticWarmupSteps, 0);
    Bounds.positive("adamEpsilon", adamEpsilon);
    Bounds.positive("maxGradientNorm", maxGradientNorm);
    Bounds.atLeast("klCoefficient", klCoefficient, 0);
    if (adaptiveKl && klCoefficient == 0) {
      throw new InvalidHyperparameter(
          "klCoefficient", "must be positive with adaptiveKl, which steers it by factors");
    }
    Bounds.positive("klTarget", klTarget);
    Bounds.positive("klHorizon", klHorizon);
    if (adaptiveKl && klHorizon <= KlController.MAX_PROPORTIONAL_ERROR * episodesPerStep) {
      throw new InvalidHyperparameter(
          "klHorizon",
          "must be more than a fifth of episodesPerStep, or one step turns beta negative");
    }
    Bounds.positive("klBudget", klBudget);
    Bounds.atLeast("heldOutPrompts", heldOutPrompts, 0);
    Bounds.atLeast("evaluateEvery", evaluateEvery, 1);
    if (heldOutPrompts > 0 && 2L * evaluateEvery >= steps) {
      throw new InvalidHyperparameter(
          "evaluateEvery",
          "must be less than half of steps with heldOutPrompts, since two falls take three looks");
    }
    Bounds.atLeast("frozenLayers", frozenLayers, 0);
    Bounds.adapters(loraRank, loraAlpha);
    if (loraRank > 0 && !separateValueNetwork) {
      throw new InvalidHyperparameter("loraRank", "needs separateValueNetwork");
    }
    if (criticWarmupSteps > 0 && !separateValueNetwork) {
      throw new InvalidHyperparameter("criticWarmupSteps", "needs separateValueNetwork");
    }
    if (criticWarmupSteps >= steps) {
      throw new InvalidHyperparameter(
          "criticWarmupSteps", "must be less than steps, or the policy never learns");
    }
    Bounds.share("gamma", gamma);
    Bounds.share("gaeLambda", gaeLambda);
    Bounds.positive("clipRange", clipRange);
    Bounds.positive("valueClipRange", valueClipRange);
    Bounds.atLeast("valueCoefficient", valueCoefficient, 0);
    Bounds.temperature(temperature);
    Bounds.atLeast("maxNewTokens", maxNewTokens, 1);
    Bounds.finite("missingStopPenalty", missingStopPenalty);
    Bounds.positive("scoreLimit", scoreLimit);
    Bounds.finite("lengthPenalty", lengthPenalty);
    Bounds.finite("repetitionPenalty", repetitionPenalty);
    rules = List.copyOf(rules);
    Bounds.between("normalisationSamples", normalisationSamples, 0, MOST_SAMPLES);
    Bounds.atLeast("checkpointEvery", checkpointEvery, 1);
    Bounds.atLeast("samplesEvery", samplesEvery, 1);
  }

  LowRank lowRank() {
    return new LowRank(loraRank, loraAlpha);
  }

  /** For policies of 5 to 30 million parameters. */
  public static PpoHyperparameters defaults() {
    return new PpoHyperparameters(
        50, // steps
        96, // episodesPerStep
        1, // epochs
        3, // miniBatches
        1024, // microBatchTokens
        2.5e-4, // learningRate
        2e-4, // valueLearningRate
        3, // warmupSteps
        0, // criticWarmupSteps
        1e-5, // adamEpsilon
        1.0, // maxGradientNorm
        0.06, // klCoefficient
        true, // adaptiveKl
        4.0, // klTarget
        1000, // klHorizon
        KlEstimator.K1,
        8.0, // klBudget
        0, // heldOutPrompts
        5, // evaluateEvery
        0, // frozenLayers
        false, // recompute
        0, // loraRank
        16.0, // loraAlpha
        1.0, // gamma
        0.95, // gaeLambda
        0.2, // clipRange
        0.2, // valueClipRange
        0.1, // valueCoefficient
        true, // separateValueNetwork
        false, // whitenRewards
        1.0, // temperature
        128, // maxNewTokens
        MissingStop.REPLACE,
        -1.0, // missingStopPenalty
        10.0, // scoreLimit
        0.0, // lengthPenalty
        0.0, // repetitionPenalty
        List.of(), // rules
        384, // normalisationSamples
        10, // checkpointEvery
        5, // samplesEvery
        PrecisionChoice.AUTO);
  }
}
