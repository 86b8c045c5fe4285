package org.laurel.engine.dpo;

import org.laurel.engine.nn.LowRank;
import org.laurel.engine.nn.PrecisionChoice;

/**
 * What the methods of this package have in common.
 *
 * @param epochs passes over the judgments
 * @param judgmentsPerBatch judgments of an update
 * @param learningRate at its highest, falls linearly to 0
 * @param warmupFraction share of the updates over which the rate rises
 * @param recompute whether layers are computed again for their gradients
 * @param lowRank adapters that are trained in place of the weights, if any
 * @param microBatchTokens padded tokens that go through a rank's network at once
 */
record Schedule(
    int epochs,
    int judgmentsPerBatch,
    double learningRate,
    double warmupFraction,
    double maxGradientNorm,
    double weightDecay,
    boolean recompute,
    LowRank lowRank,
    int maxTokens,
    int microBatchTokens,
    int evaluationsPerEpoch,
    PrecisionChoice precision) {

  Schedule {
    positive("epochs", epochs);
    positive("judgmentsPerBatch", judgmentsPerBatch);
    positive("maxGradientNorm", maxGradientNorm);
    positive("maxTokens", maxTokens);
    positive("microBatchTokens", microBatchTokens);
    share("warmupFraction", warmupFraction);
    if (!(learningRate >= 0) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException("learningRate and weightDecay must not be negative");
    }
  }

  static void positive(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }

  static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be between 0 and 1, not " + value);
    }
  }
}
