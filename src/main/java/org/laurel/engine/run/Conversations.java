package org.laurel.engine.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.laurel.tokenizer.Message;

/** Prompts as the files of a run directory hold them. */
public final class Conversations {

  private Conversations() {}

  /**
   * A conversation that the assistant is to continue.
   *
   * @param prompt a string, one turn of the user; or an array of {@code {role, content}}
   * @throws IllegalArgumentException if it is neither
   */
  public static List<Message> parse(JsonNode prompt) {
    if (prompt.isTextual()) {
      return List.of(new Message("user", prompt.asText()));
    }
    if (!prompt.isArray() || prompt.isEmpty()) {
      throw new IllegalArgumentException("prompt is neither a text nor a list of messages");
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : prompt) {
      if (!message.path("role").isTextual() || !message.path("content").isTextual()) {
        throw new IllegalArgumentException("a message of the prompt lacks role or content");
      }
      messages.add(new Message(message.get("role").asText(), message.get("content").asText()));
    }
    return messages;
  }

  /**
   * What a user said first: conversations that begin alike are about the same, however they go on,
   * and none of them may judge a model that learnt from another.
   */
  public static String opening(List<Message> prompt) {
    return prompt.stream()
        .filter(message -> message.role().equals("user"))
        .findFirst()
        .or(() -> prompt.stream().findFirst())
        .map(message -> message.content().strip())
        .orElse("");
  }
}
