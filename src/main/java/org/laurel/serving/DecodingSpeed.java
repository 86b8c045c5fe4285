package org.laurel.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.laurel.model.ModelConfig;
import org.laurel.onnx.MatrixProduct;

/**
 * Measures how fast a policy writes, and how fast this machine could let it: a step has to read all
 * weights and the rows' keys and values once, and to multiply each weight with each row.
 */
public final class DecodingSpeed {
  /** A quarter of a gigabyte a thread: no cache holds it. */
  private static final int SCAN_INTS = 64 << 20;

  private final PolicySession session;
  private final int promptTokens;
  private final int newTokens;
  private final int repeats;

  /**
   * @param repeats measurements of each batch size, of which the best counts; one more goes before
   *     them to warm up
   */
  public DecodingSpeed(PolicySession session, int promptTokens, int newTokens, int repeats) {
    this.session = session;
    this.promptTokens = promptTokens;
    this.newTokens = newTokens;
    this.repeats = repeats;
  }

  /**
   * One batch size.
   *
   * @param tokensPerSecond new tokens over the whole time, prompts included
   * @param stepSeconds of one decoding step, prompts excluded
   * @param roofSeconds no step can be faster than this
   */
  public record Speed(int rows, double tokensPerSecond, double stepSeconds, double roofSeconds) {
    public double shareOfRoof() {
      return roofSeconds / stepSeconds;
    }
  }

  /**
   * @param bytesPerSecond as {@link #memoryBandwidth} measured it
   * @param flopsPerSecond of large matrix products
   */
  public Speed measure(int rows, double bytesPerSecond, double flopsPerSecond)
      throws InterruptedException {
    double whole = best(rows, newTokens);
    double first = best(rows, 1);
    ModelConfig config = session.config();
    double weights = config.parameterCount();
    double length = promptTokens + newTokens / 2.0;
    double cached = rows * length / config.maxPositionEmbeddings();
    double bytes =
        session.precision().bytesPerWeight() * weights
            + cached * KeyValueCache.bytesPerRow(config, config.maxPositionEmbeddings());
    double roof = Math.max(bytes / bytesPerSecond, 2 * weights * rows / flopsPerSecond);
    return new Speed(rows, rows * newTokens / whole, (whole - first) / (newTokens - 1), roof);
  }

  private double best(int rows, int tokens) throws InterruptedException {
    List<int[]> prompts = new ArrayList<>();
    Random random = new Random(rows);
    for (int i = 0; i < rows; i++) {
      prompts.add(random.ints(promptTokens, 0, session.config().vocabSize()).toArray());
    }
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i <= repeats; i++) {
      SamplingParameters endless = new SamplingParameters(1, 0, 1, 0, tokens, Set.of(), i);
      long start = System.nanoTime();
      session.generate(prompts, endless);
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
  }

  /** Bytes a second that all processors together read from memory. */
  public static double memoryBandwidth() {
    int threads = Runtime.getRuntime().availableProcessors();
    List<int[]> areas = new ArrayList<>(Collections.nCopies(threads, new int[0]));
    areas.replaceAll(none -> new int[SCAN_INTS]);
    double best = Double.POSITIVE_INFINITY;
    int kept = 0;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      kept += areas.parallelStream().mapToInt(DecodingSpeed::sum).sum();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    // the zeros that were summed: used, so that the sums are not left out
    return 4.0 * SCAN_INTS * threads / best + kept;
  }

  /** Floating-point operations a second of a large matrix product in ONNX Runtime. */
  public static double matrixFlops() {
    int size = 1024;
    FloatBuffer ones =
        ByteBuffer.allocateDirect(4 * size * size).order(ByteOrder.nativeOrder()).asFloatBuffer();
    long[] shape = {size, size};
    double best = Double.POSITIVE_INFINITY;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
      try (OrtSession product =
              OnnxRuntime.ENVIRONMENT.createSession(MatrixProduct.of(size).toByteArray(), options);
          OnnxTensor input = OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, ones, shape)) {
        for (int i = 0; i < 20; i++) {
          long start = System.nanoTime();
          product.run(Map.of("input", input)).close();
          best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
      }
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not multiply", failure);
    }
    return 2.0 * size * size * size / best;
  }

  private static int sum(int[] area) {
    int sum = 0;
    for (int element : area) {
      sum += element;
    }
    return sum;
  }
}
