package org.laurel.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** One tensor's elements outside any engine: type, shape, and little-endian bytes, row-major. */
public final class TensorData {
  private final ElementType type;
  private final long[] shape;
  private final ByteBuffer bytes;

  public TensorData(ElementType type, long[] shape, ByteBuffer bytes) {
    long needed = type.bytes();
    for (long dimension : shape) {
      needed = Math.multiplyExact(needed, dimension);
    }
    if (needed != bytes.remaining()) {
      throw new IllegalArgumentException(
          "%s %s needs %d bytes, got %d"
              .formatted(type, describe(shape), needed, bytes.remaining()));
    }
    this.type = type;
    this.shape = shape.clone();
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Float32 elements, copied. */
  public static TensorData of(FloatBuffer values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.multiplyExact(4, values.remaining()))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values.duplicate());
    return new TensorData(ElementType.F32, shape, bytes);
  }

  /** The same numbers rounded to bfloat16, half the size. */
  public TensorData toBfloat16() {
    FloatBuffer values = floats();
    ByteBuffer halves =
        ByteBuffer.allocateDirect(2 * values.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.remaining(); i++) {
      halves.putShort(2 * i, ElementType.toBfloat16(values.get(i)));
    }
    return new TensorData(ElementType.BF16, shape, halves);
  }

  public ElementType type() {
    return type;
  }

  public long[] shape() {
    return shape.clone();
  }

  public boolean hasShape(long... expected) {
    return Arrays.equals(shape, expected);
  }

  /** A view of the bytes, from the first element to the last. */
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Elements as floats; a view where they are stored as F32, else a converted copy. */
  public FloatBuffer floats() {
    if (!type.isFloatingPoint()) {
      throw new IllegalStateException(type + " elements are not floats");
    }
    return type.toFloats(bytes());
  }

  String describe() {
    return describe(shape);
  }

  static String describe(long[] shape) {
    return Arrays.toString(shape);
  }
}
