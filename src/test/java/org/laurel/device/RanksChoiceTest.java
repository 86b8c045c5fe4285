package org.laurel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RanksChoiceTest {

  @Test
  void takesOneRankAThreadWhereNothingIsSaid() {
    assertThat(RanksChoice.of(null)).isEqualTo(RanksChoice.AUTO);
    assertThat(RanksChoice.of(" auto ")).isEqualTo(RanksChoice.AUTO);
    assertThat(RanksChoice.AUTO.count(1_000_000, 8)).isEqualTo(8);
    assertThat(RanksChoice.AUTO.count(1_000_000, 64)).isEqualTo(8);
    assertThat(RanksChoice.AUTO.count(1_000_000, 1)).isEqualTo(1);
  }

  /** 134 million weights have half a gigabyte of gradients. */
  @Test
  void takesFewerWhereGradientsAreLarge() {
    assertThat(RanksChoice.AUTO.count(100_000_000, 8)).isEqualTo(2);
    assertThat(RanksChoice.AUTO.count(1_000_000_000, 8)).isEqualTo(1);
  }

  @Test
  void takesWhatIsAskedFor() {
    assertThat(RanksChoice.of(" 3 ").count(1_000_000_000, 2)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "two", "1000", "1.5"})
  void refusesAnythingElse(String value) {
    assertThatThrownBy(() -> RanksChoice.of(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("LAUREL_RANKS is auto or a number from 1 to 999, not '" + value + "'");
  }
}
