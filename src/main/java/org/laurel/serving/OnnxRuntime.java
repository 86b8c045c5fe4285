package org.laurel.serving;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/** The one environment of ONNX Runtime in this process, which reports to nobody. */
final class OnnxRuntime {
  static final OrtEnvironment ENVIRONMENT = open();

  private OnnxRuntime() {}

  /** What all sessions have in common; to be closed by the caller. */
  static OrtSession.SessionOptions options(int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    try {
      options.setIntraOpNumThreads(threads);
      // batches change shape all the time: a remembered plan for each shape only takes memory
      options.setMemoryPatternOptimization(false);
      CudaProvider.offer(options);
      return options;
    } catch (OrtException | RuntimeException failure) {
      options.close();
      throw failure;
    }
  }

  private static OrtEnvironment open() {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try {
      environment.setTelemetry(false);
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime's telemetry cannot be switched off", failure);
    }
    return environment;
  }
}
