package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RewardMetricsTest {

  @Test
  void tiesAreCountedAndLeftOut() {
    Map<String, Double> metrics =
        RewardMetrics.of(List.of(pair(2, 3), pair(-1, 1), pair(0, -4), tie(), tie()));
    assertThat(metrics).containsEntry("pairs", 3.0).containsEntry("ties", 2.0);
    assertThat(metrics.get("accuracy")).isCloseTo(0.5, within(1e-12));
    assertThat(metrics.get("accuracy/length_only")).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(metrics.get("log_loss"))
        .isCloseTo(
            (Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.exp(1)) + Math.log(2)) / 3,
            within(1e-9));
    assertThat(metrics.get("margin/from_2.0")).isCloseTo(1.0 / 3, within(1e-12));
  }

  @Test
  void aBigWrongDifferenceStaysFinite() {
    assertThat(RewardMetrics.logLoss(List.of(pair(-5000, 0)))).isCloseTo(5000, within(1e-6));
  }

  /** Choices drawn with the very probabilities the model states have no calibration error. */
  @Test
  void anHonestModelIsCalibratedAndAnOverconfidentOneIsNot() {
    Random random = new Random(5);
    List<JudgedPair> honest = new ArrayList<>();
    List<JudgedPair> overconfident = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      double d = Math.abs(random.nextGaussian());
      double chosen = random.nextDouble() < 1 / (1 + Math.exp(-d)) ? d : -d;
      honest.add(pair(chosen, 0));
      overconfident.add(pair(4 * chosen, 0));
    }
    assertThat(RewardMetrics.expectedCalibrationError(honest)).isLessThan(0.01);
    assertThat(RewardMetrics.expectedCalibrationError(overconfident)).isGreaterThan(0.15);
  }

  /** Differences four times as large as honest ones want a quarter back, and only then. */
  @Test
  void theBestScaleUndoesOverconfidence() {
    Random random = new Random(5);
    List<JudgedPair> overconfident = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      double d = Math.abs(random.nextGaussian());
      double chosen = random.nextDouble() < 1 / (1 + Math.exp(-d)) ? d : -d;
      overconfident.add(pair(4 * chosen, 0));
    }
    assertThat(RewardMetrics.bestScale(overconfident)).isCloseTo(0.25, within(0.02));
  }

  @Test
  void splitsByAnnotatorStrengthAndLength() {
    List<JudgedPair> pairs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      pairs.add(new JudgedPair(1, false, 5, "a", 4));
      pairs.add(new JudgedPair(-1, false, -5, "b", 1));
    }
    assertThat(RewardMetrics.of(pairs))
        .containsEntry("accuracy/annotator/a", 1.0)
        .containsEntry("accuracy/annotator/b", 0.0)
        .containsEntry("accuracy/strength/1", 0.0)
        .containsEntry("accuracy/chosen/longer", 1.0);
  }

  @Test
  void correlationByHand() {
    assertThat(RewardMetrics.correlation(new double[] {1, 2, 3}, new double[] {1, 3, 2}))
        .isCloseTo(0.5, within(1e-12));
    assertThat(RewardMetrics.correlation(new double[] {1, 1}, new double[] {1, 3})).isZero();
  }

  /** Agreement of 73% means a ceiling of 80.5%; a ceiling of 73% a log loss of 0.533. */
  @Test
  void ceilingOfAnAgreement() {
    assertThat(HumanCeiling.ofAgreement(0.73).accuracy()).isCloseTo(0.805, within(5e-4));
    HumanCeiling gold = new HumanCeiling(1.45959);
    assertThat(gold.accuracy()).isCloseTo(0.73, within(5e-4));
    assertThat(gold.logLoss()).isCloseTo(0.533, within(5e-4));
    assertThat(HumanCeiling.ofAgreement(0.4).accuracy()).isCloseTo(0.5, within(1e-3));
  }

  private static JudgedPair pair(double difference, int lengthDifference) {
    return new JudgedPair(difference, false, lengthDifference, null, null);
  }

  private static JudgedPair tie() {
    return new JudgedPair(0.3, true, 0, null, null);
  }
}
