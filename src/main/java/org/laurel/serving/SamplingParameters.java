package org.laurel.serving;

import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How continuations are drawn. The filters apply in this order to the softmax of the logits divided
 * by the temperature: top-k, then top-p of what is left, then min-p.
 *
 * @param temperature 0 decodes greedily; otherwise 0.01 to 100
 * @param topK draw from the k most probable tokens; 0 for all
 * @param topP draw from the fewest most probable tokens that hold this share of the probability; 1
 *     for all (Holtzman et al. 2020, arXiv 1904.09751)
 * @param minP draw from the tokens at least this fraction as probable as the most probable one; 0
 *     for all (Nguyen et al. 2024, arXiv 2407.01082)
 * @param stopTokens any of these ends a continuation
 * @param seed of the first row; see {@link #rowSeed}
 * @param logitBias what is added to the logits of these tokens before all else
 */
public record SamplingParameters(
    double temperature,
    int topK,
    double topP,
    double minP,
    int maxNewTokens,
    Set<Integer> stopTokens,
    long seed,
    Map<Integer, Float> logitBias) {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  public SamplingParameters {
    require(
        temperature == 0 || (temperature >= 0.01 && temperature <= 100),
        "temperature must be 0 or between 0.01 and 100");
    require(topK >= 0, "topK must be 0 (all) or more");
    require(topP > 0 && topP <= 1, "topP must be above 0 and at most 1");
    require(minP >= 0 && minP <= 1, "minP must be between 0 and 1");
    require(maxNewTokens >= 1, "maxNewTokens must be at least 1");
    require(
        logitBias.values().stream().allMatch(bias -> Float.isFinite(bias)),
        "logitBias must be finite");
    stopTokens = Set.copyOf(stopTokens);
    logitBias = Map.copyOf(logitBias);
  }

  /** Without biases. */
  public SamplingParameters(
      double temperature,
      int topK,
      double topP,
      double minP,
      int maxNewTokens,
      Set<Integer> stopTokens,
      long seed) {
    this(temperature, topK, topP, minP, maxNewTokens, stopTokens, seed, Map.of());
  }

  /** Unfiltered sampling at temperature 1: what a rollout for training needs. */
  public static SamplingParameters sampled(int maxNewTokens, int stopToken, long seed) {
    return new SamplingParameters(1, 0, 1, 0, maxNewTokens, Set.of(stopToken), seed);
  }

  /** The most probable token each time. */
  public static SamplingParameters greedy(int maxNewTokens, int stopToken) {
    return new SamplingParameters(0, 0, 1, 0, maxNewTokens, Set.of(stopToken), 0);
  }

  public SamplingParameters withTemperature(double temperature) {
    return new SamplingParameters(
        temperature, topK, topP, minP, maxNewTokens, stopTokens, seed, logitBias);
  }

  public SamplingParameters withTopK(int topK) {
    return new SamplingParameters(
        temperature, topK, topP, minP, maxNewTokens, stopTokens, seed, logitBias);
  }

  public SamplingParameters withTopP(double topP) {
    return new SamplingParameters(
        temperature, topK, topP, minP, maxNewTokens, stopTokens, seed, logitBias);
  }

  public SamplingParameters withMinP(double minP) {
    return new SamplingParameters(
        temperature, topK, topP, minP, maxNewTokens, stopTokens, seed, logitBias);
  }

  public SamplingParameters withMaxNewTokens(int maxNewTokens) {
    return new SamplingParameters(
        temperature, topK, topP, minP, maxNewTokens, stopTokens, seed, logitBias);
  }

  public SamplingParameters withSeed(long seed) {
    return new SamplingParameters(
        temperature, topK, topP, minP, maxNewTokens, stopTokens, seed, logitBias);
  }

  public SamplingParameters withLogitBias(Map<Integer, Float> logitBias) {
    return new SamplingParameters(
        temperature, topK, topP, minP, maxNewTokens, stopTokens, seed, logitBias);
  }

  /** Seed of one row of a batch; row 0 has the seed itself. */
  public long rowSeed(int row) {
    return seed + row * GOLDEN_GAMMA;
  }

  /**
   * The draws of a row. They are split off from its seed: rows' seeds lie as far apart as the
   * generator's own steps, so that each row would otherwise repeat the draws of the next one, a
   * token later.
   *
   * @param rowSeed of {@link #rowSeed}
   */
  static SplittableRandom draws(long rowSeed) {
    return new SplittableRandom(rowSeed).split();
  }

  boolean isGreedy() {
    return temperature == 0;
  }

  boolean isBiased() {
    return !logitBias.isEmpty();
  }

  boolean isUnfiltered() {
    return topK == 0 && topP == 1 && minP == 0;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
