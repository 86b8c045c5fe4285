package org.laurel.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Conversations as a model's token ids. Text that spells a special token, such as {@code <|end|>}
 * typed by a person, is encoded as ordinary characters: nobody ends a turn or speaks for the
 * assistant by writing so.
 */
public final class PromptEncoder {
  /** A Unicode noncharacter, reserved for internal use; marks where special text is cut apart. */
  private static final char CUT = '\uFDD0';

  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final int endToken;

  /**
   * @param endToken id that ends a completion
   */
  public PromptEncoder(Tokenizer tokenizer, ChatTemplate template, int endToken) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.endToken = endToken;
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

  /** Ids of a conversation, ready for the assistant's completion. */
  public int[] prompt(List<Message> messages) {
    List<Message> safe =
        messages.stream()
            .map(message -> new Message(message.role(), cutSpecial(message.content())))
            .toList();
    return encodeApart(template.render(safe, true));
  }

  /** Ids of a completion with the end token last. */
  public int[] completion(String text) {
    int[] ids = encodeApart(cutSpecial(text));
    return IntStream.concat(IntStream.of(ids), IntStream.of(endToken)).toArray();
  }

  private String cutSpecial(String text) {
    String safe = text.replace(String.valueOf(CUT), "");
    for (String token : tokenizer.specialTokens().keySet()) {
      if (safe.contains(token)) {
        safe = safe.replace(token, token.substring(0, 1) + CUT + token.substring(1));
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
