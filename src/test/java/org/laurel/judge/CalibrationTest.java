package org.laurel.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.judge.Calibration.Judged;

class CalibrationTest {
  @Test
  void aLikingForThePlaceCancelsOutOrTies() {
    Verdict clear = new Verdict(answer(3 + 1.5), answer(-3 + 1.5));
    assertThat(clear.outcome()).isEqualTo(Verdict.Outcome.FIRST);
    assertThat(clear.margin()).isEqualTo(3);

    Verdict biased = new Verdict(answer(1 + 1.5), answer(-1 + 1.5));
    assertThat(biased.outcome()).isEqualTo(Verdict.Outcome.TIE);
    assertThat(biased.margin()).isEqualTo(1);
  }

  @Test
  void findsTheScaleOfAJudgeThatIsTooSureOfItself() {
    // people choose with log odds of a quarter of what the judge says
    Random random = new Random(4);
    List<Judged> pairs = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      double margin = 6 * random.nextGaussian();
      boolean first = random.nextDouble() < 1 / (1 + Math.exp(-margin / 4));
      pairs.add(new Judged(new UUID(7, i / 2), judged(margin), first));
    }

    Calibration calibration = Calibration.of(pairs, null);

    assertThat(calibration.basis()).isEqualTo("logprobs");
    assertThat(calibration.scale()).isCloseTo(0.25, within(0.02));
    assertThat(calibration.logLoss()).isLessThan(calibration.logLossBefore());
    assertThat(calibration.logLossBefore())
        .isCloseTo(
            pairs.stream()
                .mapToDouble(p -> Math.log1p(Math.exp(-p.evidence(true))))
                .average()
                .orElseThrow(),
            within(1e-6));
    assertThat(calibration.prompts()).isEqualTo(2000);
  }

  @Test
  void byAnswersTheScaleIsTheLogOddsOfAgreement() {
    List<Judged> pairs = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Verdict verdict = new Verdict(Answer.of("A"), Answer.of("B"));
      pairs.add(new Judged(new UUID(0, i), verdict, i % 4 != 0));
    }

    Calibration calibration = Calibration.of(pairs, null);

    assertThat(calibration.basis()).isEqualTo("answers");
    assertThat(Objects.requireNonNull(calibration.agreement()).rate()).isEqualTo(0.75);
    assertThat(calibration.scale()).isCloseTo(Math.log(3), within(0.01));
    assertThat(Calibration.probability(Objects.requireNonNull(calibration.scale()), 1))
        .isCloseTo(0.75, within(0.002));
    assertThat(Calibration.probability(0.5, -3)).isEqualTo(Calibration.probability(0.5, 3));
    assertThat(Objects.requireNonNull(calibration.firstShown()).rate()).isEqualTo(0.5);
  }

  /** All mistakes are in one fold: whoever has seen them reaches the entropy of 0.8, 0.50. */
  @Test
  void theLogLossIsOfPairsThatWereLeftOut() {
    List<Judged> pairs = new ArrayList<>();
    for (int i = 0; i < Calibration.FEWEST; i++) {
      pairs.add(
          new Judged(new UUID(0, i), new Verdict(Answer.of("A"), Answer.of("B")), i % 5 != 0));
    }

    assertThat(Calibration.of(pairs, null).logLoss()).isGreaterThan(0.6);
  }

  @Test
  void pairsOfOnePromptAreNoEvidenceOfTheirOwn() {
    List<Judged> apart = new ArrayList<>();
    List<Judged> together = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      boolean right = i / 8 % 3 > 0;
      apart.add(new Judged(new UUID(0, i), judged(2), right));
      together.add(new Judged(new UUID(0, i / 8), judged(2), right));
    }

    assertThat(width(Calibration.of(together, null)))
        .isGreaterThan(2 * width(Calibration.of(apart, null)));
  }

  private static double width(Calibration calibration) {
    Calibration.Rate rate = Objects.requireNonNull(calibration.agreement());
    return rate.high() - rate.low();
  }

  @Test
  void tiesCountHalfAndUnreadableOnesNotAtAll() {
    List<Judged> pairs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Answer first = i % 3 == 2 ? Answer.of("what?") : Answer.of("A");
      Answer second = i % 3 == 0 ? Answer.of("B") : Answer.of("A");
      pairs.add(new Judged(new UUID(0, i), new Verdict(first, second), true));
    }

    Calibration calibration = Calibration.of(pairs, null);

    assertThat(calibration.decided()).isEqualTo(4);
    assertThat(calibration.ties()).isEqualTo(4);
    assertThat(calibration.unreadable()).isEqualTo(4);
    assertThat(Objects.requireNonNull(calibration.agreement()).rate()).isEqualTo(0.75);
    assertThat(Objects.requireNonNull(calibration.firstShown()).rate()).isEqualTo(0.75);
    assertThat(Objects.requireNonNull(calibration.agreementDecided()).rate()).isEqualTo(1);
    assertThat(calibration.scale()).as("from four pairs").isNull();
  }

  @Test
  void aJudgeAgainstPeopleHasANegativeScale() {
    List<Judged> pairs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      pairs.add(new Judged(new UUID(0, i), judged(2), i % 5 == 0));
    }

    assertThat(Calibration.of(pairs, null).scale()).isNegative();
  }

  private static Verdict judged(double margin) {
    return new Verdict(answer(margin), answer(-margin));
  }

  /** With these log odds of A. */
  private static Answer answer(double margin) {
    return Answer.of(new Answer.Logprobs(margin / 2, -margin / 2));
  }
}
