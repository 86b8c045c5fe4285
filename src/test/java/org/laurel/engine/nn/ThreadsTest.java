package org.laurel.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThreadsTest {
  private final int before = torch.get_num_threads();

  @AfterEach
  void restore() {
    Threads.use(before);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void attentionOfADecoderDoesNotSplitItsSmallProductsWhereLargeOnesAreBfloat16(
      Precision precision) {
    Threads.use(2);
    try (Decoder decoder = Decoder.random(DecoderTest.CONFIG, 1)) {
      decoder.precision(precision);
      assertThat(openblas_full.openblas_get_num_threads())
          .isEqualTo(precision == Precision.BFLOAT16 ? 1 : 2);
    }
  }

  @Test
  void allOfThemAreUsedAtFirst() {
    Threads.use(2);
    assertThat(openblas_full.openblas_get_num_threads()).isEqualTo(2);
  }
}
