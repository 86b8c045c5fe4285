package org.laurel.engine.run;

import org.jspecify.annotations.Nullable;
import org.laurel.tokenizer.ChatTemplate;

/**
 * Rows left out since the policy's chat template refuses their conversation: one that begins with a
 * system message, say, or in which nobody takes turns. They are counted, and end a run only where
 * no other row is left.
 */
public final class Refusals {
  private ChatTemplate.@Nullable Refusal first;
  private int count;

  /** Counts a row. */
  public void add(ChatTemplate.Refusal refusal) {
    first = first == null ? refusal : first;
    count++;
  }

  public int count() {
    return count;
  }

  /**
   * @param rows that are left
   * @throws IllegalArgumentException if that is none, and some were refused
   */
  public void leave(int rows) {
    if (rows == 0 && first != null) {
      throw new IllegalArgumentException(
          "no row is left to learn from; refused by the policy's chat template: %d, the first with \"%s\""
              .formatted(count, first.reason()),
          first);
    }
  }
}
