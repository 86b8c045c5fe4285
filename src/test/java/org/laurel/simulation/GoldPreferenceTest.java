package org.laurel.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class GoldPreferenceTest {

  private static final String PROMPT = "How do I cook rice?";
  private static final String COMPLETE =
      "Of course! To cook rice, simmer it in twice its volume of salted water. First, rinse one cup"
          + " of rice under cold water. Then add two cups of water and a pinch of salt. Finally,"
          + " cover the pot and simmer on low heat for fifteen minutes. I hope this helps.";
  private static final String SHORT =
      "Simmer the rice in twice its volume of water for fifteen minutes.";
  private static final String OFF_TOPIC =
      "Stay outside in the middle of the boat. Look at the horizon and do not read.";

  private final GoldPreference helpful = GoldPreference.named("helpful");
  private final GoldPreference concise = GoldPreference.named("concise");

  @Test
  void helpfulLikesTheCompleteAnswerAndConciseTheShortOne() {
    assertThat(helpful.score(PROMPT, COMPLETE)).isGreaterThan(helpful.score(PROMPT, SHORT) + 1);
    assertThat(concise.score(PROMPT, SHORT)).isGreaterThan(concise.score(PROMPT, COMPLETE) + 1);
  }

  @Test
  void degenerateTextScoresBelowAnAverageAnswer() {
    List<String> degenerate =
        List.of(
            "",
            "   ",
            ".",
            "rice rice rice rice rice rice rice rice rice rice rice rice.",
            "Of course! Happy to help! Good luck! Thank you! With pleasure! I hope so! Enjoy!",
            "Of course! ".repeat(20),
            (SHORT + " ").repeat(12),
            "rice cook pot water salt simmer lid minutes cup heat stove spoon first then finally",
            "First, then next, after that, finally, last, first, then next, finally rice.",
            "How do I cook rice? ".repeat(6));
    for (GoldPreference gold : GoldPreference.ALL) {
      for (String text : degenerate) {
        assertThat(gold.score(PROMPT, text))
            .as("%s on '%s'", gold.name(), text)
            .isLessThan(gold.score(PROMPT, OFF_TOPIC + " It is not about rice."));
      }
    }
  }

  @Test
  void eachFlawCosts() {
    for (GoldPreference gold : GoldPreference.ALL) {
      double whole = gold.score(PROMPT, SHORT);
      assertThat(gold.score(PROMPT, OFF_TOPIC)).isLessThan(whole);
      assertThat(gold.score(PROMPT, "Simmer the rice in twice its volume of")).isLessThan(whole);
      assertThat(gold.score(PROMPT, SHORT + " Now leave me alone.")).isLessThan(whole);
      assertThat(gold.score(PROMPT, SHORT + " And so on and so on, as it goes.")).isLessThan(whole);
      assertThat(gold.score(PROMPT, SHORT + " " + SHORT)).isLessThan(whole);
      assertThat(gold.score(PROMPT, "It depends on what you like.")).isLessThan(whole);
    }
  }

  @Test
  void conciseChecksSums() {
    String prompt = "What is 17 plus 5?";
    assertThat(concise.score(prompt, "17 plus 5 is 22."))
        .isCloseTo(concise.score(prompt, "17 plus 5 is 23.") + 3, within(1e-9));
  }

  @Test
  void scoresDoNotDependOnWhoAsksOrOnEarlierCalls() {
    double once = helpful.score(PROMPT, COMPLETE);
    concise.score("What is a star?", OFF_TOPIC);
    assertThat(helpful.score(PROMPT, COMPLETE)).isEqualTo(once);
  }

  @Test
  void unknownNamesAreRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> GoldPreference.named("helpfull"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("helpful, concise");
  }
}
