package org.laurel.engine.ppo;

import java.util.Arrays;

/**
 * A sampled completion.
 *
 * @param tokens what the policy wrote, up to and with the first stop token, if it came
 * @param logprobs for each token the log probability under the distribution it was drawn from,
 *     temperature included
 * @param stopped whether the last token is the stop token; otherwise the limit on tokens was hit
 */
@SuppressWarnings("ArrayRecordComponent") // only ever read; copying every rollout would cost more
public record Rollout(int[] tokens, float[] logprobs, boolean stopped) {

  /**
   * Checks that every token has its log probability.
   *
   * @throws IllegalArgumentException if there is no token, or the lengths differ
   */
  public Rollout {
    if (tokens.length == 0 || tokens.length != logprobs.length) {
      throw new IllegalArgumentException(
          "a rollout of " + tokens.length + " tokens with " + logprobs.length + " logprobs");
    }
  }

  /** This completion cut off after the first stop token, wherever the sampler went on. */
  Rollout upTo(int stopToken) {
    for (int t = 0; t < tokens.length; t++) {
      if (tokens[t] == stopToken) {
        return new Rollout(Arrays.copyOf(tokens, t + 1), Arrays.copyOf(logprobs, t + 1), true);
      }
    }
    return new Rollout(tokens, logprobs, false);
  }
}
