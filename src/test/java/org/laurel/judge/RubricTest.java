package org.laurel.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.laurel.tokenizer.Message;

class RubricTest {
  private static final List<Message> ASKED =
      List.of(new Message("system", "Be kind."), new Message("user", "How are you?"));

  @Test
  void putsEachPartInItsPlaceAndSaysHowToReply() {
    String question =
        new Rubric("{{conversation}}|{{second}}|{{first}}").question(ASKED, "one", "two", "");

    assertThat(question)
        .startsWith("System: Be kind.\n\nUser: How are you?|two|one\n\n")
        .endsWith("Reply with that one letter and nothing else.");
  }

  @Test
  void anAnswerThatLooksLikeAPlaceStaysText() {
    String question =
        new Rubric("{{conversation}}[{{first}}][{{second}}]")
            .question(ASKED, "$1 {{second}} \\{{first}}", "mine", "");

    assertThat(question).contains("[$1 {{second}} \\{{first}}][mine]");
  }

  @Test
  void theStandardRubricHasEverythingAndTheGuidelines() {
    assertThat(Rubric.STANDARD.fault()).isEmpty();
    assertThat(Rubric.STANDARD.question(ASKED, "one", "two", "Be brief."))
        .contains("[guidelines]\nBe brief.\n", "[answer A]\none\n", "[answer B]\ntwo\n")
        .doesNotContain("{{");
  }

  @Test
  void aRubricWithoutAPlaceIsRefused() {
    assertThat(new Rubric("{{conversation}} {{first}}").fault().orElseThrow())
        .contains("{{second}}");
    assertThat(new Rubric("x".repeat(20_001)).fault().orElseThrow()).contains("20001 characters");
  }
}
