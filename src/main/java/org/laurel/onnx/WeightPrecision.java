package org.laurel.onnx;

import java.util.Locale;

/** In which numbers a served policy's matrices are kept. */
public enum WeightPrecision {
  /** As they were trained. */
  FLOAT32(Float.BYTES),
  /**
   * A byte a weight, with a scale for each block of a row; products multiply bytes with bytes. What
   * is no matrix, or has rows that blocks do not fill, stays float32, and so do embeddings.
   */
  INT8(1 + (double) Float.BYTES / Int8Blocks.LARGEST_BLOCK);

  private final double bytesPerWeight;

  WeightPrecision(double bytesPerWeight) {
    this.bytesPerWeight = bytesPerWeight;
  }

  /** What a product reads of a matrix for each weight, at least. */
  public double bytesPerWeight() {
    return bytesPerWeight;
  }

  /** As settings name it: {@code float32} or {@code int8}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  public static WeightPrecision of(String key) {
    for (WeightPrecision precision : values()) {
      if (precision.key().equals(key)) {
        return precision;
      }
    }
    throw new IllegalArgumentException(
        "there is no precision '" + key + "'; float32 and int8 are available");
  }
}
