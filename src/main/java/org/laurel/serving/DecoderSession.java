package org.laurel.serving;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.laurel.model.ModelConfig;
import org.laurel.onnx.OnnxModel;
import org.laurel.onnx.ServingGraph;
import org.laurel.onnx.ServingWeights;
import org.laurel.onnx.WeightPrecision;

/** A decoder ready to run: a graph with the weights it was opened on, which it keeps alive. */
final class DecoderSession implements AutoCloseable {

  private final OrtSession session;
  // ONNX Runtime reads this memory for as long as the session lives
  private final Map<String, OnnxTensorLike> weights;

  private DecoderSession(OrtSession session, Map<String, OnnxTensorLike> weights) {
    this.session = session;
    this.weights = weights;
  }

  /**
   * A policy that is served.
   *
   * @param graph {@link ServingGraph#of} with the same precision, as bytes
   * @param weights by Hugging Face name; copied
   */
  static DecoderSession open(
      ModelConfig config,
      byte[] graph,
      Map<String, FloatBuffer> weights,
      WeightPrecision precision,
      int threads)
      throws OrtException {
    Map<String, OnnxTensorLike> tensors = new LinkedHashMap<>();
    try {
      for (var entry : ServingWeights.of(config, weights, precision).entrySet()) {
        tensors.put(entry.getKey(), tensor(entry.getValue()));
      }
      return open(graph, tensors, threads);
    } catch (OrtException | RuntimeException failure) {
      tensors.values().forEach(OnnxTensorLike::close);
      throw failure;
    }
  }

  /** A model in standard operators; its weights are copied. */
  static DecoderSession open(OnnxModel model, int threads) throws OrtException {
    Map<String, OnnxTensorLike> tensors = new LinkedHashMap<>();
    try {
      for (OnnxModel.Weight weight : model.weights()) {
        tensors.put(
            weight.name(),
            OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, weight.direct(), weight.shape()));
      }
      return open(model.withoutWeights().toByteArray(), tensors, threads);
    } catch (OrtException | RuntimeException failure) {
      tensors.values().forEach(OnnxTensorLike::close);
      throw failure;
    }
  }

  private static DecoderSession open(byte[] graph, Map<String, OnnxTensorLike> tensors, int threads)
      throws OrtException {
    try (OrtSession.SessionOptions options = OnnxRuntime.options(threads)) {
      options.addExternalInitializers(tensors);
      return new DecoderSession(OnnxRuntime.ENVIRONMENT.createSession(graph, options), tensors);
    }
  }

  private static OnnxTensor tensor(ServingWeights.Tensor tensor) throws OrtException {
    return tensor.data() instanceof FloatBuffer floats
        ? OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, floats, tensor.shape())
        : OnnxTensor.createTensor(
            OnnxRuntime.ENVIRONMENT,
            (ByteBuffer) tensor.data(),
            tensor.shape(),
            OnnxJavaType.UINT8);
  }

  void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException {
    session.run(inputs, outputs).close();
  }

  OrtSession.Result run(Map<String, OnnxTensor> inputs) throws OrtException {
    return session.run(inputs);
  }

  @Override
  public void close() throws OrtException {
    session.close();
    weights.values().forEach(OnnxTensorLike::close);
  }
}
