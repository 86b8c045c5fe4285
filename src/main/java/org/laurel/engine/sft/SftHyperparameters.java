package org.laurel.engine.sft;

import org.laurel.engine.nn.LearningRate;
import org.laurel.engine.nn.LowRank;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.run.Bounds;

/**
 * Settings of supervised training.
 *
 * @param epochs times that every example is seen
 * @param batchTokens tokens of a step, padding included
 * @param microBatchTokens tokens that go through a rank's model at once; bounds the memory
 * @param learningRate at its peak
 * @param learningRateFloor share of the peak left at the end
 * @param warmupFraction share of all steps that the rate rises
 * @param gradientClip longest gradient
 * @param packing whether several examples share a row, unseen by each other; otherwise each has a
 *     row of its own, padded
 * @param maxLength tokens of a sequence, 2 or more; the tail of a longer one is cut
 * @param recompute whether layers are computed again for their gradients, which takes a third more
 *     time and the memory of one layer instead of all
 * @param loraRank rank of the adapters that are trained in place of the weights [arXiv 2106.09685];
 *     0 trains the weights. Adapters want a rate some ten times as high
 * @param loraAlpha the adapters' scale, divided by their rank
 * @param evaluationInterval steps between held-out losses
 * @param checkpointInterval steps between checkpoints
 */
public record SftHyperparameters(
    int epochs,
    int batchTokens,
    int microBatchTokens,
    double learningRate,
    LearningRate.Shape schedule,
    double learningRateFloor,
    double warmupFraction,
    double weightDecay,
    double beta2,
    double gradientClip,
    boolean packing,
    int maxLength,
    boolean recompute,
    int loraRank,
    double loraAlpha,
    int evaluationInterval,
    int checkpointInterval,
    PrecisionChoice precision) {

  /** Fine-tuning on demonstrations. */
  public static final SftHyperparameters DEFAULT =
      new SftHyperparameters(
          2,
          4096,
          4096,
          5e-4,
          LearningRate.Shape.COSINE,
          0.1,
          0.05,
          0.01,
          0.999,
          1.0,
          true,
          512,
          false,
          0,
          16,
          100,
          100,
          PrecisionChoice.AUTO);

  /** Fresh weights of a few million parameters on whole sequences. */
  public static final SftHyperparameters PRETRAINING =
      new SftHyperparameters(
          1,
          8192,
          4096,
          2e-3,
          LearningRate.Shape.COSINE,
          0.1,
          0.02,
          0.1,
          0.95,
          1.0,
          false,
          256,
          false,
          0,
          16,
          200,
          200,
          PrecisionChoice.AUTO);

  public SftHyperparameters {
    Bounds.epochs(epochs);
    Bounds.batchTokens(batchTokens);
    Bounds.atLeast("microBatchTokens", microBatchTokens, 1);
    Bounds.atLeast("learningRate", learningRate, 0);
    Bounds.share("learningRateFloor", learningRateFloor);
    Bounds.share("warmupFraction", warmupFraction);
    Bounds.atLeast("weightDecay", weightDecay, 0);
    Bounds.shareBelow("beta2", beta2, 1);
    Bounds.positive("gradientClip", gradientClip);
    Bounds.atLeast("maxLength", maxLength, 2);
    Bounds.adapters(loraRank, loraAlpha);
    Bounds.atLeast("evaluationInterval", evaluationInterval, 1);
    Bounds.atLeast("checkpointInterval", checkpointInterval, 1);
  }

  LowRank lowRank() {
    return new LowRank(loraRank, loraAlpha);
  }
}
