package org.laurel.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogisticTest {

  @Test
  void oddsOfThreeToOneAreThreeQuarters() {
    assertThat(Logistic.sigmoid(Math.log(3))).isCloseTo(0.75, within(1e-15));
    assertThat(Logistic.loss(Math.log(3))).isCloseTo(Math.log(4. / 3), within(1e-15));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 2, 30})
  void bothSidesMirrorEachOther(double x) {
    assertThat(Logistic.sigmoid(x) + Logistic.sigmoid(-x)).isCloseTo(1, within(1e-15));
    assertThat(Logistic.loss(-x) - Logistic.loss(x)).isCloseTo(x, within(1e-13));
    assertThat(Logistic.loss(-x)).isCloseTo(-Math.log(Logistic.sigmoid(-x)), within(1e-13));
  }

  @Test
  void nothingOverflowsFarOut() {
    assertThat(Logistic.sigmoid(1000)).isEqualTo(1);
    assertThat(Logistic.sigmoid(-1000)).isZero();
    assertThat(Logistic.loss(1000)).isZero();
    assertThat(Logistic.loss(-1000)).isEqualTo(1000);
    assertThat(Logistic.loss(-1000, 0.25)).isEqualTo(250);
  }

  @Test
  void smallLossesKeepTheirDigits() {
    assertThat(Logistic.loss(40)).isCloseTo(Math.exp(-40), within(1e-30));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-3, -0.5, 0, 1.5})
  void softLabelMixesTheLossesOfBothOrders(double margin) {
    assertThat(Logistic.loss(margin, 0.8))
        .isCloseTo(0.8 * Logistic.loss(margin) + 0.2 * Logistic.loss(-margin), within(1e-14));
    assertThat(Logistic.loss(margin, 1)).isEqualTo(Logistic.loss(margin));
  }
}
