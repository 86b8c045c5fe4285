package org.laurel.demonstration;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.laurel.prompt.Conversation;
import org.laurel.web.Problem;

/**
 * What somebody writes to a prompt.
 *
 * @param text Markdown, as it is learned from
 * @param flags what is wrong with the prompt, each once
 * @param elapsedMs time spent on it, milliseconds
 */
record Wording(String text, List<String> flags, @Nullable Long elapsedMs) {

  /**
   * Lines without anything at either end do not count.
   *
   * @throws Problem 422 naming what is wrong
   */
  static Wording of(
      @Nullable String text, @Nullable List<@Nullable String> flags, @Nullable Long elapsedMs) {
    if (text == null || text.isBlank()) {
      throw wrong("text", "The demonstration is empty.");
    }
    String kept = text.replaceFirst("^(\\h*\\R)+", "").stripTrailing();
    Optional<String> fault = Conversation.textFault(kept);
    if (fault.isPresent()) {
      throw wrong("text", "The demonstration " + fault.get() + ".");
    }
    int bytes = kept.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Conversation.LONGEST) {
      throw wrong(
          "text",
          "The demonstration has %d bytes; at most %d are taken."
              .formatted(bytes, Conversation.LONGEST));
    }
    if (elapsedMs != null && elapsedMs < 0) {
      throw wrong("elapsedMs", "elapsedMs " + elapsedMs + " is negative.");
    }
    return new Wording(kept, flags == null ? List.of() : checked(flags), elapsedMs);
  }

  private static List<String> checked(List<@Nullable String> flags) {
    if (flags.size() > Demonstration.FLAGS_LIMIT) {
      throw wrong("flags", "There are more than %d flags.".formatted(Demonstration.FLAGS_LIMIT));
    }
    for (String flag : flags) {
      if (flag == null || flag.isBlank() || flag.length() > Demonstration.FLAG_LIMIT) {
        throw wrong(
            "flags", "A flag has from 1 to %d characters.".formatted(Demonstration.FLAG_LIMIT));
      }
    }
    return flags.stream().map(String::strip).distinct().sorted().toList();
  }

  private static Problem wrong(String field, String message) {
    return Problem.invalid(message).error(field, message);
  }
}
