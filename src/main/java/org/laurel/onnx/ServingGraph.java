package org.laurel.onnx;

import static org.laurel.onnx.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import org.laurel.model.ModelConfig;

/**
 * The policy as it is served: ONNX Runtime's grouped-query attention writes into a key-value cache
 * that stays where it is, weights are handed over when a session is opened, and the softmax at each
 * row's temperature is part of the graph.
 *
 * <p>Inputs: {@code input_ids [B,T]} padded on the right; {@code last_positions [B]}, the row-major
 * index of each row's last real token; {@code lengths_minus_one [B]} (int32), tokens of each row in
 * the cache after this call, less one; {@code total_length} (int32), the largest such length;
 * {@code inverse_temperature [B,1]}; {@code past.i.key|value [B,kv,capacity,hd]}. Outputs: {@code
 * logits [B,V]} at the last real token, {@code probabilities [B,V]} = softmax(logits *
 * inverse_temperature), and {@code present.i.key|value}, to be bound to the memory of {@code past}.
 *
 * <p>A first call (T = total_length) may hold rows of any length; later calls hold one token a row.
 */
public final class ServingGraph {
  /** The query, key and value projections of a layer under each other: {@code [(h+2kv)*hd, d]}. */
  public static final String QKV = "self_attn.qkv_proj.weight";

  /** The gate and up projections of a layer under each other: {@code [2*intermediate, d]}. */
  public static final String GATE_UP = "mlp.gate_up_proj.weight";

  private final ModelConfig config;
  private final GraphBuilder graph = new GraphBuilder("serving");

  private ServingGraph(ModelConfig config) {
    this.config = config;
  }

  /**
   * The graph without its weights, which are named in {@link ServingWeights}.
   *
   * @throws IllegalArgumentException if the width of a head is no multiple of 16, which ONNX
   *     Runtime's attention asks for
   */
  public static ModelProto of(ModelConfig config) {
    if (config.headDim() % 16 != 0) {
      throw new IllegalArgumentException(
          "Only heads of a multiple of 16 can be served, not of " + config.headDim());
    }
    return new ServingGraph(config).build();
  }

  private ModelProto build() {
    long hidden = config.hiddenSize();
    String ids = graph.input("input_ids", DataType.INT64, "batch", "sequence");
    String last = graph.input("last_positions", DataType.INT64, "batch");
    String lengths = graph.input("lengths_minus_one", DataType.INT32, "batch");
    String total = graph.input("total_length", DataType.INT32);
    String inverseTemperature = graph.input("inverse_temperature", DataType.FLOAT, "batch", 1);
    String embeddings = graph.placeholder("model.embed_tokens.weight", config.vocabSize(), hidden);
    long[] tableShape = {config.maxPositionEmbeddings(), config.headDim() / 2};
    String cosines = graph.placeholder("rotary.cosines", tableShape);
    String sines = graph.placeholder("rotary.sines", tableShape);
    String shape = graph.concat(0, graph.node("Shape", List.of(ids)), graph.integers(-1));

    String residual = graph.reshape(graph.gather(embeddings, ids, 0), -1, hidden);
    String x = norm(residual, "model.layers.0.input_layernorm.weight");
    for (int layer = 0; layer < config.numLayers(); layer++) {
      String name = "model.layers." + layer + ".";
      String attended = attention(name, layer, x, shape, lengths, total, cosines, sines);
      String[] afterAttention =
          addThenNorm(residual, attended, name + "post_attention_layernorm.weight");
      String mixed = swiGlu(name, afterAttention[0]);
      String next =
          layer + 1 < config.numLayers()
              ? "model.layers." + (layer + 1) + ".input_layernorm.weight"
              : "model.norm.weight";
      String[] afterLayer = addThenNorm(afterAttention[1], mixed, next);
      x = afterLayer[0];
      residual = afterLayer[1];
    }
    String head =
        config.tieWordEmbeddings()
            ? embeddings
            : graph.placeholder("lm_head.weight", config.vocabSize(), hidden);
    String logits = graph.linear(graph.gather(x, last, 0), head);
    graph.output(
        "probabilities",
        graph.node(
            "Softmax", List.of(graph.multiply(logits, inverseTemperature)), attribute("axis", -1)),
        "batch",
        config.vocabSize());
    graph.output("logits", logits, "batch", config.vocabSize());
    return graph.model();
  }

  private String attention(
      String name,
      int layer,
      String x,
      String shape,
      String lengths,
      String total,
      String cosines,
      String sines) {
    long width = config.headDim();
    long queries = config.numHeads() * width;
    long packed = queries + 2 * config.numKeyValueHeads() * width;
    String qkv =
        graph.reshapeTo(
            graph.linear(x, graph.placeholder(name + QKV, packed, config.hiddenSize())), shape);
    String[] outputs =
        graph.microsoft(
            "GroupQueryAttention",
            new int[] {0, 1, 2},
            List.of(
                qkv,
                "",
                "",
                cache("past", layer, "key"),
                cache("past", layer, "value"),
                lengths,
                total,
                cosines,
                sines),
            attribute("num_heads", config.numHeads()),
            attribute("kv_num_heads", config.numKeyValueHeads()),
            attribute("do_rotary", 1));
    present(layer, "key", outputs[1]);
    present(layer, "value", outputs[2]);
    return graph.linear(
        graph.reshape(outputs[0], -1, queries),
        graph.placeholder(name + "self_attn.o_proj.weight", config.hiddenSize(), queries));
  }

  private String swiGlu(String name, String x) {
    long inner = config.intermediateSize();
    String both =
        graph.linear(x, graph.placeholder(name + GATE_UP, 2 * inner, config.hiddenSize()));
    String[] parts = graph.split(both, -1, inner, inner);
    String active =
        graph.microsoft("QuickGelu", new int[] {0}, List.of(parts[0]), attribute("alpha", 1f))[0];
    return graph.linear(
        graph.multiply(active, parts[1]),
        graph.placeholder(name + "mlp.down_proj.weight", config.hiddenSize(), inner));
  }

  private String norm(String x, String name) {
    return graph.node(
        "SimplifiedLayerNormalization",
        List.of(x, graph.placeholder(name, config.hiddenSize())),
        attribute("axis", -1),
        attribute("epsilon", (float) config.rmsNormEps()));
  }

  /** The normalised sum and the sum itself. */
  private String[] addThenNorm(String residual, String x, String name) {
    return graph.microsoft(
        "SkipSimplifiedLayerNormalization",
        new int[] {0, 3},
        List.of(x, residual, graph.placeholder(name, config.hiddenSize())),
        attribute("epsilon", (float) config.rmsNormEps()));
  }

  private String cache(String prefix, int layer, String what) {
    return graph.input(
        prefix + "." + layer + "." + what,
        DataType.FLOAT,
        "batch",
        config.numKeyValueHeads(),
        "capacity",
        config.headDim());
  }

  private void present(int layer, String what, String value) {
    graph.output(
        "present." + layer + "." + what,
        value,
        "batch",
        config.numKeyValueHeads(),
        "capacity",
        config.headDim());
  }
}
