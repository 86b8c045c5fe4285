package org.laurel.onnx;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.function.Supplier;

/** A model's weights by name. */
record NamedWeights(Map<String, FloatBuffer> byName) {

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  FloatBuffer get(String name) {
    FloatBuffer data = byName.get(name);
    if (data == null) {
      throw none(name);
    }
    return data;
  }

  /**
   * One that is read when it is needed.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  Supplier<FloatBuffer> later(String name) {
    if (!byName.containsKey(name)) {
      throw none(name);
    }
    return () -> get(name);
  }

  private static IllegalArgumentException none(String name) {
    return new IllegalArgumentException("The model has no weight named " + name);
  }
}
