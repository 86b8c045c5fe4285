package org.laurel.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

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

  /** Float32 elements, copied to the heap, where they are collected as soon as they are written. */
  public static TensorData of(FloatBuffer values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(4, values.remaining()))
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

  /** A matrix with rows and columns exchanged, copied. */
  TensorData transposed() {
    int rows = Math.toIntExact(shape[0]);
    int columns = Math.toIntExact(shape[1]);
    int width = type.bytes();
    ByteBuffer turned = ByteBuffer.allocate(bytes.remaining());
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned.put((column * rows + row) * width, bytes, (row * columns + column) * width, width);
      }
    }
    return new TensorData(type, new long[] {columns, rows}, turned);
  }

  /** The given slices of the first dimension in that order, copied. */
  TensorData rows(int[] rows) {
    int width = Math.toIntExact(bytes.remaining() / shape[0]);
    ByteBuffer chosen = ByteBuffer.allocate(Math.multiplyExact(rows.length, width));
    for (int i = 0; i < rows.length; i++) {
      chosen.put(i * width, bytes, rows[i] * width, width);
    }
    long[] smaller = shape.clone();
    smaller[0] = rows.length;
    return new TensorData(type, smaller, chosen);
  }

  /** Tensors of one type that differ in the first dimension at most, one after the other. */
  static TensorData stacked(List<TensorData> parts) {
    ByteBuffer together =
        ByteBuffer.allocate(parts.stream().mapToInt(part -> part.bytes.remaining()).sum());
    long[] shape = parts.get(0).shape();
    shape[0] = 0;
    for (TensorData part : parts) {
      together.put(part.bytes());
      shape[0] += part.shape[0];
    }
    return new TensorData(parts.get(0).type, shape, together.flip());
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
    requireFloats();
    return type.toFloats(bytes());
  }

  /** Writes the elements as floats to the beginning of {@code into}, without a copy between. */
  public void read(FloatBuffer into) {
    requireFloats();
    type.read(bytes(), into);
  }

  private void requireFloats() {
    if (!type.isFloatingPoint()) {
      throw new IllegalStateException(type + " elements are not floats");
    }
  }

  String describe() {
    return describe(shape);
  }

  static String describe(long[] shape) {
    return Arrays.toString(shape);
  }
}
