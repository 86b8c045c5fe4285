package org.laurel.preference;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Bradley-Terry on many sparse features: P(chosen) = sigmoid(w (x_chosen - x_rejected)), with a
 * normal prior on w.
 *
 * <p>Fitted by dual coordinate ascent (Yu, Huang and Lin 2011): every choice has a multiplier
 * between 0 and 1, found exactly while the others stand still; w is C times the sum of multipliers
 * (each less the doubt in its choice) times differences. No learning rate, the same result every
 * time, and a second for thousands of choices.
 */
public final class SparseBradleyTerry {
  private static final int PASSES = 40;
  private static final int HALVINGS = 24;

  /** A pass that moves no multiplier further than this is the last. */
  private static final double SETTLED = 1e-4;

  /** Variances of the prior that are tried. */
  private static final double[] VARIANCES = {0.03, 0.1, 0.3, 1, 3, 10, 30};

  private static final int FOLDS = 5;

  private SparseBradleyTerry() {}

  /**
   * What is known of one completion; everything else is 0.
   *
   * @param indices ascending, each once
   * @param values of those features
   */
  @SuppressWarnings("ArrayRecordComponent") // only ever read
  public record Features(int[] indices, float[] values) {
    private double dot(double[] weights) {
      double sum = 0;
      for (int i = 0; i < indices.length; i++) {
        sum += weights[indices[i]] * values[i];
      }
      return sum;
    }

    private void addTo(double[] weights, double times) {
      for (int i = 0; i < indices.length; i++) {
        weights[indices[i]] += times * values[i];
      }
    }

    /** |x - y|^2. */
    private double squareDistance(Features other) {
      double sum = 0;
      int i = 0;
      int j = 0;
      while (i < indices.length || j < other.indices.length) {
        int mine = i < indices.length ? indices[i] : Integer.MAX_VALUE;
        int theirs = j < other.indices.length ? other.indices[j] : Integer.MAX_VALUE;
        double difference =
            (mine <= theirs ? values[i] : 0) - (theirs <= mine ? other.values[j] : 0);
        sum += difference * difference;
        i += mine <= theirs ? 1 : 0;
        j += theirs <= mine ? 1 : 0;
      }
      return sum;
    }
  }

  /**
   * One completion that was preferred to another.
   *
   * @param certainty probability p that it is, a soft label: the loss is p L(chosen) + (1 - p)
   *     L(rejected)
   */
  public record Choice(Features chosen, Features rejected, double certainty) {
    /** A choice that is beyond doubt. */
    public Choice(Features chosen, Features rejected) {
      this(chosen, rejected, 1);
    }

    private double margin(double[] weights) {
      return chosen.dot(weights) - rejected.dot(weights);
    }
  }

  /**
   * The mode of w.
   *
   * @param width number of features
   * @param variance C, of the prior of every weight
   */
  public static double[] fit(List<Choice> choices, int width, double variance) {
    double[] weights = new double[width];
    // what a choice adds to w is its multiplier less 1 - p, and w begins at 0
    double[] multipliers = choices.stream().mapToDouble(c -> 1 - c.certainty()).toArray();
    double[] curvatures =
        choices.stream()
            .mapToDouble(c -> variance * c.chosen().squareDistance(c.rejected()))
            .toArray();
    double furthest = 1;
    for (int pass = 0; pass < PASSES && furthest > SETTLED; pass++) {
      furthest = 0;
      for (int i = 0; i < multipliers.length; i++) {
        Choice choice = choices.get(i);
        double before = multipliers[i];
        double after = multiplier(choice.margin(weights), before, curvatures[i]);
        multipliers[i] = after;
        furthest = Math.max(furthest, Math.abs(after - before));
        double step = variance * (after - before);
        choice.chosen().addTo(weights, step);
        choice.rejected().addTo(weights, -step);
      }
    }
    return weights;
  }

  /** The root of log((1 - a) / a) - margin - (a - before) curvature, which falls in a. */
  private static double multiplier(double margin, double before, double curvature) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double a = (low + high) / 2;
      if (Math.log((1 - a) / a) - margin - (a - before) * curvature > 0) {
        low = a;
      } else {
        high = a;
      }
    }
    return (low + high) / 2;
  }

  /**
   * The variance under which choices left out in turn are likeliest, among a few from 0.03 to 30.
   *
   * @param groups of equal number are left out together, such as choices on one prompt
   */
  public static double bestVariance(List<Choice> choices, int[] groups, int width) {
    double best = VARIANCES[0];
    double least = Double.POSITIVE_INFINITY;
    for (double variance : VARIANCES) {
      double[] margins = leftOut(choices, groups, width, variance);
      double loss =
          IntStream.range(0, margins.length)
              .mapToDouble(i -> Logistic.loss(margins[i], choices.get(i).certainty()))
              .sum();
      if (loss >= least) {
        break; // it falls, then rises
      }
      least = loss;
      best = variance;
    }
    return best;
  }

  /** For every choice its margin with a w that was fitted without its fifth of the groups. */
  public static double[] leftOut(List<Choice> choices, int[] groups, int width, double variance) {
    double[] margins = new double[choices.size()];
    IntStream.range(0, FOLDS)
        .parallel()
        .forEach(
            left -> {
              int[] own =
                  IntStream.range(0, margins.length)
                      .filter(i -> Math.floorMod(groups[i], FOLDS) == left)
                      .toArray();
              List<Choice> rest =
                  IntStream.range(0, margins.length)
                      .filter(i -> Math.floorMod(groups[i], FOLDS) != left)
                      .mapToObj(choices::get)
                      .toList();
              double[] weights = fit(rest, width, variance);
              for (int i : own) {
                margins[i] = choices.get(i).margin(weights);
              }
            });
    return margins;
  }
}
