package org.laurel.onnx;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.laurel.model.DecoderShapes;
import org.laurel.model.Head;
import org.laurel.model.ModelConfig;

/**
 * The weights that {@link ServingGraph} leaves open, under its names, copied out of a model's
 * weights into direct memory of their own: the source may change or go away afterwards.
 */
public final class ServingWeights {
  /**
   * One tensor: {@code data} is direct, native order, row-major; floats, or bytes that are
   * unsigned.
   */
  public record Tensor(Buffer data, long[] shape) {}

  private static final List<String> PROJECTIONS =
      List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
  private static final List<String> GATES = List.of("mlp.gate_proj", "mlp.up_proj");

  private final ModelConfig config;
  private final NamedWeights source;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private ServingWeights(ModelConfig config, Map<String, FloatBuffer> source) {
    this.config = config;
    this.source = new NamedWeights(source);
  }

  /**
   * @throws IllegalArgumentException if a weight is missing or has another size than {@code config}
   *     says
   */
  public static Map<String, Tensor> of(
      ModelConfig config, Map<String, FloatBuffer> weights, WeightPrecision precision) {
    ServingWeights made = new ServingWeights(config, weights);
    made.collect();
    if (precision == WeightPrecision.INT8) {
      made.quantize();
    }
    return made.tensors;
  }

  /** Puts eight-bit matrices in the place of those that products read. */
  private void quantize() {
    for (String name : List.copyOf(tensors.keySet())) {
      Tensor tensor = tensors.get(name);
      boolean embeddings = name.equals("model.embed_tokens.weight");
      if (tensor == null
          || tensor.shape().length != 2
          || Int8Blocks.size(tensor.shape()[1]) == 0
          || name.startsWith("rotary.")
          || name.equals("model.embed_positions.weight")
          || (embeddings && !config.tieWordEmbeddings())) {
        continue;
      }
      String weight = embeddings ? ServingGraph.HEAD : name;
      int block = Int8Blocks.size(tensor.shape()[1]);
      Int8Blocks blocks = Int8Blocks.of((FloatBuffer) tensor.data(), block);
      long[] scales = {tensor.shape()[0], tensor.shape()[1] / block};
      long[] codes = {scales[0], scales[1], block};
      tensors.put(weight + ServingGraph.CODES, new Tensor(blocks.codes(), codes));
      tensors.put(weight + ServingGraph.SCALES, new Tensor(blocks.scales(), scales));
      if (!embeddings) {
        tensors.remove(name);
      }
    }
  }

  private void collect() {
    Set<String> stacked = new HashSet<>();
    Map<String, long[]> shapes = DecoderShapes.of(config, Head.LANGUAGE_MODEL);
    for (int layer = 0; layer < config.numLayers(); layer++) {
      String name = "model.layers." + layer + ".";
      for (String kind : List.of(".weight", ".bias")) {
        stack(shapes, stacked, name + ServingGraph.QKV + kind, name, kind, PROJECTIONS);
        if (config.architecture().gated()) {
          stack(shapes, stacked, name + ServingGraph.GATE_UP + kind, name, kind, GATES);
        }
      }
    }
    shapes.forEach(
        (name, shape) -> {
          if (!stacked.contains(name)) {
            put(name, List.of(source.get(name)), shape);
          }
        });
    if (!config.architecture().learnedPositions()) {
      RotaryTable rotary = RotaryTable.ofWholeHeads(config);
      long[] table = {config.maxPositionEmbeddings(), config.headDim() / 2};
      put("rotary.cosines", List.of(rotary.cosines()), table);
      put("rotary.sines", List.of(rotary.sines()), table);
    }
  }

  /** Puts the parts under each other, if the model has them. */
  private void stack(
      Map<String, long[]> shapes,
      Set<String> stacked,
      String name,
      String layer,
      String kind,
      List<String> parts) {
    List<FloatBuffer> buffers = new ArrayList<>();
    long[] shape = {};
    for (String part : parts) {
      long[] own = shapes.get(layer + part + kind);
      if (own == null) {
        return;
      }
      FloatBuffer data = source.get(layer + part + kind);
      boolean turned = !part.equals("self_attn.v_proj") && parts == PROJECTIONS;
      buffers.add(turned ? headHalves(data, own) : data);
      stacked.add(layer + part + kind);
      if (shape.length == 0) {
        shape = own.clone();
      } else {
        shape[0] += own[0];
      }
    }
    put(name, buffers, shape);
  }

  /**
   * Rows of a query or key projection for attention that turns dimension j of a head with j +
   * headDim/2. Where fewer dimensions turn, their second half moves there, and the dimensions that
   * stay fill the gaps; queries and keys alike, so that their products stay what they were.
   */
  private FloatBuffer headHalves(FloatBuffer data, long[] shape) {
    int width = config.headDim();
    int turned = config.architecture().rotaryDimensions();
    if (turned == width || turned == 0) {
      return data;
    }
    int columns = Math.toIntExact(DecoderShapes.size(shape) / shape[0]);
    FloatBuffer moved = FloatBuffer.allocate(data.remaining());
    for (int row = 0; row < shape[0]; row++) {
      int at = row % width;
      int inHalf = at % (width / 2);
      boolean second = at >= width / 2;
      int from;
      if (inHalf < turned / 2) {
        from = inHalf + (second ? turned / 2 : 0);
      } else {
        from = turned + inHalf - turned / 2 + (second ? (width - turned) / 2 : 0);
      }
      int start = (row - at + from) * columns;
      moved.put(row * columns, data, data.position() + start, columns);
    }
    return moved;
  }

  private void put(String name, List<FloatBuffer> parts, long... shape) {
    long size = 1;
    for (long dimension : shape) {
      size = Math.multiplyExact(size, dimension);
    }
    long given = parts.stream().mapToLong(FloatBuffer::remaining).sum();
    if (given != size) {
      throw new IllegalArgumentException(
          "Weight " + name + " holds " + given + " numbers, expected " + size);
    }
    FloatBuffer data =
        ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(size, Float.BYTES)))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (FloatBuffer part : parts) {
      data.put(part.duplicate());
    }
    tensors.put(name, new Tensor(data.flip(), shape));
  }
}
