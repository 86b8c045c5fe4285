package org.laurel.serving;

import java.util.Arrays;

/**
 * One sampled continuation.
 *
 * @param tokens the new tokens only; with {@link FinishReason#STOP} the last one is the stop token
 * @param logprobs natural logarithm of each token's probability under the softmax of all logits
 *     divided by the sampling temperature (by 1 when decoding greedily), whatever top-k, top-p and
 *     min-p left to draw from
 * @param seed asking again for this prompt alone with this seed gives the same tokens
 */
@SuppressWarnings("ArrayRecordComponent")
public record Generation(int[] tokens, float[] logprobs, FinishReason finishReason, long seed) {

  /** The tokens without the closing stop token: what a person reads. */
  public int[] text() {
    int end = finishReason == FinishReason.STOP ? tokens.length - 1 : tokens.length;
    return Arrays.copyOf(tokens, end);
  }

  /** Log-probability of the whole continuation. */
  public double logprob() {
    double sum = 0;
    for (float logprob : logprobs) {
      sum += logprob;
    }
    return sum;
  }
}
