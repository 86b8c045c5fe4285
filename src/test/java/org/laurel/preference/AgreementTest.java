package org.laurel.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AgreementTest {

  private static final double NONE = -1;

  @Test
  void countsSameOppositeAndHalfTiedPairs() {
    Agreement.Pairs pairs =
        Agreement.pairwise(
            ranking(List.of("A"), List.of("B"), List.of("C")),
            ranking(List.of("B"), List.of("A", "C")));
    assertThat(pairs).isEqualTo(new Agreement.Pairs(1, 1, 1));
    assertThat(pairs.rate()).isEqualTo(1.0 / 3);
    assertThat(pairs.rateWithHalfTies()).isEqualTo(0.5);
  }

  @Test
  void aSingleRankingSaysNothing() {
    assertThat(Agreement.pairwise(List.of(List.of(ranking(List.of("A"), List.of("B"))))).rate())
        .isNaN();
  }

  @Test
  void differentCompletionsAreRefused() {
    assertThatThrownBy(
            () -> Agreement.pairwise(ranking(List.of("A", "B")), ranking(List.of("A", "C"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The worked example of Krippendorff 2011: four observers, twelve units, missing values. */
  @Test
  void alphaOfTheWorkedExample() {
    double[][] observers = {
      {1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE},
      {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3},
      {NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE},
      {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE}
    };
    List<double[]> units = new ArrayList<>();
    for (int unit = 0; unit < 12; unit++) {
      int u = unit;
      units.add(
          DoubleStream.of(observers[0][u], observers[1][u], observers[2][u], observers[3][u])
              .filter(value -> value != NONE)
              .toArray());
    }
    assertThat(Agreement.alpha(units, Agreement.Scale.NOMINAL)).isCloseTo(0.743, within(0.0005));
    assertThat(Agreement.alpha(units, Agreement.Scale.ORDINAL)).isCloseTo(0.815, within(0.0005));
    assertThat(Agreement.alpha(units, Agreement.Scale.INTERVAL)).isCloseTo(0.849, within(0.0005));
  }

  @Test
  void alphaIsOneForTheSameRankingsAndAboutZeroForCoins() {
    Random random = new Random(1);
    List<List<OrderedGroups<String>>> same = new ArrayList<>();
    List<List<OrderedGroups<String>>> coins = new ArrayList<>();
    for (int prompt = 0; prompt < 2000; prompt++) {
      OrderedGroups<String> one = coin(random);
      same.add(List.of(one, one));
      coins.add(List.of(one, coin(random)));
    }
    assertThat(Agreement.alpha(same)).isEqualTo(1);
    assertThat(Agreement.alpha(coins)).isCloseTo(0, within(0.06));
  }

  private static OrderedGroups<String> coin(Random random) {
    return random.nextBoolean()
        ? ranking(List.of("A"), List.of("B"))
        : ranking(List.of("B"), List.of("A"));
  }

  @SafeVarargs
  private static OrderedGroups<String> ranking(List<String>... groups) {
    return new OrderedGroups<>(List.of(groups));
  }
}
