package org.laurel.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StarterPromptsTest {

  @Test
  void theShippedFileHoldsThePromptsThatTheCorpusLeavesOut() throws IOException {
    assertThat(shippedFile())
        .isEqualTo(
            StarterPrompts.shipped().stream().map(StarterPrompts.StarterPrompt::text).toList())
        .hasSizeGreaterThanOrEqualTo(300)
        .doesNotHaveDuplicates();
  }

  @Test
  void noShippedOrUnseenPromptOccursInTheTrainingText() throws IOException {
    Set<String> left = new HashSet<>();
    shippedFile().forEach(prompt -> left.add(bare(prompt)));
    StarterPrompts.unseen(300).forEach(prompt -> left.add(bare(prompt.text())));
    Corpus corpus = new Corpus();
    long seed = 1;
    Stream<Example> training =
        Stream.of(
                corpus.examples(seed).limit(Recipe.DEFAULT.vocabularyExamples()),
                corpus.examples(seed + 1).limit(Recipe.DEFAULT.examples()),
                corpus.examples(seed + 3).limit(Recipe.DEFAULT.demonstrations()))
            .flatMap(part -> part);
    Set<String> asked = new HashSet<>();
    training.forEach(example -> asked.add(bare(example.prompt())));
    assertThat(asked).hasSizeGreaterThan(10_000).doesNotContainAnyElementsOf(left);
  }

  @Test
  void unseenPromptsAreNotAmongTheShippedOnes() {
    Set<String> shipped = new HashSet<>();
    StarterPrompts.shipped().forEach(prompt -> shipped.add(prompt.text()));
    assertThat(StarterPrompts.unseen(300))
        .hasSize(300)
        .noneMatch(prompt -> shipped.contains(prompt.text()));
  }

  /** Letters and digits only, so that neither case nor a full stop hides a repetition. */
  private static String bare(String prompt) {
    return prompt.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
  }

  private static List<String> shippedFile() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            StarterPromptsTest.class.getResourceAsStream("/starter-prompts/everyday.ndjson"))) {
      List<String> prompts = new ArrayList<>();
      ObjectMapper json = new ObjectMapper();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        prompts.add(json.readTree(line).get("prompt").asText());
      }
      return prompts;
    }
  }
}
