package org.laurel.preference;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Bradley-Terry on a few hundred dense features, with what is left unknown: P(i is chosen over j) =
 * sigmoid(w (x_i - x_j)), a normal prior on w, and the normal posterior around its mode (Laplace's
 * approximation; MacKay 1992).
 */
public final class DenseBradleyTerry {
  private static final int ITERATIONS = 12;
  private static final double CLOSE = 1e-6;
  private static final int FOLDS = 5;

  private final double[] weights;
  private final double[][] factor;

  private DenseBradleyTerry(double[] weights, double[][] factor) {
    this.weights = weights;
    this.factor = factor;
  }

  /**
   * Fits w by Newton's method.
   *
   * @param differences features of the chosen less those of the rejected, [comparisons][features]
   * @param precision of the prior of every weight, above 0
   */
  public static DenseBradleyTerry fit(float[][] differences, int features, double precision) {
    return fit(differences, certain(differences.length), features, precision);
  }

  /**
   * The same with soft labels: the loss is p L(chosen) + (1 - p) L(rejected).
   *
   * @param certainties p, probabilities that the choices are as given, [comparisons]
   */
  public static DenseBradleyTerry fit(
      float[][] differences, double[] certainties, int features, double precision) {
    double[] weights = new double[features];
    double[][] factor = new double[features][features];
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      double[] gradient = new double[features];
      double[][] information = new double[features][features];
      for (int i = 0; i < features; i++) {
        gradient[i] = -precision * weights[i];
        information[i][i] = precision;
      }
      for (int c = 0; c < differences.length; c++) {
        float[] x = differences[c];
        double wrong = Logistic.sigmoid(-dot(weights, x));
        double pull = wrong - (1 - certainties[c]);
        double weight = wrong * (1 - wrong);
        for (int i = 0; i < features; i++) {
          gradient[i] += pull * x[i];
          double scaled = weight * x[i];
          double[] row = information[i];
          for (int j = 0; j <= i; j++) {
            row[j] += scaled * x[j];
          }
        }
      }
      factor = cholesky(information);
      double[] step = solve(factor, gradient);
      double longest = 0;
      for (int i = 0; i < features; i++) {
        weights[i] += step[i];
        longest = Math.max(longest, Math.abs(step[i]));
      }
      if (longest < CLOSE) {
        break;
      }
    }
    return new DenseBradleyTerry(weights, factor);
  }

  /**
   * The precision under which choices left out in turn are likeliest.
   *
   * @param certainties as in {@link #fit(float[][], double[], int, double)}
   * @param groups of equal number are left out together, such as choices on one prompt
   * @param precisions to be tried, the greatest first; the search ends where it gets worse
   */
  public static double bestPrecision(
      float[][] differences,
      double[] certainties,
      int[] groups,
      int features,
      double... precisions) {
    double best = precisions[0];
    double least = Double.POSITIVE_INFINITY;
    for (double precision : precisions) {
      double loss =
          IntStream.range(0, FOLDS)
              .parallel()
              .mapToDouble(
                  fold -> lossOf(fold, differences, certainties, groups, features, precision))
              .sum();
      if (loss >= least) {
        break;
      }
      least = loss;
      best = precision;
    }
    return best;
  }

  private static double lossOf(
      int fold,
      float[][] differences,
      double[] certainties,
      int[] groups,
      int features,
      double precision) {
    int[] rest =
        IntStream.range(0, groups.length)
            .filter(i -> Math.floorMod(groups[i], FOLDS) != fold)
            .toArray();
    DenseBradleyTerry fit =
        fit(
            Arrays.stream(rest).mapToObj(i -> differences[i]).toArray(float[][]::new),
            Arrays.stream(rest).mapToDouble(i -> certainties[i]).toArray(),
            features,
            precision);
    return IntStream.range(0, groups.length)
        .filter(i -> Math.floorMod(groups[i], FOLDS) == fold)
        .mapToDouble(i -> Logistic.loss(fit.margin(differences[i]), certainties[i]))
        .sum();
  }

  private static double[] certain(int choices) {
    double[] certainties = new double[choices];
    Arrays.fill(certainties, 1);
    return certainties;
  }

  /** w, by feature. */
  public double[] weights() {
    return weights.clone();
  }

  /** w x: by how much the first of a pair is ahead, in log odds. */
  public double margin(float[] difference) {
    return dot(weights, difference);
  }

  /** Standard deviation of {@link #margin} under the posterior. */
  public double deviation(float[] difference) {
    double[] y = forward(factor, widened(difference));
    return Math.sqrt(Arrays.stream(y).map(v -> v * v).sum());
  }

  /**
   * The probability that the first is chosen, averaged over the posterior (MacKay's approximation):
   * nearer to one half the less is known.
   */
  public double probability(float[] difference) {
    double deviation = deviation(difference);
    double shrunk = margin(difference) / Math.sqrt(1 + Math.PI * deviation * deviation / 8);
    return Logistic.sigmoid(shrunk);
  }

  private static double dot(double[] weights, float[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += weights[i] * x[i];
    }
    return sum;
  }

  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  /** The lower triangle L of A = L L'; A's lower triangle is read. */
  private static double[][] cholesky(double[][] a) {
    int n = a.length;
    double[][] l = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    return l;
  }

  /** y with L y = b. */
  private static double[] forward(double[][] l, double[] b) {
    double[] y = b.clone();
    for (int i = 0; i < y.length; i++) {
      for (int k = 0; k < i; k++) {
        y[i] -= l[i][k] * y[k];
      }
      y[i] /= l[i][i];
    }
    return y;
  }

  /** x with L L' x = b. */
  private static double[] solve(double[][] l, double[] b) {
    double[] x = forward(l, b);
    for (int i = x.length - 1; i >= 0; i--) {
      for (int k = i + 1; k < x.length; k++) {
        x[i] -= l[k][i] * x[k];
      }
      x[i] /= l[i][i];
    }
    return x;
  }
}
