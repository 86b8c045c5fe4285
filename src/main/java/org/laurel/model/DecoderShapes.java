package org.laurel.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names and shapes of a decoder's weights as the engine, the exported graphs and the served ones
 * know them: Llama's names, matrices {@code [out, in]}, whatever the family.
 */
public final class DecoderShapes {
  private DecoderShapes() {}

  /**
   * @param head of a reward model, {@code score.weight [1, hidden]} stands in place of the language
   *     model's
   */
  public static Map<String, long[]> of(ModelConfig c, Head head) {
    Architecture a = c.architecture();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    long d = c.hiddenSize();
    long inner = c.intermediateSize();
    long queries = (long) c.numHeads() * c.headDim();
    long keys = (long) c.numKeyValueHeads() * c.headDim();
    shapes.put("model.embed_tokens.weight", new long[] {c.vocabSize(), d});
    if (a.learnedPositions()) {
      shapes.put("model.embed_positions.weight", new long[] {c.maxPositionEmbeddings(), d});
    }
    for (int layer = 0; layer < c.numLayers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      norm(shapes, prefix + "input_layernorm", d, a);
      linear(shapes, prefix + "self_attn.q_proj", queries, d, a.inputBias());
      linear(shapes, prefix + "self_attn.k_proj", keys, d, a.inputBias());
      linear(shapes, prefix + "self_attn.v_proj", keys, d, a.inputBias());
      linear(shapes, prefix + "self_attn.o_proj", d, queries, a.outputBias());
      if (a.queryKeyNorm()) {
        shapes.put(prefix + "self_attn.q_norm.weight", new long[] {c.headDim()});
        shapes.put(prefix + "self_attn.k_norm.weight", new long[] {c.headDim()});
      }
      norm(shapes, prefix + "post_attention_layernorm", d, a);
      if (a.gated()) {
        linear(shapes, prefix + "mlp.gate_proj", inner, d, a.feedForwardBias());
      }
      linear(shapes, prefix + "mlp.up_proj", inner, d, a.feedForwardBias());
      linear(shapes, prefix + "mlp.down_proj", d, inner, a.feedForwardBias());
    }
    norm(shapes, "model.norm", d, a);
    if (!c.tieWordEmbeddings() && head != Head.REWARD) {
      shapes.put("lm_head.weight", new long[] {c.vocabSize(), d});
    }
    if (head != Head.LANGUAGE_MODEL) {
      shapes.put("score.weight", new long[] {1, d});
    }
    return shapes;
  }

  private static void norm(Map<String, long[]> shapes, String name, long width, Architecture a) {
    shapes.put(name + ".weight", new long[] {width});
    if (a.layerNorm()) {
      shapes.put(name + ".bias", new long[] {width});
    }
  }

  private static void linear(
      Map<String, long[]> shapes, String name, long out, long in, boolean bias) {
    shapes.put(name + ".weight", new long[] {out, in});
    if (bias) {
      shapes.put(name + ".bias", new long[] {out});
    }
  }

  /** Elements of a tensor of this shape. */
  public static long size(long[] shape) {
    long size = 1;
    for (long dimension : shape) {
      size = Math.multiplyExact(size, dimension);
    }
    return size;
  }
}
