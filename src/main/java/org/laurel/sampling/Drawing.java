package org.laurel.sampling;

import java.util.List;
import java.util.UUID;
import org.laurel.tokenizer.Message;

/** Draws the completions of a prompt that people are to choose between. */
interface Drawing {
  /**
   * The completions, not yet stored; fewer than two if there is nothing to choose.
   *
   * @throws IllegalArgumentException if the prompt does not fit a policy
   */
  List<Completion> draw(UUID promptId, List<Message> messages) throws InterruptedException;
}
