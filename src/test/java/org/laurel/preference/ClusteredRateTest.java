package org.laurel.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ClusteredRateTest {

  @Test
  void equalsWilsonWhereEveryClusterIsOneObservation() {
    ClusteredRate rate = new ClusteredRate();
    for (int i = 0; i < 1000; i++) {
      rate.add(i % 10 < 7 ? 1 : 0, 1);
    }
    Interval wilson = new WinRate(700, 0, 300).interval();
    assertThat(rate.rate()).isCloseTo(0.7, within(1e-12));
    assertThat(rate.interval().low()).isCloseTo(wilson.low(), within(1e-3));
    assertThat(rate.interval().high()).isCloseTo(wilson.high(), within(1e-3));
  }

  @Test
  void isWiderWhereTheObservationsOfAClusterHangTogether() {
    ClusteredRate rate = new ClusteredRate();
    for (int i = 0; i < 100; i++) {
      rate.add(i % 2 == 0 ? 10 : 0, 10);
    }
    Interval fewWitnesses = new WinRate(50, 0, 50).interval();
    assertThat(rate.interval().high()).isCloseTo(fewWitnesses.high(), within(2e-3));
  }

  @Test
  void coversTheTruthAboutNineteenTimesInTwenty() {
    Random random = new Random(3);
    int covered = 0;
    for (int trial = 0; trial < 1000; trial++) {
      ClusteredRate rate = new ClusteredRate();
      for (int cluster = 0; cluster < 60; cluster++) {
        double p = random.nextDouble() < 0.5 ? 0.9 : 0.5;
        int n = 1 + random.nextInt(6);
        int hits = 0;
        for (int i = 0; i < n; i++) {
          hits += random.nextDouble() < p ? 1 : 0;
        }
        rate.add(hits, n);
      }
      Interval interval = rate.interval();
      covered += interval.low() <= 0.7 && 0.7 <= interval.high() ? 1 : 0;
    }
    assertThat(covered).isBetween(925, 975);
  }

  @Test
  void claimsNothingFromOneCluster() {
    ClusteredRate rate = new ClusteredRate();
    rate.add(0, 0);
    assertThat(rate.rate()).isNaN();
    rate.add(6, 6);
    assertThat(rate.interval()).isEqualTo(new Interval(0, 1));
  }
}
