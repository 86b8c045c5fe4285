package org.laurel.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Conversations written as one text, as in Anthropic's hh-rlhf: {@code \n\nHuman: ...\n\nAssistant:
 * ...}. What stands before the first turn is a system message.
 */
public final class Transcripts {
  private static final String HUMAN = "\n\nHuman:";
  private static final String ASSISTANT = "\n\nAssistant:";

  private Transcripts() {}

  /** The turns; empty if the text is no transcript. */
  public static Optional<List<Message>> parse(String stored) {
    String text = begun(stored);
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

  /**
   * The turns of a transcript that waits for the assistant's answer: it ends with the assistant's
   * name, or begins with the human's and ends with a human's turn.
   */
  public static Optional<List<Message>> prompt(String text) {
    if (text.stripTrailing().endsWith(ASSISTANT.strip()) && begun(text).contains(HUMAN)) {
      return parse(text).map(turns -> turns.subList(0, turns.size() - 1));
    }
    return begun(text).startsWith(HUMAN)
        ? parse(text).filter(turns -> turns.get(turns.size() - 1).role().equals("user"))
        : Optional.empty();
  }

  /** The answer that goes on from {@link #prompt}, without the name that may stand before it. */
  public static String answer(String text) {
    String said = text.strip();
    String name = ASSISTANT.strip();
    return said.startsWith(name) ? said.substring(name.length()).strip() : said;
  }

  /** The text with the blank line before its first turn, which is lost where it was stripped. */
  private static String begun(String text) {
    return text.stripLeading().startsWith(HUMAN.strip()) ? "\n\n" + text.stripLeading() : text;
  }

  private static int nextTurn(String text, int from) {
    int human = text.indexOf(HUMAN, from);
    int assistant = text.indexOf(ASSISTANT, from);
    return human < 0 ? assistant : assistant < 0 ? human : Math.min(human, assistant);
  }
}
