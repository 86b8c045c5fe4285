package org.laurel.engine.reward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.laurel.engine.run.Seeds;

/**
 * Which rankings each update learns from: all of them in a new random order every epoch, a function
 * of seed and step alone.
 */
final class RankingBatches {
  private final List<EncodedRanking> rankings;
  private final RewardHyperparameters h;
  private final long seed;
  private final int width;

  /**
   * @throws IllegalArgumentException if there are no rankings
   */
  RankingBatches(List<EncodedRanking> rankings, RewardHyperparameters h, long seed) {
    if (rankings.isEmpty()) {
      throw new IllegalArgumentException("no ranking compares two completions");
    }
    this.rankings = rankings;
    this.h = h;
    this.seed = seed;
    width = rankings.stream().mapToInt(EncodedRanking::width).max().orElse(1);
  }

  List<EncodedRanking> rankings() {
    return rankings;
  }

  /** Share of all comparisons that are ties. */
  double tieRate() {
    return rankings.stream()
        .flatMap(ranking -> ranking.comparisons().stream())
        .mapToDouble(comparison -> comparison.tie() ? 1 : 0)
        .average()
        .orElse(0);
  }

  /** Updates in an epoch. */
  int perEpoch() {
    return (rankings.size() + h.promptsPerBatch() - 1) / h.promptsPerBatch();
  }

  /** Rankings of a step, counted from 0. */
  List<EncodedRanking> at(int step) {
    int epoch = step / perEpoch();
    int[] order = Seeds.shuffled(rankings.size(), Seeds.of(seed, "rankings", epoch));
    int from = (step % perEpoch()) * h.promptsPerBatch();
    int to = Math.min(from + h.promptsPerBatch(), order.length);
    return Arrays.stream(order, from, to).mapToObj(rankings::get).toList();
  }

  /**
   * Whole rankings, as many as fit; the sum of their losses is the batch's, however it is cut.
   *
   * @param ranks among which the parts will be shared
   */
  List<ComparisonBatch> parts(List<EncodedRanking> batch, int ranks) {
    int all = batch.stream().mapToInt(EncodedRanking::tokens).sum();
    int mostTokens = Math.min(h.microBatchTokens(), (all + ranks - 1) / ranks);
    // like lengths together, so that rows are no wider than they need to be
    List<EncodedRanking> sorted =
        batch.stream().sorted(Comparator.comparingInt(EncodedRanking::width).reversed()).toList();
    List<ComparisonBatch> parts = new ArrayList<>();
    int from = 0;
    int tokens = 0;
    for (int to = 0; to < sorted.size(); to++) {
      int more = sorted.get(to).tokens();
      if (to > from && tokens + more > mostTokens) {
        parts.add(new ComparisonBatch(sorted.subList(from, to), h, width, mostTokens));
        from = to;
        tokens = 0;
      }
      tokens += more;
    }
    parts.add(new ComparisonBatch(sorted.subList(from, sorted.size()), h, width, mostTokens));
    return parts;
  }
}
