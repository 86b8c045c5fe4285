package org.laurel.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Noise on rankings [Mallows 1957]: the probability of a ranking falls by the factor {@code phi}
 * with every pair that it orders against the true ranking. Items far apart in the true ranking are
 * confused less often than neighbours, as with people.
 *
 * @param phi 0 repeats the true ranking, 1 is a coin flip for every pair
 */
record Mallows(double phi) {

  /**
   * The noise under which a pair of {@code items} is ordered as in the true ranking with
   * probability {@code accuracy}, on average over all pairs.
   *
   * @param accuracy from 0.5 to 1
   */
  static Mallows ofAccuracy(double accuracy, int items) {
    if (!(accuracy >= 0.5 && accuracy <= 1)) {
      throw new IllegalArgumentException(
          "pair accuracy is " + accuracy + ", it must lie between 0.5 and 1");
    }
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (new Mallows(middle).accuracy(items) > accuracy) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new Mallows((low + high) / 2);
  }

  /** Expected share of the {@code items * (items - 1) / 2} pairs that keep their true order. */
  double accuracy(int items) {
    double inversions = 0;
    for (int j = 1; j <= items; j++) {
      double total = 0;
      double weighted = 0;
      for (int back = 0; back < j; back++) {
        double weight = Math.pow(phi, back);
        total += weight;
        weighted += back * weight;
      }
      inversions += weighted / total;
    }
    return items < 2 ? 1 : 1 - inversions / (items * (items - 1) / 2.0);
  }

  /** A noisy copy of the true ranking by repeated insertion [Doignon et al. 2004]. */
  <T> List<T> sample(List<T> truth, RandomGenerator random) {
    List<T> ranking = new ArrayList<>();
    for (T item : truth) {
      ranking.add(ranking.size() - stepsForward(ranking.size(), random), item);
    }
    return ranking;
  }

  /** From 0 to {@code most}, each step less likely by the factor phi. */
  private int stepsForward(int most, RandomGenerator random) {
    double total = 0;
    for (int back = 0; back <= most; back++) {
      total += Math.pow(phi, back);
    }
    double draw = random.nextDouble() * total;
    for (int back = 0; back < most; back++) {
      draw -= Math.pow(phi, back);
      if (draw < 0) {
        return back;
      }
    }
    return most;
  }
}
