package org.laurel.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.laurel.tokenizer.Message;

/**
 * Conversations written as one text, as in Anthropic's hh-rlhf: {@code \n\nHuman: ...\n\nAssistant:
 * ...}. What stands before the first turn is a system message.
 */
final class Transcripts {
  private static final String HUMAN = "\n\nHuman:";
  private static final String ASSISTANT = "\n\nAssistant:";

  private Transcripts() {}

  /** The turns; empty if the text is no transcript. */
  static Optional<List<Message>> parse(String text) {
    int at = text.indexOf(HUMAN);
    if (at < 0) {
      return Optional.empty();
    }
    List<Message> turns = new ArrayList<>();
    if (!text.substring(0, at).isBlank()) {
      turns.add(new Message("system", text.substring(0, at).strip()));
    }
    while (at >= 0) {
      boolean human = text.startsWith(HUMAN, at);
      int start = at + (human ? HUMAN : ASSISTANT).length();
      int end = nextTurn(text, start);
      String said = end < 0 ? text.substring(start) : text.substring(start, end);
      turns.add(new Message(human ? "user" : "assistant", said.strip()));
      at = end;
    }
    return Optional.of(turns);
  }

  /** The turns of a transcript that waits for the assistant's answer. */
  static Optional<List<Message>> prompt(String text) {
    if (!text.stripTrailing().endsWith(ASSISTANT.strip()) || !text.contains(HUMAN)) {
      return Optional.empty();
    }
    return parse(text).map(turns -> turns.subList(0, turns.size() - 1));
  }

  private static int nextTurn(String text, int from) {
    int human = text.indexOf(HUMAN, from);
    int assistant = text.indexOf(ASSISTANT, from);
    return human < 0 ? assistant : assistant < 0 ? human : Math.min(human, assistant);
  }
}
