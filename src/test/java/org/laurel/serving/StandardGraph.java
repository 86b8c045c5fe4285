package org.laurel.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.laurel.model.ModelConfig;
import org.laurel.onnx.DecoderGraph;

/** The exported standard graph, run the slow and plain way as a reference. */
final class StandardGraph implements AutoCloseable {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private final ModelConfig config;
  private final OrtSession session;

  StandardGraph(ModelConfig config, Map<String, FloatBuffer> weights) throws OrtException {
    this(config, DecoderGraph.policy(config, weights).toByteArray());
  }

  StandardGraph(ModelConfig config, byte[] graph) throws OrtException {
    this.config = config;
    session = ENVIRONMENT.createSession(graph);
  }

  /** Logits [B][T][V] of whole sequences, without a cache; masked tokens keep their place. */
  float[][][] logits(long[][] ids, long[][] mask) throws OrtException {
    try (OrtSession.Result result = run(ids, mask, null)) {
      return (float[][][]) result.get("logits").orElseThrow().getValue();
    }
  }

  /** Logits at the last token. */
  float[] next(int[] tokens) throws OrtException {
    long[][] ids = {Arrays.stream(tokens).asLongStream().toArray()};
    long[][] mask = {new long[tokens.length]};
    Arrays.fill(mask[0], 1);
    return logits(ids, mask)[0][tokens.length - 1];
  }

  /** One call; {@code past} is the result of the call before, or null. */
  OrtSession.Result run(long[][] ids, long[][] mask, OrtSession.@Nullable Result past)
      throws OrtException {
    long[][] positions = new long[ids.length][ids[0].length];
    for (int row = 0; row < ids.length; row++) {
      int seen = 0;
      int skipped = mask[row].length - ids[row].length;
      for (int i = 0; i < mask[row].length; i++) {
        if (i >= skipped) {
          positions[row][i - skipped] = seen;
        }
        seen += (int) mask[row][i];
      }
    }
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("input_ids", OnnxTensor.createTensor(ENVIRONMENT, ids));
    inputs.put("attention_mask", OnnxTensor.createTensor(ENVIRONMENT, mask));
    inputs.put("position_ids", OnnxTensor.createTensor(ENVIRONMENT, positions));
    Map<String, OnnxTensor> owned = new HashMap<>(inputs);
    for (int layer = 0; layer < config.numLayers(); layer++) {
      for (String what : new String[] {"key", "value"}) {
        String name = "past_key_values." + layer + "." + what;
        if (past == null) {
          OnnxTensor empty =
              OnnxTensor.createTensor(
                  ENVIRONMENT,
                  FloatBuffer.allocate(0),
                  new long[] {ids.length, config.numKeyValueHeads(), 0, config.headDim()});
          owned.put(name, empty);
          inputs.put(name, empty);
        } else {
          inputs.put(name, (OnnxTensor) past.get("present." + layer + "." + what).orElseThrow());
        }
      }
    }
    OrtSession.Result result = session.run(inputs);
    owned.values().forEach(OnnxTensor::close);
    return result;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
