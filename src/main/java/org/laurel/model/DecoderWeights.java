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
    FloatBuffer floats = tensor(name, shape).floats();
    requireFinite(name, floats);
    return floats;
  }

  /**
   * Writes one weight to the beginning of {@code into}, row-major, without a copy between.
   *
   * @throws ModelFormatException likewise
   */
  public void read(String name, FloatBuffer into, long... shape) {
    tensor(name, shape).read(into);
    requireFinite(name, into.slice(0, Math.toIntExact(DecoderShapes.size(shape))));
  }

  private TensorData tensor(String name, long... shape) {
    WeightLayout.Place place = layout.place(name);
    String title = title(name);
    TensorData tensor = stored.tensor(title);
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
    return layout.unpack(place, tensor);
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
        throw stored.broken(
            "tensor %s holds %s at element %d".formatted(title(name), floats.get(i), i));
      }
    }
  }

  /** What the file calls a weight. */
  private String title(String name) {
    String stored = layout.place(name).name();
    String found = find(stored);
    return found == null ? stored : found;
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
