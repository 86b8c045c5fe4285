package org.laurel.ranking;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.laurel.preference.ClusteredRate;
import org.laurel.preference.Comparison;
import org.laurel.preference.Interval;
import org.laurel.preference.OrderedGroups;

/**
 * How people like the imported completions of one model beside those of others.
 *
 * @param model the name that the file gave
 * @param pairs judgments of a completion of its beside one of another model
 * @param rate share of them that it won, a tie for a half
 * @param low lower end of the 95% interval, clustered by task
 * @param high its upper end
 */
public record ModelRow(String model, long pairs, double rate, double low, double high) {

  /** Hits and judgments of one task. */
  private record Won(double hits, long total) {
    Won plus(Won other) {
      return new Won(hits + other.hits, total + other.total);
    }
  }

  /**
   * A row per model that was judged beside another, the most liked first.
   *
   * @param models names by completion; those without a name are left out
   */
  static List<ModelRow> of(Collection<List<Vote>> votesByTask, Map<UUID, String> models) {
    Map<String, ClusteredRate> rates = new HashMap<>();
    for (List<Vote> votes : models.isEmpty() ? List.<List<Vote>>of() : votesByTask) {
      won(votes, models)
          .forEach(
              (model, won) ->
                  rates
                      .computeIfAbsent(model, m -> new ClusteredRate())
                      .add(won.hits(), won.total()));
    }
    return rates.entrySet().stream()
        .map(rate -> of(rate.getKey(), rate.getValue()))
        .sorted(
            Comparator.comparingDouble(ModelRow::rate).reversed().thenComparing(ModelRow::model))
        .toList();
  }

  private static Map<String, Won> won(List<Vote> votes, Map<UUID, String> models) {
    Map<String, Won> won = new HashMap<>();
    for (Vote vote : votes) {
      OrderedGroups<UUID> groups = vote.groups();
      for (Comparison<UUID> pair :
          groups == null ? List.<Comparison<UUID>>of() : groups.comparisons()) {
        String chosen = models.get(pair.chosen());
        String rejected = models.get(pair.rejected());
        if (chosen != null && rejected != null && !chosen.equals(rejected)) {
          won.merge(chosen, new Won(pair.tie() ? 0.5 : 1, 1), Won::plus);
          won.merge(rejected, new Won(pair.tie() ? 0.5 : 0, 1), Won::plus);
        }
      }
    }
    return won;
  }

  private static ModelRow of(String model, ClusteredRate rate) {
    Interval interval = rate.interval();
    return new ModelRow(model, rate.total(), rate.rate(), interval.low(), interval.high());
  }
}
