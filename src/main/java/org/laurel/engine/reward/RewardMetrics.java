package org.laurel.engine.reward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.laurel.preference.Logistic;

/** How well a reward model predicts people's choices. Ties are left out but for their own count. */
public final class RewardMetrics {

  private static final int BINS = 15;
  private static final double[] MARGINS = {-4, -2, -1, -0.5, 0, 0.5, 1, 2, 4};
  private static final int MIN_GROUP = 10;
  private static final int SEARCHES = 40;

  private RewardMetrics() {}

  /**
   * All figures by name: {@code accuracy}, {@code log_loss}, {@code ece}, {@code
   * accuracy/length_only} (the longer completion wins: the baseline to beat), {@code margin/...}
   * (histogram of differences, shares), {@code corr_difference_length}, and the accuracy by
   * annotator, strength and length difference where at least ten choices allow one.
   */
  public static Map<String, Double> of(List<JudgedPair> pairs) {
    List<JudgedPair> choices = pairs.stream().filter(pair -> !pair.tie()).toList();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("pairs", (double) choices.size());
    metrics.put("ties", (double) (pairs.size() - choices.size()));
    if (choices.isEmpty()) {
      return metrics;
    }
    metrics.put("accuracy", accuracy(choices));
    metrics.put("log_loss", logLoss(choices));
    metrics.put("ece", expectedCalibrationError(choices));
    metrics.put("accuracy/length_only", mean(choices, pair -> half(pair.lengthDifference())));
    metrics.put(
        "corr_difference_length",
        correlation(
            choices.stream().mapToDouble(JudgedPair::difference).toArray(),
            choices.stream().mapToDouble(JudgedPair::lengthDifference).toArray()));
    marginHistogram(choices, metrics);
    byGroup(choices, "annotator", JudgedPair::annotator, metrics);
    byGroup(choices, "strength", JudgedPair::strength, metrics);
    byGroup(choices, "chosen", RewardMetrics::lengthGroup, metrics);
    return metrics;
  }

  /** Share of choices predicted; equal scores count half. */
  public static double accuracy(List<JudgedPair> choices) {
    return mean(choices, pair -> half(pair.difference()));
  }

  /** Mean of -log sigmoid(difference), nats. */
  public static double logLoss(List<JudgedPair> choices) {
    return mean(choices, pair -> Logistic.loss(pair.difference()));
  }

  /**
   * What all differences have to be multiplied by for the lowest log loss, between 1/64 and 64: the
   * loss is convex in it (temperature scaling, Guo et al. 2017).
   */
  static double bestScale(List<JudgedPair> choices) {
    double low = -6;
    double high = 6;
    for (int i = 0; i < SEARCHES; i++) {
      double one = low + (high - low) / 3;
      double other = high - (high - low) / 3;
      if (scaledLogLoss(choices, one) < scaledLogLoss(choices, other)) {
        high = other;
      } else {
        low = one;
      }
    }
    return Math.pow(2, (low + high) / 2);
  }

  /**
   * The log loss at {@link #bestScale}: what the order of the scores and their ratios are worth.
   */
  static double bestLogLoss(List<JudgedPair> choices) {
    double scale = bestScale(choices);
    return mean(choices, pair -> Logistic.loss(scale * pair.difference()));
  }

  private static double scaledLogLoss(List<JudgedPair> choices, double logScale) {
    double scale = Math.pow(2, logScale);
    return mean(choices, pair -> Logistic.loss(scale * pair.difference()));
  }

  /**
   * Expected calibration error (Guo et al. 2017): how far the share of right predictions is from
   * the confidence sigmoid(|difference|), in 15 equal bins of [0.5, 1], weighted by their sizes.
   */
  public static double expectedCalibrationError(List<JudgedPair> choices) {
    double[] confidence = new double[BINS];
    double[] right = new double[BINS];
    for (JudgedPair pair : choices) {
      double p = Logistic.sigmoid(Math.abs(pair.difference()));
      int bin = Math.min(BINS - 1, (int) ((p - 0.5) * 2 * BINS));
      confidence[bin] += p;
      right[bin] += half(pair.difference());
    }
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(confidence[bin] - right[bin]);
    }
    return error / choices.size();
  }

  /** Pearson's correlation; 0 if one side does not vary. */
  public static double correlation(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElse(0);
    double meanY = Arrays.stream(y).average().orElse(0);
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
  }

  private static void marginHistogram(List<JudgedPair> choices, Map<String, Double> metrics) {
    for (int bin = 0; bin <= MARGINS.length; bin++) {
      double low = bin == 0 ? Double.NEGATIVE_INFINITY : MARGINS[bin - 1];
      double high = bin == MARGINS.length ? Double.POSITIVE_INFINITY : MARGINS[bin];
      String name = bin == 0 ? "below_" + MARGINS[0] : "from_" + low;
      metrics.put(
          "margin/" + name,
          mean(choices, pair -> pair.difference() >= low && pair.difference() < high ? 1 : 0));
    }
  }

  private static void byGroup(
      List<JudgedPair> choices,
      String name,
      Function<JudgedPair, @Nullable Object> key,
      Map<String, Double> metrics) {
    Map<String, List<JudgedPair>> groups = new LinkedHashMap<>();
    for (JudgedPair pair : choices) {
      Object value = key.apply(pair);
      if (value != null) {
        groups.computeIfAbsent(value.toString(), unused -> new ArrayList<>()).add(pair);
      }
    }
    groups.forEach(
        (value, group) -> {
          if (group.size() >= MIN_GROUP) {
            metrics.put("accuracy/" + name + "/" + value, accuracy(group));
          }
        });
  }

  private static String lengthGroup(JudgedPair pair) {
    int difference = pair.lengthDifference();
    return difference > 0 ? "longer" : difference < 0 ? "shorter" : "as_long";
  }

  private static double half(double difference) {
    return difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
  }

  private static double mean(List<JudgedPair> pairs, ToDoubleFunction<JudgedPair> figure) {
    return pairs.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }
}
