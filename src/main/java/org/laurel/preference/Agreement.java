package org.laurel.preference;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How well annotators agree who ranked the same completions.
 *
 * <p>Every method takes, for each prompt, the rankings that different annotators gave of the same
 * completions; prompts with one ranking say nothing and are passed over.
 */
public final class Agreement {

  private Agreement() {}

  /**
   * What two annotators made of the same pairs of completions.
   *
   * @param same pairs on which both chose the same completion, or both called a tie
   * @param opposite pairs on which each chose another completion
   * @param halfTied pairs that exactly one of the two called a tie
   */
  public record Pairs(long same, long opposite, long halfTied) {

    /** Number of pairs judged by two annotators. */
    public long total() {
      return same + opposite + halfTied;
    }

    /** Share of pairs with the same verdict out of three; NaN without a pair. */
    public double rate() {
      return total() == 0 ? Double.NaN : (double) same / total();
    }

    /**
     * Share of pairs agreed on where a tie against a choice counts as half; NaN without a pair.
     * This is the figure to hold against a reward model's accuracy.
     */
    public double rateWithHalfTies() {
      return total() == 0 ? Double.NaN : (same + 0.5 * halfTied) / total();
    }

    /** These pairs and those. */
    public Pairs plus(Pairs other) {
      return new Pairs(same + other.same, opposite + other.opposite, halfTied + other.halfTied);
    }
  }

  /** Counts over all prompts, each pair of annotators and each pair of completions once. */
  public static <C> Pairs pairwise(
      Collection<? extends Collection<OrderedGroups<C>>> rankingsByPrompt) {
    Pairs sum = new Pairs(0, 0, 0);
    for (Collection<OrderedGroups<C>> rankings : rankingsByPrompt) {
      List<OrderedGroups<C>> list = List.copyOf(rankings);
      for (int i = 0; i < list.size(); i++) {
        for (int j = i + 1; j < list.size(); j++) {
          sum = sum.plus(pairwise(list.get(i), list.get(j)));
        }
      }
    }
    return sum;
  }

  /**
   * Counts between two rankings.
   *
   * @throws IllegalArgumentException if they rank different completions
   */
  public static <C> Pairs pairwise(OrderedGroups<C> one, OrderedGroups<C> other) {
    requireSameCompletions(one, other);
    long same = 0;
    long opposite = 0;
    long halfTied = 0;
    for (Comparison<C> comparison : one.comparisons()) {
      int verdict = verdict(other, comparison.chosen(), comparison.rejected());
      if (comparison.tie() ? verdict == 0 : verdict > 0) {
        same++;
      } else if (comparison.tie() || verdict == 0) {
        halfTied++;
      } else {
        opposite++;
      }
    }
    return new Pairs(same, opposite, halfTied);
  }

  /**
   * Krippendorff's alpha over the verdicts on pairs of completions: worse 0, tie 0.5, better 1 with
   * squared differences. Each pair enters in both orientations, since which completion comes first
   * means nothing; chance is therefore a fair coin but for ties. 1 is full agreement, 0 chance; NaN
   * without a pair that two judged. At least 0.8 is good, 0.67 to 0.8 tentative.
   */
  public static <C> double alpha(
      Collection<? extends Collection<OrderedGroups<C>>> rankingsByPrompt) {
    List<double[]> units = new ArrayList<>();
    for (Collection<OrderedGroups<C>> rankings : rankingsByPrompt) {
      List<OrderedGroups<C>> list = List.copyOf(rankings);
      if (list.size() < 2) {
        continue;
      }
      list.forEach(ranking -> requireSameCompletions(list.get(0), ranking));
      for (Comparison<C> pair : list.get(0).comparisons()) {
        double[] forward =
            list.stream()
                .mapToDouble(r -> 0.5 + 0.5 * verdict(r, pair.chosen(), pair.rejected()))
                .toArray();
        double[] backward = new double[forward.length];
        for (int i = 0; i < forward.length; i++) {
          backward[i] = 1 - forward[i];
        }
        units.add(forward);
        units.add(backward);
      }
    }
    return alpha(units, Scale.INTERVAL);
  }

  /** How far apart two values are in {@link #alpha(List, Scale)}. */
  public enum Scale {
    /** Different or not. */
    NOMINAL,
    /** By the number of values that lie between, as for ratings from 1 to 7. */
    ORDINAL,
    /** By the squared difference. */
    INTERVAL
  }

  /**
   * Krippendorff's alpha, 1 - observed / expected disagreement (Krippendorff 2011, "Computing
   * Krippendorff's Alpha-Reliability").
   *
   * @param units for each thing judged the values it got, one an annotator; those with fewer than
   *     two are passed over
   * @return at most 1; NaN if nothing was judged twice; 1 if only one value ever occurs
   */
  public static double alpha(List<double[]> units, Scale scale) {
    TreeMap<Double, Double> counts = new TreeMap<>();
    double n = 0;
    for (double[] unit : units) {
      if (unit.length >= 2) {
        n += unit.length;
        for (double value : unit) {
          counts.merge(value, 1.0, Double::sum);
        }
      }
    }
    if (n == 0) {
      return Double.NaN;
    }
    double observed = 0;
    for (double[] unit : units) {
      for (int i = 0; i < unit.length; i++) {
        for (int j = 0; j < i; j++) {
          observed += 2 * distance(unit[i], unit[j], counts, scale) / (unit.length - 1);
        }
      }
    }
    double expected = 0;
    for (Map.Entry<Double, Double> a : counts.entrySet()) {
      for (Map.Entry<Double, Double> b : counts.entrySet()) {
        expected +=
            a.getValue() * b.getValue() * distance(a.getKey(), b.getKey(), counts, scale) / (n - 1);
      }
    }
    return expected == 0 ? 1 : 1 - observed / expected;
  }

  private static double distance(double a, double b, TreeMap<Double, Double> counts, Scale scale) {
    if (a == b) {
      return 0;
    }
    return switch (scale) {
      case NOMINAL -> 1;
      case INTERVAL -> (a - b) * (a - b);
      case ORDINAL -> {
        double between =
            counts.subMap(Math.min(a, b), true, Math.max(a, b), true).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        double d = between - (count(counts, a) + count(counts, b)) / 2;
        yield d * d;
      }
    };
  }

  private static double count(TreeMap<Double, Double> counts, double value) {
    return counts.getOrDefault(value, 0.0);
  }

  /** 1 if the ranking puts the first above the second, 0 for a tie, -1 otherwise. */
  private static <C> int verdict(OrderedGroups<C> ranking, C first, C second) {
    return Integer.signum(ranking.rank(second) - ranking.rank(first));
  }

  private static <C> void requireSameCompletions(OrderedGroups<C> one, OrderedGroups<C> other) {
    if (!Set.copyOf(one.completions()).equals(Set.copyOf(other.completions()))) {
      throw new IllegalArgumentException(
          "rankings of different completions cannot agree: "
              + one.completions()
              + " and "
              + other.completions());
    }
  }
}
