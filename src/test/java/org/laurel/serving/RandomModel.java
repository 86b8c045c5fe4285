package org.laurel.serving;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.laurel.model.ModelConfig;
import org.laurel.onnx.ServingGraph;
import org.laurel.onnx.WeightPrecision;

/** Small models with random weights, large enough that every token changes the next one. */
public final class RandomModel {
  private RandomModel() {}

  /** Two layers, four query heads on two key heads, a vocabulary of 61. */
  public static ModelConfig tiny() {
    return config(61, 64, 48, 2, 4, 2, 96);
  }

  public static ModelConfig config(
      int vocab, int hidden, int inner, int layers, int heads, int keyHeads, int context) {
    return new ModelConfig(
        "llama",
        vocab,
        hidden,
        inner,
        layers,
        heads,
        keyHeads,
        hidden / heads,
        context,
        1e-5,
        10_000,
        true,
        null,
        1,
        0);
  }

  public static Map<String, FloatBuffer> weights(ModelConfig config, long seed) {
    Random random = new Random(seed);
    Map<String, FloatBuffer> weights = new LinkedHashMap<>();
    int hidden = config.hiddenSize();
    int queries = config.numHeads() * config.headDim();
    int keys = config.numKeyValueHeads() * config.headDim();
    int inner = config.intermediateSize();
    weights.put("model.embed_tokens.weight", normal(random, config.vocabSize() * hidden, 0.3));
    for (int layer = 0; layer < config.numLayers(); layer++) {
      String name = "model.layers." + layer + ".";
      double scale = 1 / Math.sqrt(hidden);
      weights.put(name + "input_layernorm.weight", ones(random, hidden));
      weights.put(name + "self_attn.q_proj.weight", normal(random, queries * hidden, 2 * scale));
      weights.put(name + "self_attn.k_proj.weight", normal(random, keys * hidden, 2 * scale));
      weights.put(name + "self_attn.v_proj.weight", normal(random, keys * hidden, scale));
      weights.put(name + "self_attn.o_proj.weight", normal(random, hidden * queries, scale));
      weights.put(name + "post_attention_layernorm.weight", ones(random, hidden));
      weights.put(name + "mlp.gate_proj.weight", normal(random, inner * hidden, scale));
      weights.put(name + "mlp.up_proj.weight", normal(random, inner * hidden, scale));
      weights.put(
          name + "mlp.down_proj.weight", normal(random, hidden * inner, 1 / Math.sqrt(inner)));
    }
    weights.put("model.norm.weight", ones(random, hidden));
    weights.put("score.weight", normal(random, hidden, 1 / Math.sqrt(hidden)));
    return weights;
  }

  static DecoderSession decoder(ModelConfig config, long seed) throws OrtException {
    byte[] graph = ServingGraph.of(config, WeightPrecision.FLOAT32).toByteArray();
    return DecoderSession.open(
        config, graph, weights(config, seed), WeightPrecision.FLOAT32, /* threads= */ 1);
  }

  /** A prompt of random tokens that are neither padding nor the end token. */
  public static int[] prompt(ModelConfig config, int length, long seed) {
    return new Random(seed).ints(length, 2, config.vocabSize()).toArray();
  }

  private static FloatBuffer normal(Random random, int size, double deviation) {
    FloatBuffer data = FloatBuffer.allocate(size);
    while (data.hasRemaining()) {
      data.put((float) (random.nextGaussian() * deviation));
    }
    return data.flip();
  }

  private static FloatBuffer ones(Random random, int size) {
    FloatBuffer data = FloatBuffer.allocate(size);
    while (data.hasRemaining()) {
      data.put((float) (1 + 0.1 * random.nextGaussian()));
    }
    return data.flip();
  }
}
