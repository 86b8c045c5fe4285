package org.laurel.sampling;

import java.util.List;
import java.util.UUID;
import org.laurel.tokenizer.Message;

/**
 * Draws one completion from each of two policies, whatever it is: to ask again when one is empty,
 * or both are the same, would make them look better than they are.
 */
record PairSampler(PromptSampler policy, PromptSampler baseline) implements Drawing {

  @Override
  public List<Completion> draw(UUID promptId, List<Message> messages) throws InterruptedException {
    // seeds apart, or two policies that are nearly one would draw the same words
    return List.of(policy.first(promptId, messages, 0), baseline.first(promptId, messages, 1));
  }
}
