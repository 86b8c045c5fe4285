package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.laurel.preference.Comparison;

class RankingBatchesTest {
  /** 16 rankings an update, 1024 tokens at once. */
  private static final RewardHyperparameters H = RewardHyperparameters.defaults();

  @Test
  void everyEpochTakesEachRankingOnceInAnotherOrder() {
    List<EncodedRanking> rankings = IntStream.range(0, 40).mapToObj(i -> ranking(3, i)).toList();
    RankingBatches batches = new RankingBatches(rankings, H, 7);

    assertThat(batches.perEpoch()).isEqualTo(3);
    assertThat(batches.at(2)).hasSize(8);
    List<EncodedRanking> first = steps(batches, 0);
    List<EncodedRanking> second = steps(batches, 3);
    assertThat(first).containsExactlyInAnyOrderElementsOf(rankings).isNotEqualTo(rankings);
    assertThat(second).containsExactlyInAnyOrderElementsOf(rankings).isNotEqualTo(first);
    assertThat(steps(new RankingBatches(rankings, H, 7), 3)).as("resumed").isEqualTo(second);
  }

  @Test
  void aBatchIsCutIntoWholeRankings() {
    List<EncodedRanking> batch =
        List.of(ranking(100, 0), ranking(300, 1), ranking(700, 2), ranking(200, 3));

    List<List<EncodedRanking>> parts =
        new RankingBatches(batch, H, 7)
            .parts(batch, 1).stream().map(ComparisonBatch::rankings).toList();

    assertThat(parts)
        .as("of 2 x 700, 2 x 300, 2 x 200 + 2 x 100 tokens")
        .containsExactly(
            List.of(batch.get(2)), List.of(batch.get(1)), List.of(batch.get(3), batch.get(0)));
  }

  @Test
  void everyRankGetsAboutAsMuchToDo() {
    Random random = new Random(9);
    double busy = 0;
    int trials = 300;
    for (int trial = 0; trial < trials; trial++) {
      int most = trial % 2 == 0 ? 600 : 2000;
      List<EncodedRanking> batch =
          IntStream.range(0, 16).mapToObj(i -> ranking(10 + random.nextInt(most / 12), i)).toList();
      int ranks = 2 + trial % 3;
      List<ComparisonBatch> parts = new RankingBatches(batch, H, 7).parts(batch, ranks);
      int[] tokens = new int[ranks];
      for (int i = 0; i < parts.size(); i++) {
        int own = parts.get(i).rankings().stream().mapToInt(EncodedRanking::tokens).sum();
        assertThat(own).isLessThanOrEqualTo(H.microBatchTokens());
        tokens[i % ranks] += own;
      }
      assertThat(parts.stream().flatMap(part -> part.rankings().stream()))
          .containsExactlyInAnyOrderElementsOf(batch);
      assertThat(parts.size() % ranks).isZero();
      busy +=
          IntStream.of(tokens).average().orElseThrow() / IntStream.of(tokens).max().orElseThrow();
    }
    assertThat(busy / trials).isGreaterThan(0.95);
  }

  @Test
  void nothingToCompareIsRefused() {
    assertThatThrownBy(() -> new RankingBatches(List.of(), H, 7))
        .hasMessage("no ranking compares two completions");
  }

  private static List<EncodedRanking> steps(RankingBatches batches, int from) {
    return IntStream.range(from, from + 3)
        .mapToObj(batches::at)
        .flatMap(Collection::stream)
        .toList();
  }

  /** Two completions of as many tokens each. */
  private static EncodedRanking ranking(int tokens, int first) {
    int[] input = IntStream.range(first, first + tokens).toArray();
    return new EncodedRanking(
        List.of(input, input.clone()),
        new int[] {tokens, tokens},
        List.of(new Comparison<>(0, 1, false)),
        null,
        null,
        List.of(),
        List.of("a", "b"));
  }
}
