package org.laurel.engine.sft;

import java.util.Arrays;
import java.util.Optional;

/**
 * A sequence to learn from.
 *
 * @param tokens the whole sequence
 * @param firstTarget index of the first token that the loss counts, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // read only; a corpus is not copied to pass it on
public record SftExample(int[] tokens, int firstTarget) {

  public SftExample {
    if (firstTarget < 1 || firstTarget >= tokens.length) {
      throw new IllegalArgumentException(
          "the loss begins at %d of %d tokens".formatted(firstTarget, tokens.length));
    }
  }

  /** Every token after the first counts: pretraining. */
  public static SftExample whole(int... tokens) {
    return new SftExample(tokens, 1);
  }

  /**
   * Only the completion counts, its end token included.
   *
   * @param maxLength longer sequences lose their tail; nothing is left of a prompt that fills it
   */
  public static Optional<SftExample> completion(int[] prompt, int[] completion, int maxLength) {
    if (prompt.length == 0 || completion.length == 0 || prompt.length >= maxLength) {
      return Optional.empty();
    }
    int length = Math.min(maxLength, prompt.length + completion.length);
    int[] tokens = Arrays.copyOf(prompt, length);
    System.arraycopy(completion, 0, tokens, prompt.length, length - prompt.length);
    return Optional.of(new SftExample(tokens, prompt.length));
  }

  /** How many tokens the loss counts. */
  public int targets() {
    return tokens.length - firstTarget;
  }
}
