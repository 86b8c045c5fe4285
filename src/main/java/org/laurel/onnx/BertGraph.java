package org.laurel.onnx;

import static org.laurel.onnx.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.laurel.model.Activation;
import org.laurel.model.EncoderConfig;

/**
 * {@code BertForSequenceClassification} with one label in standard operators.
 *
 * <p>Inputs: {@code input_ids}, {@code attention_mask} and {@code token_type_ids}, {@code [B,T]},
 * padded on the right. Output: {@code logits [B,1]}.
 */
public final class BertGraph {
  private final EncoderConfig config;
  private final NamedWeights weights;
  private final GraphBuilder graph = new GraphBuilder("reward");

  private BertGraph(EncoderConfig config, Map<String, FloatBuffer> weights) {
    this.config = config;
    this.weights = new NamedWeights(weights);
  }

  /**
   * The graph with its weights.
   *
   * @param weights by Hugging Face name
   * @throws IllegalArgumentException if one is missing or has another size
   */
  public static OnnxModel reward(EncoderConfig config, Map<String, FloatBuffer> weights) {
    return new BertGraph(config, weights).build();
  }

  private OnnxModel build() {
    String ids = graph.input("input_ids", DataType.INT64, "batch_size", "sequence_length");
    String mask = graph.input("attention_mask", DataType.INT64, "batch_size", "sequence_length");
    String types = graph.input("token_type_ids", DataType.INT64, "batch_size", "sequence_length");
    long d = config.hiddenSize();
    String embeddings = "bert.embeddings.";
    String positions =
        graph.node("Range", List.of(graph.integer(0), graph.size(ids, 1), graph.integer(1)));
    String x =
        graph.add(
            graph.add(
                graph.gather(
                    weight(embeddings + "word_embeddings.weight", config.vocabSize(), d), ids, 0),
                graph.gather(
                    weight(embeddings + "token_type_embeddings.weight", config.typeVocabSize(), d),
                    types,
                    0)),
            graph.gather(
                weight(
                    embeddings + "position_embeddings.weight", config.maxPositionEmbeddings(), d),
                positions,
                0));
    // [B*T, d] from here on: a linear layer is one Gemm
    x = norm(graph.reshape(x, -1, d), embeddings + "LayerNorm");
    String rows = graph.node("Shape", List.of(ids));
    String real = graph.unsqueeze(graph.cast(mask, DataType.BOOL), 1, 2);
    String bias = graph.node("Where", List.of(real, graph.scalar(0), graph.scalar(-1e9f)));
    for (int i = 0; i < config.numLayers(); i++) {
      String layer = "bert.encoder.layer." + i + ".";
      x =
          norm(
              graph.add(x, attention(x, layer + "attention.", rows, bias)),
              layer + "attention.output.LayerNorm");
      String inner = linear(x, layer + "intermediate.dense", config.intermediateSize(), d);
      String active = Gelu.of(graph, inner, Activation.GELU);
      x =
          norm(
              graph.add(x, linear(active, layer + "output.dense", d, config.intermediateSize())),
              layer + "output.LayerNorm");
    }
    String byRow = graph.reshapeTo(x, graph.concat(0, rows, graph.integers(d)));
    String first = graph.gather(byRow, graph.integer(0), 1);
    String pooled = graph.node("Tanh", List.of(linear(first, "bert.pooler.dense", d, d)));
    String score = linear(pooled, "classifier", 1, d);
    graph.output("logits", score, "batch_size", 1);
    return graph.model();
  }

  private String attention(String x, String name, String rows, String bias) {
    long d = config.hiddenSize();
    String q = heads(linear(x, name + "self.query", d, d), rows, 0, 2, 1, 3);
    String k = heads(linear(x, name + "self.key", d, d), rows, 0, 2, 3, 1);
    String v = heads(linear(x, name + "self.value", d, d), rows, 0, 2, 1, 3);
    String scaled = graph.multiply(q, graph.scalar((float) (1 / Math.sqrt(config.headDim()))));
    String seen =
        graph.node(
            "Softmax", List.of(graph.add(graph.matmul(scaled, k), bias)), attribute("axis", -1));
    String mixed = graph.transpose(graph.matmul(seen, v), 0, 2, 1, 3);
    return linear(graph.reshape(mixed, -1, d), name + "output.dense", d, d);
  }

  private String heads(String projected, String rows, long... order) {
    String split =
        graph.reshapeTo(
            projected, graph.concat(0, rows, graph.integers(config.numHeads(), config.headDim())));
    return graph.transpose(split, order);
  }

  private String norm(String x, String name) {
    return graph.node(
        "LayerNormalization",
        List.of(
            x,
            weight(name + ".weight", config.hiddenSize()),
            weight(name + ".bias", config.hiddenSize())),
        attribute("axis", -1),
        attribute("epsilon", (float) config.layerNormEps()));
  }

  private String linear(String x, String name, long out, long in) {
    return graph.linear(x, weight(name + ".weight", out, in), weight(name + ".bias", out));
  }

  private String weight(String name, long... shape) {
    return graph.weight(name, weights.later(name), shape);
  }
}
