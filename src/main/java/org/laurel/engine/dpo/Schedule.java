package org.laurel.engine.dpo;

import org.laurel.engine.nn.LowRank;
import org.laurel.engine.nn.PrecisionChoice;

/**
 * What the methods of this package have in common, as their hyperparameters have checked it.
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
    PrecisionChoice precision) {}
