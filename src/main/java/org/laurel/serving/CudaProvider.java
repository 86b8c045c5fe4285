package org.laurel.serving;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.lang.System.Logger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.laurel.device.DeviceChoice;
import org.laurel.device.NvidiaDriver;
import org.laurel.onnx.MatrixProduct;

/**
 * ONNX Runtime's kernels for NVIDIA's GPUs, where {@code LAUREL_DEVICE} asks for them and they can
 * be had. Operators that it has no such kernel for stay on the processor: among them attention with
 * its cache, which it computes on a GPU in 16 bits alone.
 */
final class CudaProvider {
  private static final Logger LOG = System.getLogger(CudaProvider.class.getName());
  private static final DeviceChoice CHOICE = DeviceChoice.ofEnvironment();
  private static final boolean TRIED = CHOICE.triesCuda(NvidiaDriver.isPresent());
  private static final @Nullable String OBSTACLE = TRIED ? obstacle().orElse(null) : null;

  static {
    if (TRIED) {
      LOG.log(Logger.Level.INFO, OBSTACLE == null ? "Serving on cuda" : sinceOf(OBSTACLE));
    }
  }

  private CudaProvider() {}

  private static String sinceOf(String obstacle) {
    return "Serving on cpu, since " + obstacle;
  }

  /**
   * Lets a session compute on the GPU, if there is one.
   *
   * @throws IllegalStateException if a GPU was demanded and cannot be used; the message says why
   */
  static void offer(OrtSession.SessionOptions options) throws OrtException {
    if (CHOICE == DeviceChoice.CUDA && OBSTACLE != null) {
      throw new IllegalStateException("LAUREL_DEVICE=cuda: " + OBSTACLE);
    }
    if (TRIED && OBSTACLE == null) {
      add(options);
    }
  }

  private static void add(OrtSession.SessionOptions options) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions()) {
      // as exact as on the processor: rollouts must agree with what the trainer computes of them
      cuda.add("use_tf32", "0");
      // training may share the GPU
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      options.addCUDA(cuda);
    }
  }

  /** Why a session cannot be opened on a GPU, found by opening one. */
  private static Optional<String> obstacle() {
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      return Optional.of("this Laurel was packaged without CUDA (./mvnw -Pcuda package)");
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      add(options);
      OnnxRuntime.ENVIRONMENT.createSession(MatrixProduct.of(1).toByteArray(), options).close();
      return Optional.empty();
    } catch (OrtException failure) {
      return Optional.of("ONNX Runtime cannot use CUDA: " + firstLine(failure));
    }
  }

  private static String firstLine(OrtException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
