package org.laurel.simulation.learning;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.laurel.preference.Logistic;

/**
 * Rankings as Bradley and Terry would have them: completion i beats j with probability
 * sigmoid((gold_i - gold_j) / temperature). A Gumbel variate added to each score gives rankings of
 * which every pair obeys this [Yellott 1977].
 *
 * @param temperature how much of the gold preference a vote forgets
 */
record NoisyVotes(double temperature) {

  /**
   * The temperature at which votes agree with the gold preference in a given share of all pairs.
   *
   * @param gold scores of the completions of each ranking
   * @param agreement above 0.5, below 1
   */
  static NoisyVotes agreeing(List<double[]> gold, double agreement) {
    double low = 1e-3;
    double high = 1e3;
    for (int i = 0; i < 80; i++) {
      double middle = Math.sqrt(low * high);
      if (new NoisyVotes(middle).agreement(gold) > agreement) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new NoisyVotes(Math.sqrt(low * high));
  }

  /** Expected share of pairs that a vote orders as the gold preference does; equal ones a half. */
  double agreement(List<double[]> gold) {
    return overPairs(gold, (difference, ignored) -> probability(Math.abs(difference)));
  }

  /** Least log loss that any prediction of the votes can have, nats a pair. */
  double logLossFloor(List<double[]> gold) {
    return overPairs(
        gold,
        (difference, ignored) -> {
          double p = probability(difference);
          return -(p * Math.log(p) + (1 - p) * Math.log1p(-p));
        });
  }

  /** Probability that the first of two completions wins. */
  double probability(double goldDifference) {
    return Logistic.sigmoid(goldDifference / temperature);
  }

  /** Indices of the completions, best first. */
  List<Integer> rank(double[] gold, SplittableRandom random) {
    double[] felt = new double[gold.length];
    for (int i = 0; i < felt.length; i++) {
      felt[i] = gold[i] / temperature - Math.log(-Math.log(random.nextDouble(1e-12, 1)));
    }
    return IntStream.range(0, felt.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -felt[i]))
        .toList();
  }

  /** A figure of a pair by the differences of two kinds of scores. */
  interface PairFigure {
    double of(double goldDifference, double otherDifference);
  }

  static double overPairs(List<double[]> gold, PairFigure figure) {
    return overPairs(gold, gold, figure);
  }

  /** Mean over all pairs within each list. */
  static double overPairs(List<double[]> gold, List<double[]> other, PairFigure figure) {
    double sum = 0;
    long pairs = 0;
    for (int r = 0; r < gold.size(); r++) {
      double[] g = gold.get(r);
      double[] o = other.get(r);
      for (int i = 0; i < g.length; i++) {
        for (int j = i + 1; j < g.length; j++) {
          sum += figure.of(g[i] - g[j], o[i] - o[j]);
          pairs++;
        }
      }
    }
    return sum / pairs;
  }
}
