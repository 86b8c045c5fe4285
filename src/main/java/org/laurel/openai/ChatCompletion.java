package org.laurel.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's answer to a {@link ChatCompletionRequest}, whole ({@code chat.completion}) or a piece of
 * a stream ({@code chat.completion.chunk}, with {@code delta} in place of {@code message}).
 *
 * @param model name of the policy version that answered
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatCompletion(
    String id,
    String object,
    long created,
    String model,
    List<Choice> choices,
    @Nullable Usage usage) {

  /** One answer. */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Choice(
      int index,
      @Nullable Turn message,
      @Nullable Turn delta,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Logprobs logprobs,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String finishReason) {}

  /** A message or a piece of it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Turn(@Nullable String role, @Nullable String content) {}

  /** The log-probabilities of an answer's tokens. */
  public record Logprobs(List<TokenLogprob> content) {}

  /**
   * One token with its log-probability.
   *
   * @param token its text alone, with replacement characters for parts of a character
   * @param bytes that it stands for: those of all tokens together are the UTF-8 of the text
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record TokenLogprob(
      String token, float logprob, List<Integer> bytes, List<TokenLogprob> topLogprobs) {}
}
