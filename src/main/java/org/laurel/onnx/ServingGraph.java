package org.laurel.onnx;

import static org.laurel.onnx.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.laurel.model.Architecture;
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
  public static final String QKV = "self_attn.qkv_proj";

  /** The gate and up projections of a layer under each other: {@code [2*intermediate, d]}. */
  public static final String GATE_UP = "mlp.gate_up_proj";

  /** Appended to the name of a matrix at eight bits: its codes, and their scales. */
  static final String CODES = ".codes";

  static final String SCALES = ".scales";

  /** The output projection at eight bits, also where it is that of the embeddings. */
  static final String HEAD = "lm_head.weight";

  private static final String EMBEDDINGS = "model.embed_tokens.weight";

  /** {@code MatMulNBits}: products of bytes. */
  private static final long INT8_PRODUCTS = 4;

  private final ModelConfig config;
  private final WeightPrecision precision;
  private final Architecture architecture;
  private final GraphBuilder graph = new GraphBuilder("serving");

  private ServingGraph(ModelConfig config, WeightPrecision precision) {
    this.config = config;
    this.precision = precision;
    architecture = config.architecture();
  }

  /**
   * The graph without its weights, which are named in {@link ServingWeights}.
   *
   * @throws IllegalArgumentException if the width of a head is no multiple of 16, which ONNX
   *     Runtime's attention asks for
   */
  public static ModelProto of(ModelConfig config, WeightPrecision precision) {
    if (config.headDim() % 16 != 0) {
      throw new IllegalArgumentException(
          "Only heads of a multiple of 16 can be served, not of " + config.headDim());
    }
    return new ServingGraph(config, precision).build();
  }

  private ModelProto build() {
    long hidden = config.hiddenSize();
    String ids = graph.input("input_ids", DataType.INT64, "batch", "sequence");
    String last = graph.input("last_positions", DataType.INT64, "batch");
    String lengths = graph.input("lengths_minus_one", DataType.INT32, "batch");
    String total = graph.input("total_length", DataType.INT32);
    String inverseTemperature = graph.input("inverse_temperature", DataType.FLOAT, "batch", 1);
    String embeddings = graph.placeholder(EMBEDDINGS, config.vocabSize(), hidden);
    Rotation rotation = rotation();
    String shape = graph.concat(0, graph.node("Shape", List.of(ids)), graph.integers(-1));

    String embedded = graph.gather(embeddings, ids, 0);
    if (architecture.learnedPositions()) {
      embedded = graph.add(embedded, places(ids, lengths));
    }
    String residual = graph.reshape(embedded, -1, hidden);
    Attention attention = new Attention(shape, lengths, total, rotation);
    String x =
        architecture.parallel() ? parallelLayers(residual, attention) : layers(residual, attention);
    String states = graph.gather(x, last, 0);
    boolean shared = config.tieWordEmbeddings() && !isInt8(hidden);
    String logits =
        shared
            ? graph.linear(states, embeddings)
            : product(states, HEAD, config.vocabSize(), hidden);
    graph.output(
        "probabilities",
        graph.node(
            "Softmax", List.of(graph.multiply(logits, inverseTemperature)), attribute("axis", -1)),
        "batch",
        config.vocabSize());
    graph.output("logits", logits, "batch", config.vocabSize());
    return graph.model().withoutWeights();
  }

  /** Attention, then the feed-forward layer on its sum; each sum is made with the next norm. */
  private String layers(String embedded, Attention attention) {
    String residual = embedded;
    String x = norm(residual, "model.layers.0.input_layernorm");
    for (int layer = 0; layer < config.numLayers(); layer++) {
      String name = "model.layers." + layer + ".";
      String attended = attention(name, layer, x, attention);
      String[] afterAttention = addThenNorm(residual, attended, name + "post_attention_layernorm");
      String mixed = feedForward(name, afterAttention[0]);
      String next =
          layer + 1 < config.numLayers()
              ? "model.layers." + (layer + 1) + ".input_layernorm"
              : "model.norm";
      String[] afterLayer = addThenNorm(afterAttention[1], mixed, next);
      x = afterLayer[0];
      residual = afterLayer[1];
    }
    return x;
  }

  /** Attention and feed-forward layer side by side on the layer's input. */
  private String parallelLayers(String embedded, Attention attention) {
    String x = embedded;
    for (int layer = 0; layer < config.numLayers(); layer++) {
      String name = "model.layers." + layer + ".";
      String attended = attention(name, layer, norm(x, name + "input_layernorm"), attention);
      String mixed = feedForward(name, norm(x, name + "post_attention_layernorm"));
      x = graph.add(graph.add(x, attended), mixed);
    }
    return norm(x, "model.norm");
  }

  /** What every layer's attention needs: the shape [B, T, -1], lengths, and how heads turn. */
  private record Attention(
      String shape, String lengths, String total, @Nullable Rotation rotation) {}

  private record Rotation(String cosines, String sines) {}

  private @Nullable Rotation rotation() {
    if (architecture.learnedPositions()) {
      return null;
    }
    long[] table = {config.maxPositionEmbeddings(), config.headDim() / 2};
    return new Rotation(
        graph.placeholder("rotary.cosines", table), graph.placeholder("rotary.sines", table));
  }

  /** Learned positions: 0, 1, 2, ... of a prompt; of a single token the last of its row. */
  private String places(String ids, String lengths) {
    String width = graph.size(ids, 1);
    String single =
        graph.cast(graph.node("Equal", List.of(width, graph.integer(1))), DataType.INT64);
    String start = graph.multiply(graph.cast(lengths, DataType.INT64), single);
    String range = graph.node("Range", List.of(graph.integer(0), width, graph.integer(1)));
    String positions = graph.add(graph.unsqueeze(start, 1), range);
    return graph.gather(
        graph.placeholder(
            "model.embed_positions.weight", config.maxPositionEmbeddings(), config.hiddenSize()),
        positions,
        0);
  }

  private String attention(String name, int layer, String x, Attention attention) {
    long width = config.headDim();
    long queries = config.numHeads() * width;
    long keys = config.numKeyValueHeads() * width;
    String qkv =
        graph.reshapeTo(
            linear(
                x, name + QKV, queries + 2 * keys, config.hiddenSize(), architecture.inputBias()),
            attention.shape());
    List<String> inputs = new ArrayList<>(List.of(qkv, "", ""));
    if (architecture.queryKeyNorm()) {
      String[] parts = graph.split(qkv, -1, queries, keys, keys);
      inputs.set(0, headNorm(parts[0], name + "self_attn.q_norm.weight", attention));
      inputs.set(1, headNorm(parts[1], name + "self_attn.k_norm.weight", attention));
      inputs.set(2, parts[2]);
    }
    inputs.addAll(
        List.of(
            cache("past", layer, "key"),
            cache("past", layer, "value"),
            attention.lengths(),
            attention.total()));
    Rotation rotation = attention.rotation();
    if (rotation != null) {
      inputs.addAll(List.of(rotation.cosines(), rotation.sines()));
    }
    String[] outputs =
        graph.microsoft(
            "GroupQueryAttention",
            new int[] {0, 1, 2},
            inputs,
            attribute("num_heads", config.numHeads()),
            attribute("kv_num_heads", config.numKeyValueHeads()),
            attribute("do_rotary", rotation == null ? 0 : 1));
    present(layer, "key", outputs[1]);
    present(layer, "value", outputs[2]);
    return linear(
        graph.reshape(outputs[0], -1, queries),
        name + "self_attn.o_proj",
        config.hiddenSize(),
        queries,
        architecture.outputBias());
  }

  /** RMSNorm of every head of {@code [B,T,heads*hd]}. */
  private String headNorm(String x, String weight, Attention attention) {
    String heads = graph.reshape(x, -1, config.headDim());
    return graph.reshapeTo(rms(heads, weight, config.headDim()), attention.shape());
  }

  private String feedForward(String name, String x) {
    long hidden = config.hiddenSize();
    long inner = config.intermediateSize();
    boolean bias = architecture.feedForwardBias();
    String active;
    if (architecture.gated()) {
      String both = linear(x, name + GATE_UP, 2 * inner, hidden, bias);
      String[] parts = graph.split(both, -1, inner, inner);
      String gate =
          graph.microsoft("QuickGelu", new int[] {0}, List.of(parts[0]), attribute("alpha", 1f))[0];
      active = graph.multiply(gate, parts[1]);
    } else {
      String up = linear(x, name + "mlp.up_proj", inner, hidden, bias);
      active = Gelu.of(graph, up, architecture.activation());
    }
    return linear(active, name + "mlp.down_proj", hidden, inner, bias);
  }

  private String linear(String x, String name, long out, long in, boolean bias) {
    String weight = name + ".weight";
    if (bias && !isInt8(in)) {
      return graph.linear(
          x, graph.placeholder(weight, out, in), graph.placeholder(name + ".bias", out));
    }
    String product = product(x, weight, out, in);
    return bias ? graph.add(product, graph.placeholder(name + ".bias", out)) : product;
  }

  private String product(String x, String weight, long out, long in) {
    if (!isInt8(in)) {
      return graph.linear(x, graph.placeholder(weight, out, in));
    }
    long block = Int8Blocks.size(in);
    return graph
        .microsoft(
            "MatMulNBits",
            new int[] {0},
            List.of(
                x,
                graph.placeholder(DataType.UINT8, weight + CODES, out, in / block, block),
                graph.placeholder(weight + SCALES, out, in / block)),
            attribute("K", in),
            attribute("N", out),
            attribute("bits", 8),
            attribute("block_size", block),
            attribute("accuracy_level", INT8_PRODUCTS))[0];
  }

  private boolean isInt8(long columns) {
    return precision == WeightPrecision.INT8 && Int8Blocks.size(columns) > 0;
  }

  private String norm(String x, String name) {
    String weight = graph.placeholder(name + ".weight", config.hiddenSize());
    return architecture.layerNorm()
        ? graph.node(
            "LayerNormalization",
            List.of(x, weight, graph.placeholder(name + ".bias", config.hiddenSize())),
            attribute("axis", -1),
            attribute("epsilon", (float) config.normEpsilon()))
        : rmsBy(x, weight);
  }

  private String rms(String x, String name, long width) {
    return rmsBy(x, graph.placeholder(name, width));
  }

  private String rmsBy(String x, String weight) {
    return graph.node(
        "SimplifiedLayerNormalization",
        List.of(x, weight),
        attribute("axis", -1),
        attribute("epsilon", (float) config.normEpsilon()));
  }

  /** The normalised sum and the sum itself. */
  private String[] addThenNorm(String residual, String x, String name) {
    List<String> inputs = new ArrayList<>(List.of(x, residual));
    inputs.add(graph.placeholder(name + ".weight", config.hiddenSize()));
    if (architecture.layerNorm()) {
      inputs.add(graph.placeholder(name + ".bias", config.hiddenSize()));
    }
    return graph.microsoft(
        architecture.layerNorm() ? "SkipLayerNormalization" : "SkipSimplifiedLayerNormalization",
        new int[] {0, 3},
        inputs,
        attribute("epsilon", (float) config.normEpsilon()));
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
