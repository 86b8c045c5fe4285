package org.laurel.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WinRateTest {

  @Test
  void tiesCountHalf() {
    assertThat(new WinRate(6, 2, 2).rate()).isEqualTo(0.7);
  }

  /** Wilson interval of 7 out of 10 as in Newcombe 1998's method 3. */
  @Test
  void wilsonInterval() {
    Interval interval = new WinRate(7, 0, 3).interval();
    assertThat(interval.low()).isCloseTo(0.3968, within(1e-4));
    assertThat(interval.high()).isCloseTo(0.8922, within(1e-4));
  }

  @Test
  void allWonLeavesDoubt() {
    assertThat(new WinRate(10, 0, 0).interval().low()).isCloseTo(0.7225, within(1e-3));
  }

  @Test
  void nothingComparedSaysNothing() {
    assertThat(new WinRate(0, 0, 0).rate()).isNaN();
    assertThat(new WinRate(0, 0, 0).interval()).isEqualTo(new Interval(0, 1));
  }
}
