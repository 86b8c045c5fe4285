package org.laurel.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** OpenAI's answer to a {@link CompletionRequest}; the pieces of a stream look the same. */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TextCompletion(
    String id,
    String object,
    long created,
    String model,
    List<Choice> choices,
    @Nullable Usage usage) {

  /** One continuation. */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @Schema(name = "TextChoice") // chats have another
  public record Choice(
      String text, int index, @Nullable Logprobs logprobs, @Nullable String finishReason) {}

  /** The drawn tokens beside their log-probabilities. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "TextLogprobs")
  public record Logprobs(List<String> tokens, List<Float> tokenLogprobs) {}
}
