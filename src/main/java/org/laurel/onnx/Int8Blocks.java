package org.laurel.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A matrix {@code [rows, columns]} as ONNX Runtime's {@code MatMulNBits} reads it at eight bits:
 * every block of neighbouring weights of a row has one scale, the largest of their absolutes
 * divided by 127, and each weight is {@code (code - 128) * scale}, rounded to the nearest.
 *
 * @param codes uint8 {@code [rows, columns / block, block]}, direct
 * @param scales float32 {@code [rows, columns / block]}, direct
 */
record Int8Blocks(ByteBuffer codes, FloatBuffer scales) {
  /** Weights that share a scale where a row has room: larger blocks are faster. */
  static final int LARGEST_BLOCK = 128;

  private static final int SMALLEST_BLOCK = 32;

  /** The code of zero where no zero points are given. */
  private static final int ZERO = 128;

  private static final int GREATEST = 127;

  /** The largest block that fills rows of so many columns; 0 if none does. */
  static int size(long columns) {
    int block = LARGEST_BLOCK;
    while (block >= SMALLEST_BLOCK && columns % block != 0) {
      block /= 2;
    }
    return block < SMALLEST_BLOCK ? 0 : block;
  }

  /**
   * @param weights row-major, a whole number of blocks
   * @param size of a block
   */
  static Int8Blocks of(FloatBuffer weights, int size) {
    int count = weights.remaining();
    ByteBuffer codes = ByteBuffer.allocateDirect(count);
    FloatBuffer scales =
        ByteBuffer.allocateDirect(count / size * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    float[] block = new float[size];
    byte[] coded = new byte[size];
    for (int start = 0; start < count; start += size) {
      weights.get(weights.position() + start, block);
      float largest = 0;
      for (float weight : block) {
        largest = Math.max(largest, Math.abs(weight));
      }
      float scale = largest / GREATEST;
      scales.put(scale);
      float inverse = largest > 0 ? GREATEST / largest : 0;
      for (int i = 0; i < size; i++) {
        coded[i] = (byte) (Math.round(block[i] * inverse) + ZERO);
      }
      codes.put(coded);
    }
    return new Int8Blocks(codes.flip(), scales.flip());
  }
}
