package org.laurel.engine.rejection;

import org.laurel.engine.nn.LearningRate;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.run.Bounds;
import org.laurel.engine.sft.SftHyperparameters;

/**
 * Everything about a rejection-sampling run that can be chosen.
 *
 * @param samplesPerPrompt completions drawn of each prompt, 2 or more, of which the best is learnt
 *     from; the policy that would be reached lies at most log n - (n-1)/n nats from the start
 * @param temperature of the draws
 * @param maxNewTokens longest completion, stop token included; one that is cut off never wins
 * @param epochs passes over the winners
 * @param batchTokens tokens of an update, padding included
 * @param microBatchTokens padded tokens that go through a rank's network at once
 * @param learningRate at its highest, falls by a cosine to a tenth
 * @param maxGradientNorm gradients are scaled down to this norm
 * @param weightDecay of the weight matrices
 * @param checkpointInterval updates between checkpoints
 * @param precision of the matrix products
 */
public record RejectionHyperparameters(
    int samplesPerPrompt,
    double temperature,
    int maxNewTokens,
    int epochs,
    int batchTokens,
    int microBatchTokens,
    double learningRate,
    double maxGradientNorm,
    double weightDecay,
    int checkpointInterval,
    PrecisionChoice precision) {

  /** All of some prompts are drawn at once. */
  private static final int MOST_SAMPLES = 1000;

  public RejectionHyperparameters {
    Bounds.between("samplesPerPrompt", samplesPerPrompt, 2, MOST_SAMPLES);
    Bounds.temperature(temperature);
    Bounds.atLeast("maxNewTokens", maxNewTokens, 1);
    Bounds.epochs(epochs);
    Bounds.batchTokens(batchTokens);
    Bounds.atLeast("microBatchTokens", microBatchTokens, 1);
    Bounds.atLeast("learningRate", learningRate, 0);
    Bounds.positive("maxGradientNorm", maxGradientNorm);
    Bounds.atLeast("weightDecay", weightDecay, 0);
    Bounds.atLeast("checkpointInterval", checkpointInterval, 1);
  }

  /** For policies of 5 to 30 million parameters. */
  public static RejectionHyperparameters defaults() {
    return new RejectionHyperparameters(
        8, // samplesPerPrompt
        1.0, // temperature
        128, // maxNewTokens
        2, // epochs
        2048, // batchTokens
        2048, // microBatchTokens
        2e-4, // learningRate
        1.0, // maxGradientNorm
        0.0, // weightDecay
        50, // checkpointInterval
        PrecisionChoice.AUTO);
  }

  SftHyperparameters fineTuning(int maxLength) {
    return new SftHyperparameters(
        epochs,
        batchTokens,
        microBatchTokens,
        learningRate,
        LearningRate.Shape.COSINE,
        0.1,
        0.05,
        weightDecay,
        0.999,
        maxGradientNorm,
        true,
        maxLength,
        false,
        0,
        16,
        checkpointInterval,
        checkpointInterval,
        precision);
  }
}
