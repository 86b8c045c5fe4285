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
    return (int) ((rankings.size() + h.promptsPerBatch() - 1L) / h.promptsPerBatch());
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
   * Whole rankings in parts of about as many tokens each, so that no rank waits for another; the
   * sum of the parts' losses is the batch's, however it is cut.
   *
   * @param ranks among which the parts will be shared, evenly
   */
  List<ComparisonBatch> parts(List<EncodedRanking> batch, int ranks) {
    int all = tokens(batch);
    int mostTokens = Math.min(h.microBatchTokens(), (all + ranks - 1) / ranks);
    return balanced(batch, ranks, h.microBatchTokens()).stream()
        .map(part -> new ComparisonBatch(part, h, width, mostTokens))
        .toList();
  }

  /**
   * The fewest parts that every rank has as many of and none of which is too large; one ranking may
   * be. Longest first, each goes where least is.
   */
  private static List<List<EncodedRanking>> balanced(
      List<EncodedRanking> batch, int ranks, int mostTokens) {
    List<EncodedRanking> sorted =
        batch.stream().sorted(Comparator.comparingInt(EncodedRanking::tokens).reversed()).toList();
    long most = (long) ranks * mostTokens;
    int count = ranks * (int) ((tokens(batch) + most - 1) / most);
    List<List<EncodedRanking>> parts = shared(sorted, count);
    while (parts.stream().anyMatch(part -> part.size() > 1 && tokens(part) > mostTokens)) {
      count += ranks;
      parts = shared(sorted, count);
    }
    return parts;
  }

  private static List<List<EncodedRanking>> shared(List<EncodedRanking> sorted, int count) {
    List<List<EncodedRanking>> parts = new ArrayList<>();
    for (int i = 0; i < Math.min(count, sorted.size()); i++) {
      parts.add(new ArrayList<>());
    }
    int[] tokens = new int[parts.size()];
    for (EncodedRanking ranking : sorted) {
      int least = 0;
      for (int i = 1; i < tokens.length; i++) {
        least = tokens[i] < tokens[least] ? i : least;
      }
      parts.get(least).add(ranking);
      tokens[least] += ranking.tokens();
    }
    return parts;
  }

  private static int tokens(List<EncodedRanking> rankings) {
    return rankings.stream().mapToInt(EncodedRanking::tokens).sum();
  }
}
