package org.laurel.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.laurel.model.ModelConfig;

/**
 * The weights that {@link ServingGraph} leaves open, under its names, copied out of Hugging Face
 * weights into direct memory of their own: the source may change or go away afterwards.
 */
public final class ServingWeights {
  /** One tensor: {@code data} is direct, native order, row-major. */
  public record Tensor(FloatBuffer data, long[] shape) {}

  private final Map<String, FloatBuffer> source;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private ServingWeights(Map<String, FloatBuffer> source) {
    this.source = source;
  }

  /**
   * @throws IllegalArgumentException if a weight is missing or has another size than {@code config}
   *     says
   */
  public static Map<String, Tensor> of(ModelConfig config, Map<String, FloatBuffer> weights) {
    ServingWeights made = new ServingWeights(weights);
    made.collect(config);
    return made.tensors;
  }

  private void collect(ModelConfig config) {
    long hidden = config.hiddenSize();
    long width = config.headDim();
    long inner = config.intermediateSize();
    long queries = config.numHeads() * width;
    long keys = config.numKeyValueHeads() * width;
    copy("model.embed_tokens.weight", config.vocabSize(), hidden);
    for (int layer = 0; layer < config.numLayers(); layer++) {
      String name = "model.layers." + layer + ".";
      String attention = name + "self_attn.";
      copy(name + "input_layernorm.weight", hidden);
      stack(
          name + ServingGraph.QKV,
          List.of(
              attention + "q_proj.weight",
              attention + "k_proj.weight",
              attention + "v_proj.weight"),
          queries + 2 * keys,
          hidden);
      copy(attention + "o_proj.weight", hidden, queries);
      copy(name + "post_attention_layernorm.weight", hidden);
      stack(
          name + ServingGraph.GATE_UP,
          List.of(name + "mlp.gate_proj.weight", name + "mlp.up_proj.weight"),
          2 * inner,
          hidden);
      copy(name + "mlp.down_proj.weight", hidden, inner);
    }
    copy("model.norm.weight", hidden);
    if (!config.tieWordEmbeddings()) {
      copy("lm_head.weight", config.vocabSize(), hidden);
    }
    RotaryTable rotary = RotaryTable.of(config);
    put("rotary.cosines", List.of(rotary.cosines()), config.maxPositionEmbeddings(), width / 2);
    put("rotary.sines", List.of(rotary.sines()), config.maxPositionEmbeddings(), width / 2);
  }

  private void copy(String name, long... shape) {
    put(name, List.of(weight(name)), shape);
  }

  private void stack(String name, List<String> parts, long... shape) {
    List<FloatBuffer> buffers = new ArrayList<>();
    for (String part : parts) {
      buffers.add(weight(part));
    }
    put(name, buffers, shape);
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

  private FloatBuffer weight(String name) {
    FloatBuffer data = source.get(name);
    if (data == null) {
      throw new IllegalArgumentException("The model has no weight named " + name);
    }
    return data;
  }
}
