package org.laurel.judge;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Reads a reply in the shape of OpenAI's chat completions. */
final class ChatReply {
  /** Of each token, that are asked for; what most endpoints allow. */
  static final int ALTERNATIVES = 5;

  /** With less on the two letters, the reply begins otherwise, and its words count. */
  private static final double LEAST_ON_LETTERS = 0.1;

  private ChatReply() {}

  /**
   * By the log-probabilities of the first token where it tells both letters', else by the words.
   */
  static Answer read(JsonNode reply) {
    JsonNode choice = reply.path("choices").path(0);
    Answer.Logprobs logprobs =
        letters(choice.path("logprobs").path("content").path(0).path("top_logprobs"));
    if (logprobs != null && logprobs.margin() != 0) {
      return Answer.of(logprobs);
    }
    JsonNode content = choice.path("message").path("content");
    return content.isTextual() ? Answer.of(content.asText()) : Answer.unreadable(reply.toString());
  }

  /**
   * The probabilities of the tokens that spell each letter, summed. A letter that is not among the
   * alternatives is at most as likely as the least likely of these, and taken as just so likely.
   */
  private static Answer.@Nullable Logprobs letters(JsonNode alternatives) {
    double a = 0;
    double b = 0;
    double least = 1;
    for (JsonNode alternative : alternatives) {
      double probability = Math.exp(alternative.path("logprob").asDouble(Double.NEGATIVE_INFINITY));
      least = Math.min(least, probability);
      switch (alternative.path("token").asText("").strip()) {
        case "A", "a" -> a += probability;
        case "B", "b" -> b += probability;
        default -> {}
      }
    }
    if (a + b < LEAST_ON_LETTERS) {
      return null;
    }
    double floor = Math.max(least, 1e-12);
    return new Answer.Logprobs(Math.log(Math.max(a, floor)), Math.log(Math.max(b, floor)));
  }
}
