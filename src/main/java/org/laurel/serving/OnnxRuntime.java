package org.laurel.serving;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;

/** The one environment of ONNX Runtime in this process, which reports to nobody. */
final class OnnxRuntime {
  static final OrtEnvironment ENVIRONMENT = open();

  private OnnxRuntime() {}

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
