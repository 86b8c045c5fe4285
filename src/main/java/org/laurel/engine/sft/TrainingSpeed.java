package org.laurel.engine.sft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.LearningRate;
import org.laurel.engine.nn.MatmulPeak;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.model.ModelConfig;

/**
 * How fast whole training steps are, against the matrix product's peak measured in the same minute.
 *
 * @param tokensPerSecond of the median step, padding not counted
 * @param bestTokensPerSecond of the fastest step; nearer the truth on a machine that is shared
 * @param flopsPerToken 6 for every weight that is multiplied with, and 12 for attention per layer,
 *     channel and half the length [PaLM, arXiv 2204.02311, appendix B]
 * @param peakFlops of a large product in the same precision, the best of before and after
 */
public record TrainingSpeed(
    Precision precision,
    double tokensPerSecond,
    double bestTokensPerSecond,
    double flopsPerToken,
    double peakFlops) {

  private static final int WARM_UP_STEPS = 3;

  /**
   * Trains fresh weights on random tokens for a while.
   *
   * @param length tokens of each sequence; lengths vary by a third around it
   * @param seconds to measure; at least five steps are taken
   */
  public static TrainingSpeed measure(
      ModelConfig config, Precision precision, int batchTokens, int length, double seconds) {
    double peak = MatmulPeak.flops(precision);
    Steps steps;
    try (Decoder decoder = Decoder.random(config, 1)) {
      steps =
          steps(decoder, sequences(config, batchTokens, length), precision, batchTokens, seconds);
    }
    return new TrainingSpeed(
        precision,
        steps.tokensPerSecond(),
        steps.bestTokensPerSecond(),
        flopsPerToken(config, length),
        Math.max(peak, MatmulPeak.flops(precision)));
  }

  /**
   * @param firstLoss of the first step, before anything is learnt, nats a token
   * @param tokensPerSecond of the median step
   * @param bestTokensPerSecond of the fastest step
   */
  public record Steps(double firstLoss, double tokensPerSecond, double bestTokensPerSecond) {}

  /**
   * Trains a decoder for a while.
   *
   * @param seconds to measure, after some steps to warm up; at least five steps are taken
   */
  public static Steps steps(
      Decoder decoder,
      List<SftExample> examples,
      Precision precision,
      int batchTokens,
      double seconds) {
    List<Double> speeds = new ArrayList<>();
    SftHyperparameters h = hyperparameters(decoder.config(), precision, batchTokens);
    try (SftTrainer trainer = new SftTrainer(decoder, examples, List.of(), h, 1)) {
      double firstLoss = trainer.step().getOrDefault("loss/train", Double.NaN);
      for (int i = 1; i < WARM_UP_STEPS; i++) {
        trainer.step();
      }
      long start = System.nanoTime();
      while (speeds.size() < 5 || System.nanoTime() - start < seconds * 1e9) {
        speeds.add(trainer.step().getOrDefault("tokens_per_second", Double.NaN));
      }
      Collections.sort(speeds);
      return new Steps(firstLoss, speeds.get(speeds.size() / 2), speeds.get(speeds.size() - 1));
    }
  }

  private static SftHyperparameters hyperparameters(
      ModelConfig config, Precision precision, int batchTokens) {
    return new SftHyperparameters(
        1000,
        batchTokens,
        batchTokens,
        1e-4,
        LearningRate.Shape.CONSTANT,
        1,
        0,
        0.1,
        0.95,
        1,
        false,
        config.maxPositionEmbeddings(),
        false,
        0,
        16,
        1000,
        1000,
        PrecisionChoice.valueOf(precision.name()));
  }

  /** Share of the peak that the median step reaches. */
  public double ofPeak() {
    return tokensPerSecond * flopsPerToken / peakFlops;
  }

  /** Share of the peak that the fastest step reaches. */
  public double bestOfPeak() {
    return bestTokensPerSecond * flopsPerToken / peakFlops;
  }

  static double flopsPerToken(ModelConfig config, int length) {
    long looked = config.tieWordEmbeddings() ? 0 : (long) config.vocabSize() * config.hiddenSize();
    double attention =
        12.0 * config.numLayers() * config.numHeads() * config.headDim() * length / 2;
    return 6.0 * (config.parameterCount() - looked) + attention;
  }

  private static List<SftExample> sequences(ModelConfig config, int batchTokens, int length) {
    SplittableRandom random = new SplittableRandom(1);
    List<SftExample> sequences = new ArrayList<>();
    for (int i = 0; i < 40 * Math.max(1, batchTokens / length); i++) {
      int tokens = Math.max(2, length * 2 / 3 + random.nextInt(Math.max(1, length * 2 / 3)));
      sequences.add(
          SftExample.whole(
              random
                  .ints(Math.min(tokens, config.maxPositionEmbeddings()), 0, config.vocabSize())
                  .toArray()));
    }
    return sequences;
  }
}
