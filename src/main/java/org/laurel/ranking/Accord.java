package org.laurel.ranking;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.preference.Agreement;
import org.laurel.preference.Agreement.Pairs;
import org.laurel.preference.ClusteredRate;
import org.laurel.preference.Interval;
import org.laurel.preference.OrderedGroups;

/**
 * How far annotators agree who ranked the same task.
 *
 * @param tasks tasks that two or more ranked, or that one ranked and a reviewer settled
 * @param pairs pairs of completions judged by two annotators, each pair of annotators once
 * @param rate share of them with the same verdict, a tie against a choice counting half: the figure
 *     to hold against a reward model's accuracy; null without a pair
 * @param low lower end of its 95% interval, clustered by task
 * @param high its upper end
 * @param sameVerdict share with the same verdict out of better, worse and tie
 * @param alpha Krippendorff's alpha; null if nothing was judged twice
 */
public record Accord(
    long tasks,
    long pairs,
    @Nullable Double rate,
    @Nullable Double low,
    @Nullable Double high,
    @Nullable Double sameVerdict,
    @Nullable Double alpha) {

  /** Over all tasks. */
  static Accord of(Collection<List<Vote>> votesByTask) {
    List<List<OrderedGroups<UUID>>> rankings = new ArrayList<>();
    for (List<Vote> votes : votesByTask) {
      List<OrderedGroups<UUID>> ranked = new ArrayList<>();
      for (Vote vote : votes) {
        OrderedGroups<UUID> groups = vote.groups();
        if (groups != null) {
          ranked.add(groups);
        }
      }
      if (ranked.size() > 1) {
        rankings.add(ranked);
      }
    }
    ClusteredRate rate = new ClusteredRate();
    Pairs all = new Pairs(0, 0, 0);
    for (List<OrderedGroups<UUID>> task : rankings) {
      Pairs pairs = Agreement.pairwise(List.of(task));
      rate.add(pairs.same() + 0.5 * pairs.halfTied(), pairs.total());
      all = all.plus(pairs);
    }
    return of(rate, all, Agreement.alpha(rankings));
  }

  /** Each annotator against all others, with alpha left out. */
  static Map<UUID, Accord> byAnnotator(Collection<List<Vote>> votesByTask) {
    Map<UUID, ClusteredRate> rates = new HashMap<>();
    Map<UUID, Pairs> all = new HashMap<>();
    for (List<Vote> votes : votesByTask) {
      Map<UUID, Pairs> task = new HashMap<>();
      for (int i = 0; i < votes.size(); i++) {
        for (int j = 0; j < i; j++) {
          Vote one = votes.get(i);
          Vote other = votes.get(j);
          OrderedGroups<UUID> first = one.groups();
          OrderedGroups<UUID> second = other.groups();
          if (first != null && second != null) {
            Pairs pairs = Agreement.pairwise(first, second);
            task.merge(one.annotatorId(), pairs, Pairs::plus);
            task.merge(other.annotatorId(), pairs, Pairs::plus);
          }
        }
      }
      task.forEach(
          (annotator, pairs) -> {
            rates
                .computeIfAbsent(annotator, a -> new ClusteredRate())
                .add(pairs.same() + 0.5 * pairs.halfTied(), pairs.total());
            all.merge(annotator, pairs, Pairs::plus);
          });
    }
    return accords(rates, all);
  }

  /**
   * Each annotator against the orders by which reviewers settled tasks, with alpha left out.
   *
   * @param settled by task
   */
  static Map<UUID, Accord> withSettled(
      Collection<Vote> votes, Map<UUID, OrderedGroups<UUID>> settled) {
    Map<UUID, ClusteredRate> rates = new HashMap<>();
    Map<UUID, Pairs> all = new HashMap<>();
    for (Vote vote : votes) {
      OrderedGroups<UUID> own = vote.groups();
      OrderedGroups<UUID> order = settled.get(vote.taskId());
      if (own != null && order != null) {
        Pairs pairs = Agreement.pairwise(own, order);
        rates
            .computeIfAbsent(vote.annotatorId(), a -> new ClusteredRate())
            .add(pairs.same() + 0.5 * pairs.halfTied(), pairs.total());
        all.merge(vote.annotatorId(), pairs, Pairs::plus);
      }
    }
    return accords(rates, all);
  }

  private static Map<UUID, Accord> accords(Map<UUID, ClusteredRate> rates, Map<UUID, Pairs> all) {
    Map<UUID, Accord> accords = new HashMap<>();
    rates.forEach(
        (annotator, rate) ->
            accords.put(
                annotator, of(rate, all.getOrDefault(annotator, new Pairs(0, 0, 0)), Double.NaN)));
    return accords;
  }

  private static Accord of(ClusteredRate rate, Pairs pairs, double alpha) {
    if (pairs.total() == 0) {
      return new Accord(0, 0, null, null, null, null, null);
    }
    Interval interval = rate.interval();
    return new Accord(
        rate.clusters(),
        pairs.total(),
        rate.rate(),
        interval.low(),
        interval.high(),
        pairs.rate(),
        Double.isNaN(alpha) ? null : alpha);
  }
}
