package org.laurel.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Conversations as a model's token ids. Text that spells a token of the template's, such as {@code
 * <|end|>} typed by a person, is encoded as ordinary characters: nobody ends a turn or speaks for
 * the assistant by writing so.
 */
public final class PromptEncoder {
  /** A Unicode noncharacter, reserved for internal use; marks where special text is cut apart. */
  private static final char CUT = '\uFDD0';

  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final int endToken;
  private final TurnMarks marks;
  private final int[] opening;

  /** Whether decoding an answer alone loses the blank between the opening and the answer. */
  private final boolean blankIsLost;

  /**
   * @param endToken id that ends a completion
   */
  public PromptEncoder(Tokenizer tokenizer, ChatTemplate template, int endToken) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.endToken = endToken;
    marks = TurnMarks.of(tokenizer, template);
    opening = tokenizer.encode(marks.opening());
    int[] answered = tokenizer.encode(marks.opening() + marks.blank() + "A");
    blankIsLost = startsWith(answered, opening) && tokenizer.decode(rest(answered)).equals("A");
  }

  /** Reads tokenizer and chat template of a model directory. */
  public static PromptEncoder read(Path modelDirectory, int endToken) throws IOException {
    return new PromptEncoder(
        Tokenizer.read(modelDirectory.resolve("tokenizer.json")),
        ChatTemplate.read(modelDirectory),
        endToken);
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** Ids of one user turn, ready for the assistant's completion. */
  public int[] prompt(String text) {
    return prompt(List.of(new Message("user", text)));
  }

  /**
   * Ids of a conversation, ready for the assistant's completion.
   *
   * @throws ChatTemplate.Refusal when the template refuses the conversation
   */
  public int[] prompt(List<Message> messages) {
    return encodeApart(rendered(messages));
  }

  /**
   * Sees to it that the template takes a conversation.
   *
   * @throws ChatTemplate.Refusal when it does not
   */
  public void check(List<Message> messages) {
    rendered(messages);
  }

  private String rendered(List<Message> messages) {
    List<Message> safe =
        messages.stream()
            .map(message -> new Message(message.role(), cutApart(message.content())))
            .toList();
    return template.render(safe, true);
  }

  /**
   * Ids of a completion with the end token last: those that stand behind a prompt where template
   * and tokenizer make ids of the whole conversation, as long as they part the text there.
   */
  public int[] completion(String text) {
    String safe = cutApart(text);
    boolean begun = !blankIsLost && !safe.isEmpty() && Character.isWhitespace(safe.charAt(0));
    int[] whole = encodeApart(marks.opening() + (begun ? "" : marks.blank()) + safe);
    int[] ids = startsWith(whole, opening) ? rest(whole) : encodeApart(safe);
    return IntStream.concat(IntStream.of(ids), IntStream.of(endToken)).toArray();
  }

  private int[] rest(int[] whole) {
    return Arrays.copyOfRange(whole, opening.length, whole.length);
  }

  private static boolean startsWith(int[] ids, int[] start) {
    return ids.length >= start.length
        && Arrays.equals(ids, 0, start.length, start, 0, start.length);
  }

  private String cutApart(String text) {
    String safe = text.replace(String.valueOf(CUT), "");
    for (String token : marks.tokens()) {
      if (safe.contains(token)) {
        int first = token.offsetByCodePoints(0, 1);
        safe = safe.replace(token, token.substring(0, first) + CUT + token.substring(first));
      }
    }
    return safe;
  }

  private int[] encodeApart(String text) {
    if (text.indexOf(CUT) < 0) {
      return tokenizer.encode(text);
    }
    List<int[]> parts = new ArrayList<>();
    for (String part : text.split(String.valueOf(CUT), -1)) {
      parts.add(tokenizer.encode(part));
    }
    return parts.stream().flatMapToInt(IntStream::of).toArray();
  }
}
