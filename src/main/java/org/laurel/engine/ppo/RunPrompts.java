package org.laurel.engine.ppo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.laurel.engine.run.Conversations;
import org.laurel.engine.run.RunDirectory;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;

/**
 * The prompts of a run that samples completions, without those that leave no room for one.
 *
 * @param tokens of each, ending where the completion begins
 * @param texts what each asks last, in the same order
 * @param conversations by their tokens
 * @param dropped how many leave no room
 */
public record RunPrompts(
    List<int[]> tokens,
    List<String> texts,
    Map<IntBuffer, List<Message>> conversations,
    int dropped) {

  /**
   * Reads {@code data/prompts.jsonl}.
   *
   * @param maxNewTokens of a completion
   * @param context tokens that the policy can read
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if a row is no conversation, or none leaves room
   */
  public static RunPrompts read(
      RunDirectory directory, PromptEncoder encoder, int maxNewTokens, int context)
      throws IOException {
    List<int[]> tokens = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    Map<IntBuffer, List<Message>> conversations = new HashMap<>();
    int dropped = 0;
    for (JsonNode row : directory.rows("prompts")) {
      List<Message> messages = Conversations.parse(row.path("prompt"));
      int[] prompt = encoder.prompt(messages);
      if (prompt.length + maxNewTokens > context) {
        dropped++;
        continue;
      }
      tokens.add(prompt);
      texts.add(messages.get(messages.size() - 1).content());
      conversations.put(IntBuffer.wrap(prompt), messages);
    }
    if (tokens.isEmpty() && dropped > 0) {
      throw new IllegalArgumentException(
          "no prompt leaves room for maxNewTokens, %d, within the policy's context of %d tokens"
              .formatted(maxNewTokens, context));
    }
    return new RunPrompts(tokens, texts, conversations, dropped);
  }
}
