package org.laurel.engine.dpo;

import org.laurel.engine.nn.LowRank;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.run.Bounds;

/**
 * Everything about a DPO or IPO run that can be chosen.
 *
 * @param beta how strongly the policy is held to the reference: the smaller, the further it may go
 * @param labelSmoothing share of every preference counted the other way, less than half
 * @param lengthAveraged whether the log probability of a completion is the mean over its tokens
 *     rather than their sum. IPO's target 1 / (2 beta) is the same for every pair, so that with
 *     sums long completions reach it by a smaller change of each token: its default is the mean, as
 *     in TRL; DPO's is the sum, as in the paper
 * @param epochs passes over the rankings
 * @param judgmentsPerBatch rankings an update, all completions of a ranking together
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
 * @param evaluationsPerEpoch how often held-out rankings are judged
 * @param precision of the matrix products
 */
public record DpoHyperparameters(
    double beta,
    double labelSmoothing,
    boolean lengthAveraged,
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

  public DpoHyperparameters {
    Bounds.positive("beta", beta);
    Bounds.shareBelow("labelSmoothing", labelSmoothing, 0.5);
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

  /**
   * For policies of 5 to 30 million parameters and a few hundred rankings or more. One pass at a
   * higher rate moves the policy further and wins less often (docs/experiments.md, Learning).
   */
  public static DpoHyperparameters dpo() {
    return of(false, 3, 2e-4);
  }

  /** Likewise for IPO, which at 5e-4 leaves the reference far behind. */
  public static DpoHyperparameters ipo() {
    return of(true, 1, 2e-4);
  }

  private static DpoHyperparameters of(boolean lengthAveraged, int epochs, double learningRate) {
    return new DpoHyperparameters(
        0.1, // beta
        0.0, // labelSmoothing
        lengthAveraged,
        epochs,
        16, // judgmentsPerBatch
        learningRate,
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
