package org.laurel.openai;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/** Tokens read and written; the token that ends an answer counts as written. */
@JsonNaming(SnakeCaseStrategy.class)
public record Usage(int promptTokens, int completionTokens, int totalTokens) {
  /** A prompt counts once however many answers it gets. */
  static Usage of(List<int[]> prompts, List<Answer> answers) {
    int read = prompts.stream().mapToInt(prompt -> prompt.length).sum();
    int written = answers.stream().mapToInt(answer -> answer.generation().tokens().length).sum();
    return new Usage(read, written, read + written);
  }
}
