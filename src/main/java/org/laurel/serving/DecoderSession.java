package org.laurel.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.laurel.model.ModelConfig;
import org.laurel.onnx.ServingGraph;
import org.laurel.onnx.ServingWeights;

/** One set of policy weights ready to run: the serving graph with the weights it was opened on. */
final class DecoderSession implements AutoCloseable {

  private final OrtSession session;
  // ONNX Runtime reads this memory for as long as the session lives
  private final Map<String, OnnxTensorLike> weights;

  private DecoderSession(OrtSession session, Map<String, OnnxTensorLike> weights) {
    this.session = session;
    this.weights = weights;
  }

  /**
   * @param graph {@link ServingGraph#of} as bytes
   * @param weights by Hugging Face name; copied
   */
  static DecoderSession open(
      ModelConfig config, byte[] graph, Map<String, FloatBuffer> weights, int threads)
      throws OrtException {
    Map<String, OnnxTensorLike> tensors = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      for (var entry : ServingWeights.of(config, weights).entrySet()) {
        ServingWeights.Tensor tensor = entry.getValue();
        tensors.put(
            entry.getKey(),
            OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, tensor.data(), tensor.shape()));
      }
      options.setIntraOpNumThreads(threads);
      // batches change shape all the time: a remembered plan for each shape only takes memory
      options.setMemoryPatternOptimization(false);
      options.addExternalInitializers(tensors);
      return new DecoderSession(OnnxRuntime.ENVIRONMENT.createSession(graph, options), tensors);
    } catch (OrtException | RuntimeException failure) {
      tensors.values().forEach(OnnxTensorLike::close);
      throw failure;
    }
  }

  void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException {
    session.run(inputs, outputs).close();
  }

  @Override
  public void close() throws OrtException {
    session.close();
    weights.values().forEach(OnnxTensorLike::close);
  }
}
