package org.laurel.engine.nn;

import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.laurel.model.ModelFormatException;
import org.laurel.model.TensorData;

/**
 * Long vectors in a checkpoint, such as all weights of a model: under their name, and what goes
 * beyond a gigabyte in further parts, {@code name.1}, {@code name.2} and so on, since no tensor of
 * a file may be larger than 2 GB.
 */
public final class Vectors {
  private static final long LONGEST = 1 << 28;

  private Vectors() {}

  /**
   * Adds a vector to a checkpoint, in its own memory: valid until it changes.
   *
   * @param vector float32, contiguous
   */
  public static void keep(Map<String, TensorData> tensors, String name, Tensor vector) {
    keep(tensors, name, vector, LONGEST);
  }

  static void keep(Map<String, TensorData> tensors, String name, Tensor vector, long longest) {
    try (PointerScope scope = new PointerScope()) {
      long start = 0;
      for (int part = 0; start < vector.numel(); part++) {
        long length = Math.min(longest, vector.numel() - start);
        tensors.put(part(name, part), Device.data(vector.narrow(0, start, length), length));
        start += length;
      }
    }
  }

  /**
   * Puts back what {@link #keep} added, whatever the length of its parts.
   *
   * @throws ModelFormatException if it is not there, or of another length
   */
  public static void restore(Map<String, TensorData> tensors, String name, Tensor vector) {
    try (PointerScope scope = new PointerScope()) {
      long start = 0;
      for (int part = 0; start < vector.numel(); part++) {
        TensorData data = tensors.get(part(name, part));
        long length = data == null ? -1 : data.shape()[0];
        if (data == null || !data.hasShape(length) || start + length > vector.numel()) {
          throw new ModelFormatException("the checkpoint has no fitting " + part(name, part));
        }
        Device.write(vector.narrow(0, start, length), data::read);
        start += length;
      }
    }
  }

  private static String part(String name, int index) {
    return index == 0 ? name : name + "." + index;
  }
}
