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

  /**
   * The turns; empty if the text is no transcript. Turns without text are left out, and two of one
   * speaker in a row are one.
   */
  public static Optional<List<Message>> parse(String stored) {
    return written(stored).map(Transcripts::tidy);
  }

  private static Optional<List<Message>> written(String stored) {
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
      return written(text).map(turns -> tidy(turns.subList(0, turns.size() - 1)));
    }
    return begun(text).startsWith(HUMAN)
        ? parse(text)
            .filter(turns -> !turns.isEmpty() && turns.get(turns.size() - 1).role().equals("user"))
        : Optional.empty();
  }

  /** The answer that goes on from {@link #prompt}, without the name that may stand before it. */
  public static String answer(String text) {
    String said = text.strip();
    String name = ASSISTANT.strip();
    return said.startsWith(name) ? said.substring(name.length()).strip() : said;
  }

  /**
   * Turns as the text of one completion: the first without its speaker's name, which the prompt
   * ends with.
   */
  public static String completion(List<Message> turns) {
    StringBuilder text = new StringBuilder();
    for (Message turn : turns) {
      if (text.length() > 0) {
        text.append(turn.role().equals("user") ? HUMAN : ASSISTANT).append(' ');
      }
      text.append(turn.content());
    }
    return text.toString();
  }

  private static List<Message> tidy(List<Message> turns) {
    List<Message> tidy = new ArrayList<>();
    for (Message turn : turns) {
      int last = tidy.size() - 1;
      if (turn.content().isEmpty()) {
        continue;
      }
      if (last >= 0 && tidy.get(last).role().equals(turn.role())) {
        tidy.set(
            last, new Message(turn.role(), tidy.get(last).content() + "\n\n" + turn.content()));
      } else {
        tidy.add(turn);
      }
    }
    return tidy;
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
