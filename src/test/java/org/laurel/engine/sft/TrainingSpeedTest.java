package org.laurel.engine.sft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.laurel.engine.nn.Precision;
import org.laurel.model.ModelConfig;

class TrainingSpeedTest {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 100, 32, 64, 2, 2, 1, 16, 32, 1e-5, 10_000, true, null, 1, 0);

  @Test
  void countsTheWorkOfAToken() {
    // Weights 100*32 + 2*(32*16*(2*2+2*1) + 3*32*64 + 2*32) + 32 = 21792; attention 12*2*2*16*16/2.
    assertThat(TrainingSpeed.flopsPerToken(CONFIG, 16)).isEqualTo(6 * 21_792 + 6144.0);
  }

  @Test
  void aMeasurementIsBelowThePeak() {
    TrainingSpeed speed = TrainingSpeed.measure(CONFIG, Precision.FLOAT32, 256, 16, 0.1);
    assertThat(speed.tokensPerSecond()).isPositive();
    assertThat(speed.bestTokensPerSecond()).isGreaterThanOrEqualTo(speed.tokensPerSecond());
    assertThat(speed.ofPeak()).isBetween(0.0, 1.0);
  }
}
