package org.laurel.engine.ppo;

/**
 * How completions are drawn while training: from the whole distribution (no top-k, no top-p), since
 * a truncated one would bias the importance ratio.
 *
 * @param temperature divides the logits, as it does when the policy is trained
 * @param maxNewTokens longest completion, stop token included
 * @param stopToken ends a completion
 * @param seed of all draws of one call
 */
public record RolloutParameters(double temperature, int maxNewTokens, int stopToken, long seed) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if the temperature or the length is not positive
   */
  public RolloutParameters {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature must be positive, not " + temperature);
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be positive, not " + maxNewTokens);
    }
  }
}
