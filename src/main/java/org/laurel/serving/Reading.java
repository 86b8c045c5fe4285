package org.laurel.serving;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.Map;
import org.laurel.model.ModelConfig;
import org.laurel.onnx.ServingGraph;
import org.laurel.onnx.WeightPrecision;

/** A policy that reads one text token by token, and what it expects next. */
final class Reading implements AutoCloseable {
  private final ModelConfig config;
  private final DecoderSession session;
  private final KeyValueCache cache;
  private final StepMemory beginnings = new StepMemory();
  private final DecodeStep step;
  private final float[] probabilities;
  private int length;

  private Reading(ModelConfig config, DecoderSession session, int most) throws OrtException {
    this.config = config;
    this.session = session;
    cache = new KeyValueCache(config, 1, most);
    step = new DecodeStep(config, cache, new StepMemory(), 0, 1, 1);
    step.inverseTemperature(0, 1);
    probabilities = new float[config.vocabSize()];
  }

  /**
   * @param weights by Hugging Face name; copied
   * @param most tokens of a text
   */
  static Reading open(
      ModelConfig config,
      Map<String, FloatBuffer> weights,
      WeightPrecision precision,
      int most,
      int threads)
      throws OrtException {
    byte[] graph = ServingGraph.of(config, precision).toByteArray();
    DecoderSession session = DecoderSession.open(config, graph, weights, precision, threads);
    try {
      return new Reading(config, session, most);
    } catch (OrtException | RuntimeException failure) {
      session.close();
      throw failure;
    }
  }

  /** Begins another text. */
  void begin(int[] tokens) throws OrtException {
    length = tokens.length;
    try (DecodeStep first = new DecodeStep(config, cache, beginnings, 0, 1, length)) {
      first.prompt(0, tokens);
      first.inverseTemperature(0, 1);
      first.run(session);
      first.probabilities(0, probabilities);
    }
  }

  void next(int token) throws OrtException {
    step.next(0, token, ++length);
    step.run(session);
    step.probabilities(0, probabilities);
  }

  /** Of every token to be the next, [vocabulary]; the next call writes over them. */
  float[] probabilities() {
    return probabilities;
  }

  @Override
  public void close() throws OrtException {
    step.close();
    session.close();
  }
}
