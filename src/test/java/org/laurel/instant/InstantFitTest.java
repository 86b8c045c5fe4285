package org.laurel.instant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.instant.Readings.Reading;
import org.laurel.preference.DenseBradleyTerry;

class InstantFitTest {
  private final Map<UUID, Reading> read = new HashMap<>();
  private final Random random = new Random(2);

  private UUID completion(double good, int length) {
    float[] vector = new float[8];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (0.3 * random.nextGaussian());
    }
    vector[0] = (float) good;
    UUID id = new UUID(random.nextLong(), random.nextLong());
    read.put(id, new Reading(vector, length));
    return id;
  }

  /** The first direction is what people like; the better answer is the shorter one. */
  private List<Choice> choices(int count) {
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      UUID prompt = new UUID(random.nextLong(), random.nextLong());
      choices.add(new Choice(prompt, completion(0.8, 50), completion(-0.8, 90)));
    }
    return choices;
  }

  private InstantFit fit(List<Choice> choices) {
    return InstantFit.of(choices, read, InstantFit.posterior(choices, read));
  }

  @Test
  void predictsChoicesOnPromptsThatWereLeftOut() {
    InstantFit fit = fit(choices(200));
    assertThat(fit.comparisons()).isEqualTo(200);
    assertThat(fit.heldOutAccuracy()).isGreaterThan(0.95);
    assertThat(fit.lengthOnly()).isZero();
    assertThat(fit.unsure()).hasSize(10);
  }

  /** Nothing is left to learn from then, and so nothing is known. */
  @Test
  void choicesOnOnePromptAloneAreNotPredicted() {
    UUID prompt = new UUID(4, 4);
    List<Choice> choices =
        List.of(
            new Choice(prompt, completion(0.8, 50), completion(-0.8, 90)),
            new Choice(prompt, completion(0.7, 50), completion(-0.9, 90)));
    assertThat(fit(choices).heldOutAccuracy()).isEqualTo(0.5);
  }

  @Test
  void whatIsChosenWithoutReasonIsNotPredicted() {
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      UUID prompt = new UUID(random.nextLong(), random.nextLong());
      choices.add(new Choice(prompt, completion(0, 50), completion(0, 50)));
    }
    assertThat(fit(choices).heldOutAccuracy()).isBetween(0.3, 0.62);
  }

  @Test
  void lengthIsAReasonToo() {
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      UUID prompt = new UUID(random.nextLong(), random.nextLong());
      choices.add(new Choice(prompt, completion(0, 50), completion(0, 150)));
    }
    assertThat(fit(choices).heldOutAccuracy()).isGreaterThan(0.8);
  }

  @Test
  void whatLooksAlikeIsMostUnsure() {
    List<Choice> choices = choices(60);
    UUID prompt = new UUID(7, 7);
    UUID one = completion(0.4, 70);
    UUID same = new UUID(8, 8);
    read.put(same, new Reading(read.getOrDefault(one, new Reading(new float[8], 0)).vector(), 70));
    choices.add(new Choice(prompt, one, same));
    assertThat(fit(choices).unsure().get(0).prompt()).isEqualTo(prompt);
  }

  /** The first direction alone was ever voted on. */
  @Test
  void answersThatDifferAsVotesNeverDidAreUncertain() {
    DenseBradleyTerry posterior = InstantFit.posterior(choices(200), read);
    Reading good = new Reading(new float[] {0.8f, 0, 0, 0, 0, 0, 0, 0}, 60);
    Reading bad = new Reading(new float[] {-0.8f, 0, 0, 0, 0, 0, 0, 0}, 60);
    Reading other = new Reading(new float[] {0.8f, 0.1f, 0, 0, 0, 0, 0, 0}, 60);
    double clear = InstantFit.uncertainty(List.of(good, bad), posterior);
    double open = InstantFit.uncertainty(List.of(good, other), posterior);
    assertThat(clear).isBetween(0.0, 0.2);
    assertThat(open).isBetween(0.8, 1.0);
    assertThat(InstantFit.uncertainty(List.of(bad, good), posterior))
        .isEqualTo(clear, within(1e-9));
    assertThat(InstantFit.uncertainty(List.of(good, bad, other), posterior))
        .as("the mean over three pairs")
        .isEqualTo(
            (clear + open + InstantFit.uncertainty(List.of(bad, other), posterior)) / 3,
            within(1e-9));
  }

  @Test
  void theAdviceNamesABackboneAndSaysWhy() {
    InstantFit reads = new InstantFit(500, 0.64, 0.55, List.of());
    InstantFit blind = new InstantFit(500, 0.55, 0.44, List.of());
    assertThat(Advice.of(500, 120, 1, reads).backbone()).isEqualTo("minilm");
    assertThat(Advice.of(500, 120, 1, reads).why()).contains("64%", "55%", "500 comparisons");
    assertThat(Advice.of(500, 120, 1, blind).backbone()).isEqualTo("policy");
    assertThat(Advice.of(500, 120, 1, blind).why()).contains("56%");
    assertThat(Advice.of(500, 900, 1, blind).backbone()).isEqualTo("minilm");
    assertThat(Advice.of(500, 900, 0.2, reads).backbone()).isEqualTo("policy");
    assertThat(Advice.of(5, 900, 1, null).backbone()).isEqualTo("minilm");
    assertThat(Advice.of(29, 90, 1, reads).why()).contains("too few");
    assertThat(Advice.of(30, 90, 1, reads).why()).doesNotContain("too few");
    assertThat(Advice.of(5, 90, 1, null).why()).contains("5 comparisons", "policy");
    assertThat(Advice.of(500, 90, 1, null).why())
        .contains("500 comparisons are being read", "policy")
        .doesNotContain("too few");
  }
}
