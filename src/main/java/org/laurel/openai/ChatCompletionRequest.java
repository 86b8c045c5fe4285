package org.laurel.openai;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.laurel.tokenizer.Message;

/**
 * OpenAI's request for the next message of a conversation, with {@code top_k} and {@code min_p} as
 * other servers have them.
 *
 * @param model a policy version's name or id, or {@code serving} for the promoted one
 * @param bestOf answers drawn, of which the {@code n} best by a reward model are given
 * @param rewardModel name or id of the one that chooses; the newest if absent
 * @param logitBias what is added to the logits of these tokens, -100 to 100
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ChatCompletionRequest(
    @Nullable String model,
    @Nullable List<ChatMessage> messages,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Double minP,
    @Nullable Integer maxTokens,
    @Nullable Integer maxCompletionTokens,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable List<String> stop,
    @Nullable Long seed,
    @Nullable Integer n,
    @Nullable Integer bestOf,
    @Nullable String rewardModel,
    @Nullable Boolean stream,
    @Nullable StreamOptions streamOptions,
    @Nullable Boolean logprobs,
    @Nullable Integer topLogprobs,
    @Nullable Double presencePenalty,
    @Nullable Double frequencyPenalty,
    @Nullable Map<Integer, @Nullable Double> logitBias,
    @Nullable JsonNode tools,
    @Nullable JsonNode toolChoice,
    @Nullable JsonNode functions,
    @Nullable JsonNode functionCall,
    @Nullable JsonNode responseFormat) {
  private static final Set<String> ROLES = Set.of("system", "user", "assistant");

  /**
   * One turn.
   *
   * @param content a string, or OpenAI's list of parts of type text
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ChatMessage(@Nullable String role, @Nullable JsonNode content) {}

  /** What a stream carries besides its text. */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record StreamOptions(@Nullable Boolean includeUsage) {}

  boolean choosesBest() {
    return bestOf != null && bestOf > sampling().answers();
  }

  boolean streams() {
    return Boolean.TRUE.equals(stream);
  }

  boolean wantsLogprobs() {
    return Boolean.TRUE.equals(logprobs);
  }

  boolean wantsUsageInStream() {
    return streamOptions != null && Boolean.TRUE.equals(streamOptions.includeUsage());
  }

  Sampling sampling() {
    Integer most = maxCompletionTokens == null ? maxTokens : maxCompletionTokens;
    return new Sampling(temperature, topP, topK, minP, most, stop, seed, n, bestOf, logitBias);
  }

  void refuseUnsupported() {
    Sampling.refuse("presence_penalty", presencePenalty != null && presencePenalty != 0);
    Sampling.refuse("frequency_penalty", frequencyPenalty != null && frequencyPenalty != 0);
    Sampling.refuse("tools", tools != null && !tools.isEmpty());
    Sampling.refuse("tool_choice", choosesTool(toolChoice));
    Sampling.refuse("functions", functions != null && !functions.isEmpty());
    Sampling.refuse("function_call", choosesTool(functionCall));
    Sampling.refuse("top_logprobs", topLogprobs != null && topLogprobs > 0);
    Sampling.refuse("logprobs in a stream", streams() && wantsLogprobs());
    Sampling.refuse(
        "response_format",
        responseFormat != null
            && responseFormat.isObject()
            && !responseFormat.path("type").asText().equals("text"));
  }

  /** Where there are no tools, auto and none ask for the text that there is. */
  private static boolean choosesTool(@Nullable JsonNode choice) {
    return choice != null
        && !choice.isNull()
        && !choice.asText().equals("auto")
        && !choice.asText().equals("none");
  }

  List<Message> conversation() {
    if (messages == null || messages.isEmpty()) {
      throw Sampling.invalid("messages", "must hold at least one message");
    }
    List<Message> turns = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      ChatMessage message = messages.get(i);
      if (message == null) {
        throw Sampling.invalid("messages[" + i + "]", "must be a message, not null");
      }
      String role = "developer".equals(message.role()) ? "system" : message.role();
      if (role == null || !ROLES.contains(role)) {
        throw Sampling.invalid(
            "messages[" + i + "].role", "must be system, user or assistant, not " + role);
      }
      turns.add(new Message(role, text(message.content(), "messages[" + i + "].content")));
    }
    return turns;
  }

  private static String text(@Nullable JsonNode content, String field) {
    if (content != null && content.isTextual()) {
      return content.asText();
    }
    if (content == null || !content.isArray()) {
      throw Sampling.invalid(field, "must be a string or a list of text parts");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
        throw Sampling.invalid(field, "may only hold parts of type text");
      }
      text.append(part.path("text").asText());
    }
    return text.toString();
  }
}
