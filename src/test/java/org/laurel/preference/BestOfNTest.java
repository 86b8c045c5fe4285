package org.laurel.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BestOfNTest {

  @Test
  void theBestOfOneIsAnyOne() {
    assertThat(BestOfN.klBound(1)).isZero();
  }

  @Test
  void boundsGrowWithN() {
    assertThat(BestOfN.klBound(4)).isCloseTo(0.6363, within(1e-4));
    assertThat(BestOfN.klBound(16)).isCloseTo(1.8351, within(1e-4));
  }

  @Test
  void theFirstOfTheHighestScoresWins() {
    assertThat(BestOfN.best(new double[] {-1, 3, 2, 3})).isEqualTo(1);
    assertThat(BestOfN.best(new double[] {Double.NEGATIVE_INFINITY, -5})).isEqualTo(1);
  }
}
