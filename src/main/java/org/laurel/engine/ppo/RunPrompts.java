package org.laurel.engine.ppo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.laurel.engine.run.Conversations;
import org.laurel.engine.run.Refusals;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.Split;
import org.laurel.tokenizer.ChatTemplate;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;

/**
 * The prompts of a run that samples completions, without those that leave no room for one and those
 * that the policy's chat template refuses.
 *
 * @param tokens of each, ending where the completion begins
 * @param texts what each asks last, in the same order
 * @param openings what the user said first in each, in the same order
 * @param conversations by their tokens
 * @param dropped how many are left out
 */
public record RunPrompts(
    List<int[]> tokens,
    List<String> texts,
    List<String> openings,
    Map<IntBuffer, List<Message>> conversations,
    int dropped) {

  /**
   * Those to train on, and those that only judge: conversations that begin alike are on one side.
   *
   * @param heldOut how many to hold out, as {@link Split#ofCount} does
   */
  Split<int[]> split(int heldOut) {
    Split<Integer> rows =
        Split.ofCount(IntStream.range(0, tokens.size()).boxed().toList(), openings::get, heldOut);
    return new Split<>(
        rows.training().stream().map(tokens::get).toList(),
        rows.heldOut().stream().map(tokens::get).toList());
  }

  /**
   * Reads {@code data/prompts.jsonl}.
   *
   * @param maxNewTokens of a completion
   * @param context tokens that the policy can read
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if a row is no conversation, or none can be used
   */
  public static RunPrompts read(
      RunDirectory directory, PromptEncoder encoder, int maxNewTokens, int context)
      throws IOException {
    List<int[]> tokens = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    List<String> openings = new ArrayList<>();
    Map<IntBuffer, List<Message>> conversations = new HashMap<>();
    Refusals refusals = new Refusals();
    int longer = 0;
    for (JsonNode row : directory.rows("prompts")) {
      List<Message> messages = Conversations.parse(row.path("prompt"));
      int[] prompt;
      try {
        prompt = encoder.prompt(messages);
      } catch (ChatTemplate.Refusal refusal) {
        refusals.add(refusal);
        continue;
      }
      if (prompt.length + (long) maxNewTokens > context) {
        longer++;
        continue;
      }
      tokens.add(prompt);
      texts.add(messages.get(messages.size() - 1).content());
      openings.add(Conversations.opening(messages));
      conversations.put(IntBuffer.wrap(prompt), messages);
    }
    if (tokens.isEmpty() && longer > 0) {
      throw new IllegalArgumentException(
          "no prompt leaves room for maxNewTokens, %d, within the policy's context of %d tokens"
              .formatted(maxNewTokens, context));
    }
    refusals.leave(tokens.size());
    return new RunPrompts(tokens, texts, openings, conversations, longer + refusals.count());
  }
}
