package org.laurel.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Int8BlocksTest {
  private static final int BLOCK = 32;
  private static final int ROWS = 3;
  private static final int COLUMNS = 2 * BLOCK;

  @Test
  void everyWeightIsWithinHalfAStepOfItsBlock() {
    FloatBuffer weights = FloatBuffer.allocate(ROWS * COLUMNS);
    Random random = new Random(5);
    for (int i = 0; i < weights.capacity(); i++) {
      // blocks of very different size
      weights.put(i, (float) (random.nextGaussian() * Math.pow(10, i / BLOCK - 3)));
    }
    Int8Blocks blocks = Int8Blocks.of(weights, BLOCK);
    assertThat(blocks.scales().remaining()).isEqualTo(ROWS * 2);
    for (int i = 0; i < weights.capacity(); i++) {
      float scale = blocks.scales().get(i / BLOCK);
      int code = Byte.toUnsignedInt(blocks.codes().get(i)) - 128;
      assertThat(code).isBetween(-127, 127);
      assertThat(code * scale).isCloseTo(weights.get(i), within(0.5001f * scale));
    }
  }

  @Test
  void zerosStayZero() {
    Int8Blocks blocks = Int8Blocks.of(FloatBuffer.allocate(BLOCK), BLOCK);
    assertThat(blocks.scales().get(0)).isZero();
    assertThat(Byte.toUnsignedInt(blocks.codes().get(7))).isEqualTo(128);
  }

  @Test
  void aPartOfABufferIsReadFromWhereItBegins() {
    FloatBuffer weights = FloatBuffer.allocate(2 * BLOCK);
    weights.put(BLOCK, 2f).position(BLOCK);
    Int8Blocks blocks = Int8Blocks.of(weights, BLOCK);
    assertThat(blocks.codes().remaining()).isEqualTo(BLOCK);
    assertThat(Byte.toUnsignedInt(blocks.codes().get(0))).isEqualTo(255);
    assertThat(blocks.scales().get(0)).isEqualTo(2f / 127);
  }

  @Test
  void blocksFillRows() {
    assertThat(Int8Blocks.size(512)).isEqualTo(128);
    assertThat(Int8Blocks.size(576)).isEqualTo(64);
    assertThat(Int8Blocks.size(96)).isEqualTo(32);
    assertThat(Int8Blocks.size(80)).isZero();
  }
}
