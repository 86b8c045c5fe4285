package org.laurel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DeviceChoiceTest {

  @Test
  void choosesItselfWhereNothingIsSaid() {
    assertThat(DeviceChoice.of(null)).isEqualTo(DeviceChoice.AUTO);
    assertThat(DeviceChoice.of(" ")).isEqualTo(DeviceChoice.AUTO);
    assertThat(DeviceChoice.of("CPU ")).isEqualTo(DeviceChoice.CPU);
    assertThat(DeviceChoice.of("cuda")).isEqualTo(DeviceChoice.CUDA);
  }

  @Test
  void refusesAnythingElse() {
    assertThatThrownBy(() -> DeviceChoice.of("gpu"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("LAUREL_DEVICE is auto, cpu or cuda, not 'gpu'");
  }

  @Test
  void triesCudaWithoutADriverOnlyIfToldTo() {
    assertThat(DeviceChoice.AUTO.triesCuda(true)).isTrue();
    assertThat(DeviceChoice.AUTO.triesCuda(false)).isFalse();
    assertThat(DeviceChoice.CPU.triesCuda(true)).isFalse();
    assertThat(DeviceChoice.CUDA.triesCuda(false)).isTrue();
  }
}
