package org.laurel.engine.reward;

import java.util.ArrayList;
import java.util.List;
import org.laurel.preference.Logistic;

/**
 * Two scores added so that choices on prompts which neither learnt from are likeliest.
 *
 * @param first what differences by the first score are multiplied by, 0 or more
 * @param second likewise
 */
record Blend(double first, double second) {
  /** Weights of two scores of deviation 1 before anything is seen; what 64% accuracy suggests. */
  private static final double PRIOR_MEAN = 0.5;

  private static final double PRIOR_DEVIATION = 0.3;
  private static final int ITERATIONS = 50;

  /**
   * The mode of both weights under a normal prior on the scale of deviation 1.
   *
   * @param first differences chosen less rejected
   * @param second of the same comparisons
   */
  static Blend fit(double[] first, double[] second) {
    double s1 = scale(first);
    double s2 = scale(second);
    double a = PRIOR_MEAN;
    double b = PRIOR_MEAN;
    double prior = 1 / (PRIOR_DEVIATION * PRIOR_DEVIATION);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      double ga = prior * (PRIOR_MEAN - a);
      double gb = prior * (PRIOR_MEAN - b);
      double haa = prior;
      double hbb = prior;
      double hab = 0;
      for (int i = 0; i < first.length; i++) {
        double x = first[i] / s1;
        double y = second[i] / s2;
        double p = Logistic.sigmoid(-(a * x + b * y)); // of the rejected
        ga += p * x;
        gb += p * y;
        haa += p * (1 - p) * x * x;
        hbb += p * (1 - p) * y * y;
        hab += p * (1 - p) * x * y;
      }
      double determinant = haa * hbb - hab * hab;
      a += (hbb * ga - hab * gb) / determinant;
      b += (haa * gb - hab * ga) / determinant;
    }
    return new Blend(Math.max(0, a) / s1, Math.max(0, b) / s2);
  }

  /**
   * Where nobody judged either: both count alike once their differences are brought to deviation 1.
   *
   * @param first differences of any completions, whoever is better
   * @param second of the same
   */
  static Blend even(double[] first, double[] second) {
    return new Blend(PRIOR_MEAN / scale(first), PRIOR_MEAN / scale(second));
  }

  private static double scale(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return values.length == 0 || sum == 0 ? 1 : Math.sqrt(sum / values.length);
  }

  /**
   * The blended differences where each half of the comparisons is judged by the weights of the
   * other half: what the blend is worth on prompts that it has not seen either.
   *
   * @param halves 0 or 1 for each comparison; those of one prompt alike
   */
  static double[] crossed(double[] first, double[] second, int[] halves) {
    double[] blended = new double[first.length];
    for (int half = 0; half < 2; half++) {
      List<Integer> other = new ArrayList<>();
      for (int i = 0; i < first.length; i++) {
        if (halves[i] != half) {
          other.add(i);
        }
      }
      Blend blend =
          fit(
              other.stream().mapToDouble(i -> first[i]).toArray(),
              other.stream().mapToDouble(i -> second[i]).toArray());
      for (int i = 0; i < first.length; i++) {
        if (halves[i] == half) {
          blended[i] = blend.first() * first[i] + blend.second() * second[i];
        }
      }
    }
    return blended;
  }
}
