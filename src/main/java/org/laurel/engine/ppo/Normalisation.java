package org.laurel.engine.ppo;

import java.util.List;

/**
 * Gain and bias of scores: g r + b with g = 1 / deviation, b = -mean / deviation.
 *
 * @param mean of the scores of the reference policy's completions
 * @param deviation of the same, above 0
 */
public record Normalisation(double mean, double deviation) {

  /** Scores as they are. */
  public static final Normalisation NONE = new Normalisation(0, 1);

  private static final double LEAST_DEVIATION = 1e-6;

  /** That of a sample. */
  static Normalisation of(List<Double> scores) {
    double mean = scores.stream().mapToDouble(s -> s).average().orElse(0);
    double variance = scores.stream().mapToDouble(s -> (s - mean) * (s - mean)).average().orElse(1);
    return new Normalisation(mean, Math.max(LEAST_DEVIATION, Math.sqrt(variance)));
  }

  double apply(double score) {
    return (score - mean) / deviation;
  }
}
