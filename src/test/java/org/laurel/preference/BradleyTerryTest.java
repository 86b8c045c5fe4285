package org.laurel.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BradleyTerryTest {

  @Test
  void twoItemsGiveTheShareOfWins() {
    BradleyTerry fit = BradleyTerry.fit(new double[][] {{0, 7000}, {3000, 0}});
    assertThat(fit.winProbability(0, 1)).isCloseTo(0.7, within(1e-3));
    // binomial: 0.7 +- 1.96 sqrt(0.7 * 0.3 / 10000)
    assertThat(fit.winInterval(0, 1).low()).isCloseTo(0.691, within(1e-3));
    assertThat(fit.winInterval(0, 1).high()).isCloseTo(0.709, within(1e-3));
  }

  @Test
  void findsTheStrengthsItWasSampledFrom() {
    double[] truth = {1.0, 0.3, -0.4, -0.9};
    Random random = new Random(7);
    double[][] wins = new double[4][4];
    for (int game = 0; game < 40_000; game++) {
      int i = random.nextInt(4);
      int j = (i + 1 + random.nextInt(3)) % 4;
      boolean won = random.nextDouble() < 1 / (1 + Math.exp(truth[j] - truth[i]));
      wins[won ? i : j][won ? j : i]++;
    }
    BradleyTerry fit = BradleyTerry.fit(wins);
    for (int item = 0; item < 4; item++) {
      assertThat(fit.strength(item)).isCloseTo(truth[item], within(0.05));
    }
  }

  @Test
  void anItemThatNeverLostStaysFinite() {
    BradleyTerry fit = BradleyTerry.fit(new double[][] {{0, 10}, {0, 0}});
    assertThat(fit.winProbability(0, 1)).isBetween(0.9, 0.999);
    assertThat(fit.elo(0)).isBetween(1000.0, 2000.0);
  }

  @Test
  void refusesATableThatIsNotSquare() {
    assertThatThrownBy(() -> BradleyTerry.fit(new double[][] {{0, 1}}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
