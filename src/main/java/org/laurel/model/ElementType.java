package org.laurel.model;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Element types of a safetensors file, all little-endian. Only the floats of four and two bytes are
 * computed with; the others may stand in a file beside them.
 */
public enum ElementType {
  F32(4),
  F16(2),
  BF16(2),
  F64(8),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U8(1),
  BOOL(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  static @Nullable ElementType named(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** Reads floating-point elements as floats; F32 is a view, the halves are converted copies. */
  FloatBuffer toFloats(ByteBuffer data) {
    if (this == F32) {
      return data.asFloatBuffer();
    }
    FloatBuffer floats = FloatBuffer.allocate(data.remaining() / 2);
    read(data, floats);
    return floats;
  }

  /** Writes floating-point elements as floats to the beginning of {@code floats}. */
  void read(ByteBuffer data, FloatBuffer floats) {
    if (this == F32) {
      FloatBuffer whole = data.asFloatBuffer();
      floats.put(0, whole, 0, whole.remaining());
      return;
    }
    int count = data.remaining() / 2;
    for (int i = 0; i < count; i++) {
      short half = data.getShort(data.position() + 2 * i);
      floats.put(i, this == BF16 ? Float.intBitsToFloat(half << 16) : halfToFloat(half));
    }
  }

  boolean isFloatingPoint() {
    return this == F32 || this == F16 || this == BF16;
  }

  /** The nearest bfloat16, ties to even; not-a-number stays one. */
  static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }

  /** IEEE 754 binary16 to binary32; JDK 20's Float.float16ToFloat is out of reach on 17. */
  static float halfToFloat(short half) {
    int exponent = half >>> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else if (exponent == 31) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
    }
    return half < 0 ? -magnitude : magnitude;
  }
}
