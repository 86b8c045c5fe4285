package org.laurel.preference;

import java.util.Arrays;

/**
 * The Bradley-Terry model fitted to a table of wins between few items, such as policies: the odds
 * that item i beats item j are exp(strength i - strength j).
 *
 * <p>Newton's method on the log likelihood with a normal prior on every strength, which keeps an
 * item that never lost finite; covariance is the inverse of the negative Hessian at the mode. Ties
 * count as half a win for each side.
 */
public final class BradleyTerry {

  /** Standard deviation of the prior in log odds: wide beside any difference people can tell. */
  public static final double PRIOR_DEVIATION = 3;

  private static final double NORMAL_95 = 1.959964;
  private static final int MAX_ITERATIONS = 100;

  private final double[] strengths;
  private final double[][] covariance;

  private BradleyTerry(double[] strengths, double[][] covariance) {
    this.strengths = strengths;
    this.covariance = covariance;
  }

  /**
   * Fits the model.
   *
   * @param wins {@code wins[i][j]}: how often item i beat item j, a tie adding half to both {@code
   *     wins[i][j]} and {@code wins[j][i]}
   * @throws IllegalArgumentException if the table is not square or a count is negative
   */
  public static BradleyTerry fit(double[][] wins) {
    int n = wins.length;
    for (double[] row : wins) {
      if (row.length != n || Arrays.stream(row).anyMatch(count -> !(count >= 0))) {
        throw new IllegalArgumentException("the table of wins must be square, without negatives");
      }
    }
    double prior = 1 / (PRIOR_DEVIATION * PRIOR_DEVIATION);
    double[] strengths = new double[n];
    for (int iteration = 0; ; iteration++) {
      double[] gradient = new double[n];
      double[][] information = new double[n][n];
      for (int i = 0; i < n; i++) {
        gradient[i] -= prior * strengths[i];
        information[i][i] += prior;
        for (int j = 0; j < i; j++) {
          double games = wins[i][j] + wins[j][i];
          double p = Logistic.sigmoid(strengths[i] - strengths[j]);
          gradient[i] += wins[i][j] - games * p;
          gradient[j] -= wins[i][j] - games * p;
          double weight = games * p * (1 - p);
          information[i][i] += weight;
          information[j][j] += weight;
          information[i][j] -= weight;
          information[j][i] -= weight;
        }
      }
      double[][] covariance = inverse(information);
      double largest = 0;
      for (int i = 0; i < n; i++) {
        double step = 0;
        for (int j = 0; j < n; j++) {
          step += covariance[i][j] * gradient[j];
        }
        // a step of one log odd at most: full Newton steps overshoot on lopsided tables
        strengths[i] += Math.max(-1, Math.min(1, step));
        largest = Math.max(largest, Math.abs(step));
      }
      if (largest < 1e-10 || iteration == MAX_ITERATIONS) {
        return new BradleyTerry(strengths, covariance);
      }
    }
  }

  /** Strength of an item in log odds; the strengths sum to zero. */
  public double strength(int item) {
    return strengths[item];
  }

  /** Elo rating: 1000 on average, 400 points for odds of ten to one. */
  public double elo(int item) {
    return 1000 + 400 / Math.log(10) * strengths[item];
  }

  /** Probability that the first beats the second. */
  public double winProbability(int first, int second) {
    return Logistic.sigmoid(strengths[first] - strengths[second]);
  }

  /** 95% interval of {@link #winProbability}. */
  public Interval winInterval(int first, int second) {
    double difference = strengths[first] - strengths[second];
    double deviation =
        Math.sqrt(
            covariance[first][first] + covariance[second][second] - 2 * covariance[first][second]);
    return new Interval(
        Logistic.sigmoid(difference - NORMAL_95 * deviation),
        Logistic.sigmoid(difference + NORMAL_95 * deviation));
  }

  /** Gauss-Jordan on a symmetric positive definite matrix, which needs no pivoting. */
  private static double[][] inverse(double[][] matrix) {
    int n = matrix.length;
    double[][] left = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
    double[][] right = new double[n][n];
    for (int i = 0; i < n; i++) {
      right[i][i] = 1;
    }
    for (int column = 0; column < n; column++) {
      double pivot = left[column][column];
      for (int k = 0; k < n; k++) {
        left[column][k] /= pivot;
        right[column][k] /= pivot;
      }
      for (int row = 0; row < n; row++) {
        double factor = left[row][column];
        if (row != column && factor != 0) {
          for (int k = 0; k < n; k++) {
            left[row][k] -= factor * left[column][k];
            right[row][k] -= factor * right[column][k];
          }
        }
      }
    }
    return right;
  }
}
