package org.laurel.model;

import com.google.common.collect.Maps;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights under the names and in the shapes of {@link DecoderShapes}, read out of files
 * in its family's own layout. Every weight is checked when it is read.
 */
public final class DecoderWeights {
  private final ModelConfig config;
  private final Head head;
  private final Safetensors stored;
  private final WeightLayout layout;

  DecoderWeights(ModelConfig config, Head head, Safetensors stored) {
    this.config = config;
    this.head = head;
    this.stored = stored;
    this.layout = new WeightLayout(config);
  }

  public boolean has(String name) {
    return find(layout.place(name).name()) != null;
  }

  /**
   * One weight, row-major.
   *
   * @throws ModelFormatException when it is missing, of another shape, not of floats, or when one
   *     of its numbers is not finite
   */
  public FloatBuffer floats(String name, long... shape) {
    WeightLayout.Place place = layout.place(name);
    String found = find(place.name());
    TensorData tensor = stored.tensor(found == null ? place.name() : found);
    String title = found == null ? place.name() : found;
    long[] expected = layout.storedShape(place, shape);
    if (!tensor.hasShape(expected)) {
      throw stored.broken(
          "tensor %s is %s, expected %s"
              .formatted(title, tensor.describe(), TensorData.describe(expected)));
    }
    if (!tensor.type().isFloatingPoint()) {
      throw stored.broken(
          "tensor %s holds %s, expected F32, F16 or BF16".formatted(title, tensor.type()));
    }
    FloatBuffer floats = layout.unpack(place, tensor).floats();
    requireFinite(title, floats);
    return floats;
  }

  /**
   * Every weight by name, read when it is asked for and not kept: as floats the weights of a large
   * model would fill the heap.
   */
  public Map<String, FloatBuffer> all() {
    Map<String, long[]> shapes = DecoderShapes.of(config, head);
    return Maps.asMap(
        shapes.keySet(), name -> floats(name, Objects.requireNonNull(shapes.get(name))));
  }

  /** Reads every weight once, for the sake of the checks. */
  public void check() {
    DecoderShapes.of(config, head).forEach(this::floats);
  }

  private void requireFinite(String name, FloatBuffer floats) {
    for (int i = 0; i < floats.remaining(); i++) {
      if (!Float.isFinite(floats.get(i))) {
        throw stored.broken("tensor %s holds %s at element %d".formatted(name, floats.get(i), i));
      }
    }
  }

  /** The name in the file, which may lack the first part where a model was saved without head. */
  private @Nullable String find(String name) {
    if (stored.names().contains(name)) {
      return name;
    }
    String bare = name.substring(name.indexOf('.') + 1);
    return !name.startsWith("score.") && stored.names().contains(bare) ? bare : null;
  }
}
