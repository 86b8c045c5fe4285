package org.laurel.serving;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.laurel.model.Head;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.onnx.OnnxExport;
import org.laurel.onnx.ServingGraph;
import org.laurel.onnx.WeightPrecision;

/**
 * A policy that answers many callers at once. One thread decodes all rows of all requests together,
 * a token at a time; a finished row gives its place to the next waiting one, taken from the waiting
 * requests in turn. What a row draws depends on its prompt, the parameters and its seed alone.
 *
 * <p>A row's keys and values take memory as it grows. When the rows under way need more than {@link
 * Limits#cacheBytes} together, the younger ones are set aside with what they have until an older
 * one ends.
 *
 * <p>Thread-safe. Holds two copies of the weights (one rearranged by ONNX Runtime), and of keys and
 * values what {@link Limits#cacheBytes} says and those of rows set aside.
 */
public final class PolicySession implements AutoCloseable {

  /**
   * @param maxRows rows decoded at once
   * @param cacheBytes most memory for the keys and values of rows that run at once; a row that
   *     alone needs more runs alone, and ends at 2 GiB
   * @param threads of ONNX Runtime
   * @param precision of the weights
   */
  public record Limits(int maxRows, long cacheBytes, int threads, WeightPrecision precision) {
    /** With weights as they were trained. */
    public Limits(int maxRows, long cacheBytes, int threads) {
      this(maxRows, cacheBytes, threads, WeightPrecision.FLOAT32);
    }

    public Limits {
      if (maxRows < 1 || cacheBytes < 1 || threads < 1) {
        throw new IllegalArgumentException(
            "Limits must be positive: "
                + maxRows
                + " rows, "
                + cacheBytes
                + " bytes, "
                + threads
                + " threads");
      }
    }

    /** 64 rows, 256 MiB, one thread a processor. */
    public static Limits standard() {
      return new Limits(64, 256L << 20, Runtime.getRuntime().availableProcessors());
    }

    public Limits withPrecision(WeightPrecision precision) {
      return new Limits(maxRows, cacheBytes, threads, precision);
    }
  }

  private final ModelConfig config;
  private final byte[] graph;
  private final Limits limits;
  private final int longestRow;
  private final DecodingThread decoding;

  private PolicySession(ModelConfig config, Map<String, FloatBuffer> weights, Limits limits)
      throws OrtException {
    this.config = config;
    this.limits = limits;
    longestRow = new CacheRoom(config, limits).longest();
    graph = ServingGraph.of(config, limits.precision()).toByteArray();
    decoding = new DecodingThread(config, limits, session(weights));
    decoding.start();
  }

  /**
   * @throws IllegalArgumentException if the directory holds no policy
   */
  public static PolicySession open(ModelDirectory directory, Limits limits) {
    if (directory.head() != Head.LANGUAGE_MODEL) {
      throw new IllegalArgumentException(directory.path() + " holds no policy");
    }
    return open(directory.config(), OnnxExport.weights(directory), limits);
  }

  /**
   * @param weights by Hugging Face name, row-major; copied
   * @throws IllegalArgumentException if they do not fit {@code config}
   */
  public static PolicySession open(
      ModelConfig config, Map<String, FloatBuffer> weights, Limits limits) {
    try {
      return new PolicySession(config, weights, limits);
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not open the policy", failure);
    }
  }

  public ModelConfig config() {
    return config;
  }

  public WeightPrecision precision() {
    return limits.precision();
  }

  /** Most tokens that prompt and continuation have together: the context, or less for memory. */
  public int longestRow() {
    return longestRow;
  }

  /** As the other {@code generate}, without a listener. */
  public List<Generation> generate(List<int[]> prompts, SamplingParameters parameters)
      throws InterruptedException {
    return generate(prompts, parameters, null);
  }

  /**
   * Continues every prompt and waits for all of them. An interrupt of the calling thread ends them.
   * Prompt and continuation share {@link #longestRow}: fewer than {@code maxNewTokens} are drawn
   * where it is used up.
   *
   * @return in the order of the prompts
   * @throws IllegalArgumentException if a prompt is empty, fills {@link #longestRow} or has unknown
   *     tokens
   * @throws IllegalStateException if the session is closed or ONNX Runtime fails
   */
  public List<Generation> generate(
      List<int[]> prompts, SamplingParameters parameters, @Nullable TokenListener listener)
      throws InterruptedException {
    for (int[] prompt : prompts) {
      check(prompt);
    }
    if (prompts.isEmpty()) {
      return List.of();
    }
    GenerationRequest request = new GenerationRequest(List.copyOf(prompts), parameters, listener);
    decoding.submit(request);
    return request.await();
  }

  /**
   * How likely each of these tokens is to come next: natural logarithms under the softmax of all
   * logits, [prompts][tokens].
   *
   * @throws IllegalArgumentException if a prompt is empty, fills {@link #longestRow} or has unknown
   *     tokens, or a token is unknown
   * @throws IllegalStateException if the session is closed or ONNX Runtime fails
   */
  public List<float[]> nextLogprobs(List<int[]> prompts, int[] tokens) throws InterruptedException {
    for (int[] prompt : prompts) {
      check(prompt);
    }
    for (int token : tokens) {
      checkToken(token);
    }
    if (prompts.isEmpty()) {
      return List.of();
    }
    SamplingParameters one = SamplingParameters.greedy(1, config.eosTokenId());
    GenerationRequest request =
        new GenerationRequest(List.copyOf(prompts), one, null, tokens.clone());
    decoding.submit(request);
    request.await();
    return request.watchedLogprobs();
  }

  /**
   * Goes over to other weights of the same shape: rows under way end on the old ones, later ones
   * run on the new. Returns when the old ones are gone.
   *
   * @param weights as in {@link #open}; copied
   */
  public void refresh(Map<String, FloatBuffer> weights) throws InterruptedException {
    try {
      decoding.replace(session(weights));
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not take the new weights", failure);
    }
  }

  /** Whether it still answers: it has been neither closed nor ended by an error. */
  public boolean isOpen() {
    return decoding.isOpen();
  }

  /** Ends waiting and running requests with an error and frees the native memory. */
  @Override
  public void close() {
    decoding.close();
  }

  private DecoderSession session(Map<String, FloatBuffer> weights) throws OrtException {
    return DecoderSession.open(config, graph, weights, limits.precision(), limits.threads());
  }

  private void check(int[] prompt) {
    if (prompt.length == 0 || prompt.length >= longestRow) {
      throw new IllegalArgumentException(
          "A prompt needs 1 to " + (longestRow - 1) + " tokens, this one has " + prompt.length);
    }
    for (int token : prompt) {
      checkToken(token);
    }
  }

  private void checkToken(int token) {
    if (token < 0 || token >= config.vocabSize()) {
      throw new IllegalArgumentException(
          "Token " + token + " is not in the vocabulary of " + config.vocabSize());
    }
  }
}
