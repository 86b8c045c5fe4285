package org.laurel.onnx;

import java.nio.FloatBuffer;
import java.util.Map;
import org.laurel.model.DecoderShapes;

/** A model's weights by name. */
record NamedWeights(Map<String, FloatBuffer> byName) {

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  FloatBuffer get(String name) {
    FloatBuffer data = byName.get(name);
    if (data == null) {
      throw new IllegalArgumentException("The model has no weight named " + name);
    }
    return data;
  }

  /**
   * @throws IllegalArgumentException if there is none of that name, or it is of another size
   */
  FloatBuffer get(String name, long... shape) {
    FloatBuffer data = get(name);
    long size = DecoderShapes.size(shape);
    if (data.remaining() != size) {
      throw new IllegalArgumentException(
          "Weight " + name + " holds " + data.remaining() + " numbers, expected " + size);
    }
    return data;
  }
}
