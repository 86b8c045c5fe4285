package org.laurel.engine.dpo;

import org.laurel.engine.nn.LowRank;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.run.Bounds;

/**
 * Everything about a KTO run that can be chosen.
 *
 * @param beta how strongly the policy is held to the reference: the smaller, the further it may go
 * @param goodWeight of a thumb up; the paper wants the sums of the weights of both kinds between 1
 *     to 1 and 4 to 3
 * @param badWeight of a thumb down
 * @param epochs passes over the thumbs
 * @param judgmentsPerBatch thumbs an update; the baseline is a mean over them
 * @param learningRate at its highest, falls linearly to 0
 * @param warmupFraction share of the updates over which the rate rises
 * @param maxGradientNorm gradients are scaled down to this norm
 * @param weightDecay of the weight matrices
 * @param heldOutFraction share of prompts, by hash, that judge the policy and never train it; below
 *     1
 * @param recompute whether layers are computed again for their gradients, which takes a third more
 *     time and the memory of one layer instead of all
 * @param loraRank rank of the adapters that are trained in place of the weights [arXiv 2106.09685];
 *     0 trains the weights. Adapters want a rate some ten times as high
 * @param loraAlpha the adapters' scale, divided by their rank
 * @param maxTokens longest prompt with completion; a longer completion loses its end
 * @param microBatchTokens padded tokens that go through a rank's network at once
 * @param evaluationsPerEpoch how often held-out thumbs are judged
 * @param precision of the matrix products
 */
public record KtoHyperparameters(
    double beta,
    double goodWeight,
    double badWeight,
    int epochs,
    int judgmentsPerBatch,
    double learningRate,
    double warmupFraction,
    double maxGradientNorm,
    double weightDecay,
    double heldOutFraction,
    boolean recompute,
    int loraRank,
    double loraAlpha,
    int maxTokens,
    int microBatchTokens,
    int evaluationsPerEpoch,
    PrecisionChoice precision) {

  public KtoHyperparameters {
    Bounds.positive("beta", beta);
    Bounds.positive("goodWeight", goodWeight);
    Bounds.positive("badWeight", badWeight);
    Bounds.epochs(epochs);
    Bounds.batch("judgmentsPerBatch", judgmentsPerBatch);
    Bounds.atLeast("learningRate", learningRate, 0);
    Bounds.share("warmupFraction", warmupFraction);
    Bounds.positive("maxGradientNorm", maxGradientNorm);
    Bounds.atLeast("weightDecay", weightDecay, 0);
    Bounds.shareBelow("heldOutFraction", heldOutFraction, 1);
    Bounds.adapters(loraRank, loraAlpha);
    Bounds.atLeast("maxTokens", maxTokens, 2);
    Bounds.atLeast("microBatchTokens", microBatchTokens, 1);
    Bounds.atLeast("evaluationsPerEpoch", evaluationsPerEpoch, 1);
  }

  /** For policies of 5 to 30 million parameters and a few hundred thumbs or more. */
  public static KtoHyperparameters defaults() {
    return new KtoHyperparameters(
        0.1, // beta
        1.0, // goodWeight
        1.0, // badWeight
        1, // epochs
        32, // judgmentsPerBatch
        2e-4, // learningRate
        0.1, // warmupFraction
        1.0, // maxGradientNorm
        0.0, // weightDecay
        0.15, // heldOutFraction
        false, // recompute
        0, // loraRank
        16.0, // loraAlpha
        512, // maxTokens
        1024, // microBatchTokens
        4, // evaluationsPerEpoch
        PrecisionChoice.AUTO);
  }

  Schedule schedule() {
    return new Schedule(
        epochs,
        judgmentsPerBatch,
        learningRate,
        warmupFraction,
        maxGradientNorm,
        weightDecay,
        recompute,
        new LowRank(loraRank, loraAlpha),
        maxTokens,
        microBatchTokens,
        evaluationsPerEpoch,
        precision);
  }
}
