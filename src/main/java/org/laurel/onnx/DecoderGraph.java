package org.laurel.onnx;

import static org.laurel.onnx.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.laurel.model.Architecture;
import org.laurel.model.ModelConfig;

/**
 * A decoder in standard ONNX operators (opset 18), as transformers.js and any other ONNX runtime
 * read it. Weights bear the names of {@link org.laurel.model.DecoderShapes}.
 *
 * <p>The policy takes {@code input_ids [B,T]}, {@code attention_mask [B,past+T]}, {@code
 * position_ids [B,T]} and {@code past_key_values.i.key|value [B,kv,past,hd]} and answers {@code
 * logits [B,T,V]} and {@code present.i.key|value [B,kv,past+T,hd]}. The reward model takes {@code
 * input_ids} and {@code attention_mask} and answers {@code logits [B,1]} at the last token that is
 * no padding, whichever side the padding is on.
 */
public final class DecoderGraph {
  private final ModelConfig config;
  private final NamedWeights weights;
  private final GraphBuilder graph;
  private final Architecture architecture;
  private final int group;

  private DecoderGraph(ModelConfig config, Map<String, FloatBuffer> weights, String name) {
    this.config = config;
    this.weights = new NamedWeights(weights);
    this.graph = new GraphBuilder(name);
    this.architecture = config.architecture();
    this.group = config.numHeads() / config.numKeyValueHeads();
  }

  /** The language model with its key-value cache as inputs and outputs. */
  public static OnnxModel policy(ModelConfig config, Map<String, FloatBuffer> weights) {
    return new DecoderGraph(config, weights, "policy").policy();
  }

  /** The reward model: {@code weights} hold {@code score.weight [1, hiddenSize]}. */
  public static OnnxModel reward(ModelConfig config, Map<String, FloatBuffer> weights) {
    return new DecoderGraph(config, weights, "reward").reward();
  }

  private OnnxModel policy() {
    String ids = graph.input("input_ids", DataType.INT64, "batch_size", "sequence_length");
    String mask =
        graph.input("attention_mask", DataType.INT64, "batch_size", "total_sequence_length");
    String positions = graph.input("position_ids", DataType.INT64, "batch_size", "sequence_length");
    CacheTensors cache = new CacheTensors(graph, config);
    String hidden = trunk(ids, mask, positions, cache);
    String head = config.tieWordEmbeddings() ? "model.embed_tokens.weight" : headWeight();
    String logits = graph.linear(hidden, head);
    String shape = graph.concat(0, graph.node("Shape", List.of(ids)), graph.integers(-1));
    graph.output(
        "logits",
        graph.reshapeTo(logits, shape),
        "batch_size",
        "sequence_length",
        config.vocabSize());
    cache.declareOutputs();
    return graph.model();
  }

  private OnnxModel reward() {
    String ids = graph.input("input_ids", DataType.INT64, "batch_size", "sequence_length");
    String mask = graph.input("attention_mask", DataType.INT64, "batch_size", "sequence_length");
    String seen = graph.node("CumSum", List.of(mask, graph.integer(1)));
    // left padding has seen nothing yet: its position is 0, never -1
    String positions =
        graph.node("Max", List.of(graph.subtract(seen, graph.integer(1)), graph.integer(0)));
    String hidden = trunk(ids, mask, positions, null);
    String length = graph.size(ids, 1);
    String last =
        graph.node(
            "ArgMax",
            List.of(graph.multiply(mask, range(graph.integer(0), length))),
            attribute("axis", 1),
            attribute("keepdims", 0));
    String rowStart = graph.multiply(range(graph.integer(0), graph.size(ids, 0)), length);
    String atLast = graph.gather(hidden, graph.add(last, rowStart), 0);
    String score = weight("score.weight", 1, config.hiddenSize());
    graph.output("logits", graph.linear(atLast, score), "batch_size", 1);
    return graph.model();
  }

