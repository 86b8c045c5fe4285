package org.laurel.dataset;

import com.fasterxml.jackson.databind.JsonNode;

/** A conversation as one text, for the formats that know no messages. */
final class Transcript {
  private Transcript() {}

  /**
   * A prompt as plain text: the user's text where it is all there is, otherwise the whole
   * conversation as in {@link #humanAssistant}.
   */
  static String plain(JsonNode messages) {
    if (messages.size() == 1) {
      return messages.get(0).get("content").textValue();
    }
    return humanAssistant(messages) + "\n\nAssistant:";
  }

  /**
   * As in Anthropic's hh-rlhf: every turn after an empty line, {@code \n\nHuman: ...\n\nAssistant:
   * ...}. A system message stands at the beginning without a name.
   */
  static String humanAssistant(JsonNode messages) {
    StringBuilder text = new StringBuilder();
    for (JsonNode message : messages) {
      String content = message.get("content").textValue();
      switch (message.get("role").textValue()) {
        case "assistant" -> text.append("\n\nAssistant: ").append(content);
        case "system" -> text.append(content);
        default -> text.append("\n\nHuman: ").append(content);
      }
    }
    return text.toString();
  }
}
