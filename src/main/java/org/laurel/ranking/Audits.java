package org.laurel.ranking;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.laurel.preference.ClusteredRate;
import org.laurel.preference.Comparison;
import org.laurel.preference.Interval;
import org.laurel.preference.OrderedGroups;

/**
 * Whether the votes follow what they should not: the place on the page, the length, or an order
 * other than the annotator's own marks. Pure functions over votes; ties say nothing and are left
 * out.
 */
public final class Audits {

  /** Lengths nearer than this to each other count as the same. */
  private static final double SAME_LENGTH = 0.1;

  private Audits() {}

  /**
   * A rate to hold against the one half that an unbiased annotator gives.
   *
   * @param pairs pairs of completions looked at
   * @param rate null without a pair
   * @param low lower end of the 95% interval, clustered by task
   * @param high its upper end
   * @param suspicious whether the interval leaves out one half
   */
  public record Bias(
      long pairs,
      @Nullable Double rate,
      @Nullable Double low,
      @Nullable Double high,
      boolean suspicious) {

    static Bias of(ClusteredRate rate) {
      if (rate.total() == 0) {
        return new Bias(0, null, null, null, false);
      }
      Interval interval = rate.interval();
      boolean off = interval.low() > 0.5 || interval.high() < 0.5;
      return new Bias(rate.total(), rate.rate(), interval.low(), interval.high(), off);
    }
  }

  /**
   * How the order on the page tells.
   *
   * @param upperChosen how often the completion shown further up was preferred
   * @param bestByPosition for each position from the top how often the completion there was ranked
   *     best, a shared first place counting its share
   * @param asShown rankings that are just the order shown
   * @param asShownByChance how many of those chance alone would give
   */
  public record Position(
      Bias upperChosen, List<Double> bestByPosition, long asShown, double asShownByChance) {}

  static Position position(Collection<List<Vote>> votesByTask) {
    ClusteredRate upper = new ClusteredRate();
    double[] best = new double[9];
    int widest = 0;
    long ranked = 0;
    long asShown = 0;
    double byChance = 0;
    for (List<Vote> votes : votesByTask) {
      long hits = 0;
      long pairs = 0;
      for (Vote vote : votes) {
        OrderedGroups<UUID> groups = vote.groups();
        if (groups == null) {
          continue;
        }
        ranked++;
        asShown += vote.asShown() ? 1 : 0;
        byChance += groups.groups().size() == groups.size() ? 1 / factorial(groups.size()) : 0;
        widest = Math.max(widest, Math.min(best.length, groups.size()));
        List<UUID> first = groups.groups().get(0);
        for (UUID id : first) {
          int position = vote.displayOrder().indexOf(id);
          if (position >= 0 && position < best.length) {
            best[position] += 1.0 / first.size();
          }
        }
        for (Comparison<UUID> pair : groups.comparisons()) {
          if (!pair.tie()) {
            pairs++;
            hits += above(vote.displayOrder(), pair) ? 1 : 0;
          }
        }
      }
      upper.add(hits, pairs);
    }
    long count = ranked;
    List<Double> shares =
        IntStream.range(0, widest).mapToObj(i -> best[i] / Math.max(1, count)).toList();
    return new Position(Bias.of(upper), shares, asShown, byChance);
  }

  /**
   * How often the longer completion was preferred, among pairs more than a tenth apart.
   *
   * @param lengths completion to characters
   */
  static Bias length(Collection<List<Vote>> votesByTask, Map<UUID, Integer> lengths) {
    ClusteredRate longer = new ClusteredRate();
    for (List<Vote> votes : votesByTask) {
      long hits = 0;
      long pairs = 0;
      for (Vote vote : votes) {
        for (Comparison<UUID> pair : comparisons(vote)) {
          int chosen = lengths.getOrDefault(pair.chosen(), 0);
          int rejected = lengths.getOrDefault(pair.rejected(), 0);
          boolean apart = Math.abs(chosen - rejected) > SAME_LENGTH * Math.max(chosen, rejected);
          if (!pair.tie() && apart) {
            pairs++;
            hits += chosen > rejected ? 1 : 0;
          }
        }
      }
      longer.add(hits, pairs);
    }
    return Bias.of(longer);
  }

  /**
   * The annotators' marks against their own orders.
   *
   * @param pairs pairs of completions with two marks
   * @param same marks and order agree, ties included
   * @param opposite the worse one got the better mark
   * @param halfTied one says tie and the other does not
   */
  public record Consistency(long pairs, long same, long opposite, long halfTied) {}

  static Consistency consistency(Collection<List<Vote>> votesByTask) {
    long same = 0;
    long opposite = 0;
    long halfTied = 0;
    for (List<Vote> votes : votesByTask) {
      for (Vote vote : votes) {
        for (Comparison<UUID> pair : comparisons(vote)) {
          Integer chosen = vote.ratings().get(pair.chosen());
          Integer rejected = vote.ratings().get(pair.rejected());
          if (chosen == null || rejected == null) {
            continue;
          }
          boolean sameMark = chosen.equals(rejected);
          if (pair.tie() == sameMark && (pair.tie() || chosen > rejected)) {
            same++;
          } else if (pair.tie() || sameMark) {
            halfTied++;
          } else {
            opposite++;
          }
        }
      }
    }
    return new Consistency(same + opposite + halfTied, same, opposite, halfTied);
  }

  private static List<Comparison<UUID>> comparisons(Vote vote) {
    OrderedGroups<UUID> groups = vote.groups();
    return groups == null ? List.of() : groups.comparisons();
  }

  private static boolean above(List<UUID> displayOrder, Comparison<UUID> pair) {
    return displayOrder.indexOf(pair.chosen()) < displayOrder.indexOf(pair.rejected());
  }

  private static double factorial(int n) {
    return n < 2 ? 1 : n * factorial(n - 1);
  }
}