  /** Embedding, layers and final norm: {@code [B*T, hidden]}. */
  private String trunk(String ids, String mask, String positions, @Nullable CacheTensors cache) {
    String bias = attentionBias(ids, mask);
    String embeddings =
        weight("model.embed_tokens.weight", config.vocabSize(), config.hiddenSize());
    Turn turn = null;
    String embedded = graph.gather(embeddings, ids, 0);
    if (architecture.learnedPositions()) {
      String places =
          weight(
              "model.embed_positions.weight", config.maxPositionEmbeddings(), config.hiddenSize());
      embedded = graph.add(embedded, graph.gather(places, positions, 0));
    } else {
      turn = turn(positions);
    }
    String x = graph.reshape(embedded, -1, config.hiddenSize());
    // attention needs [B, T] back after the projections, which work on [B*T, width]
    String rows = graph.node("Shape", List.of(ids));
    for (int layer = 0; layer < config.numLayers(); layer++) {
      String name = "model.layers." + layer + ".";
      String attended =
          attention(
              name + "self_attn.",
              norm(x, name + "input_layernorm"),
              rows,
              turn,
              bias,
              cache == null ? null : cache.layer(layer));
      if (architecture.parallel()) {
        String mixed = feedForward(name + "mlp.", norm(x, name + "post_attention_layernorm"));
        x = graph.add(graph.add(x, attended), mixed);
      } else {
        x = graph.add(x, attended);
        x = graph.add(x, feedForward(name + "mlp.", norm(x, name + "post_attention_layernorm")));
      }
    }
    return norm(x, "model.norm");
  }

  private Turn turn(String positions) {
    RotaryTable rotary = RotaryTable.of(config);
    long[] shape = {config.maxPositionEmbeddings(), architecture.rotaryDimensions() / 2};
    String cosine =
        graph.unsqueeze(
            graph.gather(graph.weight("rotary.cosines", rotary::cosines, shape), positions, 0), 2);
    String sine =
        graph.unsqueeze(
            graph.gather(graph.weight("rotary.sines", rotary::sines, shape), positions, 0), 2);
    return new Turn(cosine, sine);
  }

  /** Cosine and sine of each token's angles, {@code [B,T,1,rotaryDimensions/2]}. */
  private record Turn(String cosine, String sine) {}

  private String attention(
      String name,
      String x,
      String rows,
      @Nullable Turn turn,
      String bias,
      CacheTensors.@Nullable Layer cache) {
    int heads = config.numHeads();
    int kv = config.numKeyValueHeads();
    int width = config.headDim();
    int hidden = config.hiddenSize();
    String q = heads(name + "q_proj", x, rows, heads, "q_norm");
    String k = heads(name + "k_proj", x, rows, kv, "k_norm");
    String v = heads(name + "v_proj", x, rows, kv, "");
    // [B,T,kv*group,hd] -> [B,kv,group*T,hd]: the query heads of one key head side by side,
    // so that keys and values are never repeated
    String shaped = graph.reshape(rotate(q, turn), 0, 0, kv, group, width);
    String queries = graph.reshape(graph.transpose(shaped, 0, 2, 3, 1, 4), 0, kv, -1, width);
    String keys = graph.transpose(rotate(k, turn), 0, 2, 1, 3);
    String values = graph.transpose(v, 0, 2, 1, 3);
    if (cache != null) {
      keys = graph.concat(2, cache.pastKeys(), keys);
      values = graph.concat(2, cache.pastValues(), values);
      cache.keep(keys, values);
    }
    String scaled = graph.multiply(queries, graph.scalar((float) (1 / Math.sqrt(width))));
    String scores = graph.matmul(scaled, graph.transpose(keys, 0, 1, 3, 2));
    String weights = graph.node("Softmax", List.of(graph.add(scores, bias)), attribute("axis", -1));
    String mixed = graph.matmul(weights, values);
    String byHead =
        graph.reshapeTo(
            mixed,
            graph.concat(
                0,
                graph.gather(rows, graph.integers(0), 0),
                graph.integers(kv, group),
                graph.gather(rows, graph.integers(1), 0),
                graph.integers(width)));
    String flat = graph.reshape(graph.transpose(byHead, 0, 3, 1, 2, 4), -1, (long) heads * width);
    return linear(flat, name + "o_proj", hidden, heads * width, architecture.outputBias());
  }

