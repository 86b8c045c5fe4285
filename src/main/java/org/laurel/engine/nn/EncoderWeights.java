package org.laurel.engine.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.laurel.model.EncoderConfig;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.Safetensors;

/**
 * What the weights of an {@link Encoder} are called in {@code BertForSequenceClassification}, their
 * shapes, and what they begin with.
 */
final class EncoderWeights {
  static final String EMBEDDINGS = "bert.embeddings.";

  private static final String LAYERS = "bert.encoder.";
  private static final String POOLER = "bert.pooler.dense";
  private static final double DEVIATION = 0.02;

  /** How many times the residual the mean is in a pooling layer; a power of two loses no bits. */
  private static final float GATHERED = 16;

  private EncoderWeights() {}

  /** What the names of a layer's weights begin with. */
  static String layer(int index) {
    return LAYERS + "layer." + index + ".";
  }

  /**
   * N(0, 0.02), norms 1, biases 0; the pooler starts as the identity, so that the head reads what
   * the encoder says of the whole text; the classifier N(0, 1/sqrt(d+1)).
   */
  static Parameters random(EncoderConfig config, long seed) {
    Parameters parameters = Parameters.zeros(shapes(config));
    SplittableRandom random = new SplittableRandom(seed);
    parameters
        .byName()
        .forEach(
            (name, leaf) -> {
              boolean norm = name.endsWith("LayerNorm.weight");
              boolean matrix = name.endsWith("weight") && !norm && !name.equals(POOLER + ".weight");
              double deviation =
                  name.equals(Encoder.SCORE) ? 1 / Math.sqrt(config.hiddenSize() + 1.0) : DEVIATION;
              parameters.fill(name, i -> norm ? 1 : matrix ? deviation * random.nextGaussian() : 0);
            });
    diagonal(parameters, POOLER, config, 1);
    return parameters;
  }

  /** All that is stored, but that pooler and classifier may be missing. */
  static Parameters load(EncoderDirectory directory, long seed) {
    Parameters parameters = random(directory.config(), seed);
    Safetensors stored = directory.weights();
    copy(directory, parameters, name -> isOfEncoder(name) || stored.names().contains(name));
    return parameters;
  }

  /**
   * What is stored, and one more layer that computes the mean of the last states: its first token
   * attends to every token alike, and the residual is small beside what it gathers. So the sum is
   * still what {@code BertForSequenceClassification} computes, and nothing that the encoder knows
   * is lost by reading a token that it never used. The layer's feed-forward adds nothing until it
   * has learnt.
   */
  static Parameters withPoolingLayer(EncoderDirectory directory, long seed) {
    EncoderConfig base = directory.config();
    Parameters parameters = random(base.withLayers(base.numLayers() + 1), seed);
    copy(directory, parameters, EncoderWeights::isOfEncoder);
    String layer = layer(base.numLayers());
    diagonal(parameters, layer + "attention.self.query", base, 0);
    diagonal(parameters, layer + "attention.self.key", base, 1);
    diagonal(parameters, layer + "attention.self.value", base, 1);
    diagonal(parameters, layer + "attention.output.dense", base, GATHERED);
    diagonal(parameters, layer + "output.dense", base, 0);
    return parameters;
  }

  /** Neither pooler nor classifier. */
  private static boolean isOfEncoder(String name) {
    return name.startsWith(EMBEDDINGS) || name.startsWith(LAYERS);
  }

  private static void copy(
      EncoderDirectory directory, Parameters parameters, Predicate<String> wanted) {
    Safetensors stored = directory.weights();
    shapes(directory.config())
        .forEach(
            (name, shape) -> {
              if (wanted.test(name)) {
                parameters.write(name, own -> own.put(stored.floats(name, shape)));
              }
            });
  }

  private static void diagonal(
      Parameters parameters, String name, EncoderConfig config, float value) {
    parameters.fill(name + ".weight", i -> i % (config.hiddenSize() + 1) == 0 ? value : 0);
  }

  private static Map<String, long[]> shapes(EncoderConfig c) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    long d = c.hiddenSize();
    shapes.put(EMBEDDINGS + "word_embeddings.weight", new long[] {c.vocabSize(), d});
    shapes.put(
        EMBEDDINGS + "position_embeddings.weight", new long[] {c.maxPositionEmbeddings(), d});
    shapes.put(EMBEDDINGS + "token_type_embeddings.weight", new long[] {c.typeVocabSize(), d});
    norm(shapes, EMBEDDINGS + "LayerNorm", d);
    for (int i = 0; i < c.numLayers(); i++) {
      String layer = layer(i);
      linear(shapes, layer + "attention.self.query", d, d);
      linear(shapes, layer + "attention.self.key", d, d);
      linear(shapes, layer + "attention.self.value", d, d);
      linear(shapes, layer + "attention.output.dense", d, d);
      norm(shapes, layer + "attention.output.LayerNorm", d);
      linear(shapes, layer + "intermediate.dense", c.intermediateSize(), d);
      linear(shapes, layer + "output.dense", d, c.intermediateSize());
      norm(shapes, layer + "output.LayerNorm", d);
    }
    linear(shapes, POOLER, d, d);
    linear(shapes, "classifier", 1, d);
    return shapes;
  }

  private static void linear(Map<String, long[]> shapes, String name, long out, long in) {
    shapes.put(name + ".weight", new long[] {out, in});
    shapes.put(name + ".bias", new long[] {out});
  }

  private static void norm(Map<String, long[]> shapes, String name, long width) {
    shapes.put(name + ".weight", new long[] {width});
    shapes.put(name + ".bias", new long[] {width});
  }
}
