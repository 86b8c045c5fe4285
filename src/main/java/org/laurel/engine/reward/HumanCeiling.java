package org.laurel.engine.reward;

import java.util.function.DoubleUnaryOperator;
import org.laurel.preference.Logistic;

/**
 * The best a reward model can do against votes on which people themselves disagree.
 *
 * <p>Assumes a Gaussian Bradley-Terry latent: the difference between two completions is s z with z
 * standard normal, and every annotator prefers the first with p = sigmoid(s z). Two annotators then
 * agree at the rate E[p^2 + (1 - p)^2], and the best model is right at the rate E[max(p, 1 - p)].
 *
 * @param spread s, standard deviation of the differences in log odds
 */
public record HumanCeiling(double spread) {

  private static final double MAX_SPREAD = 200;
  private static final double STEP = 0.002;
  private static final int STEPS = 4000;

  /**
   * The ceiling that goes with an agreement between annotators.
   *
   * @param agreement rate at which two annotators choose the same of two completions; taken as 0.5
   *     if less
   */
  public static HumanCeiling ofAgreement(double agreement) {
    double low = 0;
    double high = MAX_SPREAD;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (new HumanCeiling(middle).mean(p -> p * p + (1 - p) * (1 - p)) < agreement) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new HumanCeiling((low + high) / 2);
  }

  /** Highest accuracy against single votes. */
  public double accuracy() {
    return mean(p -> Math.max(p, 1 - p));
  }

  /** Lowest log loss against single votes, in nats. */
  public double logLoss() {
    return mean(p -> p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p));
  }

  /** E[f(p)] by the trapezoidal rule over 8 standard deviations either way. */
  private double mean(DoubleUnaryOperator f) {
    double sum = 0;
    double mass = 0;
    for (int i = -STEPS; i <= STEPS; i++) {
      double z = i * STEP;
      double density = Math.exp(-z * z / 2);
      sum += density * f.applyAsDouble(Logistic.sigmoid(spread * z));
      mass += density;
    }
    return sum / mass;
  }
}