  /** A projection as {@code [B,T,heads,hd]}, each head normalised where the family does so. */
  private String heads(String name, String x, String rows, int heads, String norm) {
    int width = config.headDim();
    String projected =
        linear(x, name, heads * width, config.hiddenSize(), architecture.inputBias());
    String split = graph.reshapeTo(projected, graph.concat(0, rows, graph.integers(heads, width)));
    return architecture.queryKeyNorm() && !norm.isEmpty()
        ? rms(split, name.substring(0, name.lastIndexOf('.') + 1) + norm + ".weight", width)
        : split;
  }

  /** Rotates the pairs (j, j + n/2) of the first n dimensions of {@code [B,T,heads,hd]}. */
  private String rotate(String x, @Nullable Turn turn) {
    if (turn == null) {
      return x;
    }
    long half = architecture.rotaryDimensions() / 2;
    long rest = config.headDim() - 2 * half;
    String[] parts =
        rest == 0 ? graph.split(x, -1, half, half) : graph.split(x, -1, half, half, rest);
    String first =
        graph.subtract(
            graph.multiply(parts[0], turn.cosine()), graph.multiply(parts[1], turn.sine()));
    String second =
        graph.add(graph.multiply(parts[1], turn.cosine()), graph.multiply(parts[0], turn.sine()));
    return rest == 0 ? graph.concat(-1, first, second) : graph.concat(-1, first, second, parts[2]);
  }

  private String feedForward(String name, String x) {
    int hidden = config.hiddenSize();
    int inner = config.intermediateSize();
    boolean bias = architecture.feedForwardBias();
    String active;
    if (architecture.gated()) {
      String gate = linear(x, name + "gate_proj", inner, hidden, bias);
      String up = linear(x, name + "up_proj", inner, hidden, bias);
      active = graph.multiply(graph.multiply(gate, graph.node("Sigmoid", List.of(gate))), up);
    } else {
      active =
          Gelu.of(
              graph, linear(x, name + "up_proj", inner, hidden, bias), architecture.activation());
    }
    return linear(active, name + "down_proj", hidden, inner, bias);
  }

  private String linear(String x, String name, int out, int in, boolean bias) {
    String weight = weight(name + ".weight", out, in);
    return bias ? graph.linear(x, weight, weight(name + ".bias", out)) : graph.linear(x, weight);
  }

  private String norm(String x, String name) {
    int hidden = config.hiddenSize();
    return architecture.layerNorm()
        ? graph.node(
            "LayerNormalization",
            List.of(x, weight(name + ".weight", hidden), weight(name + ".bias", hidden)),
            attribute("axis", -1),
            attribute("epsilon", (float) config.normEpsilon()))
        : rms(x, name + ".weight", hidden);
  }

  // the operator order that ONNX Runtime recognises and fuses into one kernel
  private String rms(String x, String name, int width) {
    String square = graph.node("Pow", List.of(x, graph.scalar(2)));
    String mean = graph.node("ReduceMean", List.of(square, graph.integers(-1)));
    String root =
        graph.node("Sqrt", List.of(graph.add(mean, graph.scalar((float) config.normEpsilon()))));
    return graph.multiply(graph.node("Div", List.of(x, root)), weight(name, width));
  }

  /** 0 where a query may look, a large negative number elsewhere: {@code [B,1,group*T,past+T]}. */
  private String attentionBias(String ids, String mask) {
    String total = graph.size(mask, 1);
    String past = graph.subtract(total, graph.size(ids, 1));
    String queries = graph.unsqueeze(range(past, total), 1);
    String keys = graph.unsqueeze(range(graph.integer(0), total), 0);
    String causal = graph.node("LessOrEqual", List.of(keys, queries));
    String real = graph.unsqueeze(graph.cast(mask, DataType.BOOL), 1, 2);
    String visible = graph.node("And", List.of(causal, real));
    // finite, so that a row of padding that sees nothing stays a number
    String bias = graph.node("Where", List.of(visible, graph.scalar(0), graph.scalar(-1e9f)));
    return group == 1 ? bias : graph.node("Tile", List.of(bias, graph.integers(1, 1, group, 1)));
  }

  private String range(String from, String to) {
    return graph.node("Range", List.of(from, to, graph.integer(1)));
  }

  private String headWeight() {
    return weight("lm_head.weight", config.vocabSize(), config.hiddenSize());
  }

  private String weight(String name, long... shape) {
    return graph.weight(name, weights.later(name), shape);
  }
}
