package org.laurel.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedAnnotatorTest {

  private static final GoldPreference LONGER =
      new GoldPreference() {
        @Override
        public String name() {
          return "longer";
        }

        @Override
        public double score(String prompt, String completion) {
          return completion.length();
        }
      };
  private static final List<String> COMPLETIONS = List.of("ccc", "a", "dddd", "bb");

  @Test
  void pairsAgreeWithGoldAsOftenAsAsked() {
    for (double accuracy : new double[] {0.5, 0.65, 0.8, 0.95}) {
      SimulatedAnnotator annotator = new SimulatedAnnotator(LONGER, accuracy, 7);
      double agreed = 0;
      int rounds = 20_000;
      for (int i = 0; i < rounds; i++) {
        agreed += agreement(annotator.rank("p", COMPLETIONS));
      }
      assertThat(agreed / rounds).as("at %s", accuracy).isCloseTo(accuracy, within(0.01));
    }
  }

  @Test
  void aPerfectAnnotatorRanksAsTheGoldPreference() {
    assertThat(new SimulatedAnnotator(LONGER, 1, 1).rank("p", COMPLETIONS))
        .containsExactly(2, 0, 3, 1);
  }

  @Test
  void theSameSeedChoosesTheSameAndAnotherSeedDiffers() {
    assertThat(twenty(3)).isEqualTo(twenty(3)).isNotEqualTo(twenty(4));
  }

  @Test
  void equalScoresFallInRandomOrder() {
    SimulatedAnnotator annotator = new SimulatedAnnotator(LONGER, 1, 5);
    long firstFirst =
        IntStream.range(0, 2000)
            .filter(i -> annotator.rank("p", List.of("aa", "bb")).get(0) == 0)
            .count();
    assertThat(firstFirst).isBetween(900L, 1100L);
  }

  @Test
  void accuracyOutsideItsRangeIsRefused() {
    assertThatThrownBy(() -> new SimulatedAnnotator(LONGER, 0.4, 1))
        .hasMessageContaining("between 0.5 and 1");
    assertThatThrownBy(() -> new SimulatedAnnotator(LONGER, Double.NaN, 1))
        .hasMessageContaining("between 0.5 and 1");
  }

  @Test
  void neighboursAreConfusedMoreOftenThanExtremes() {
    Mallows noise = Mallows.ofAccuracy(0.8, 4);
    SplittableRandom random = new SplittableRandom(2);
    int neighbours = 0;
    int extremes = 0;
    for (int i = 0; i < 10_000; i++) {
      List<Integer> ranking = noise.sample(List.of(0, 1, 2, 3), random);
      neighbours += ranking.indexOf(1) > ranking.indexOf(2) ? 1 : 0;
      extremes += ranking.indexOf(0) > ranking.indexOf(3) ? 1 : 0;
    }
    assertThat(neighbours).isGreaterThan(2 * extremes);
  }

  private static List<List<Integer>> twenty(long seed) {
    SimulatedAnnotator annotator = new SimulatedAnnotator(LONGER, 0.7, seed);
    return IntStream.range(0, 20).mapToObj(i -> annotator.rank("p", COMPLETIONS)).toList();
  }

  /** Share of the six pairs that the ranking orders by length. */
  private static double agreement(List<Integer> ranking) {
    int agreed = 0;
    for (int i = 0; i < 4; i++) {
      for (int j = i + 1; j < 4; j++) {
        agreed +=
            COMPLETIONS.get(ranking.get(i)).length() > COMPLETIONS.get(ranking.get(j)).length()
                ? 1
                : 0;
      }
    }
    return agreed / 6.0;
  }
}
