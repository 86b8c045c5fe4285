package org.laurel.engine.dpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.engine.sft.SftExample;
import org.laurel.preference.Comparison;

class PairLossTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.4})
  void dpoAtTheReferenceIsLogTwo(double smoothing) {
    assertThat(PairLoss.DPO.of(0, 0.1, smoothing)).isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void ipoAtTheReferenceIsTwentyFiveForBetaOneTenth() {
    assertThat(PairLoss.IPO.of(0, 0.1, 0)).isCloseTo(25, within(1e-12));
  }

  @Test
  void smoothingCountsAShareTheOtherWay() {
    double right = PairLoss.DPO.of(3, 0.5, 0);
    double wrong = PairLoss.DPO.of(-3, 0.5, 0);
    assertThat(PairLoss.DPO.of(3, 0.5, 0.2)).isCloseTo(0.8 * right + 0.2 * wrong, within(1e-12));
  }

  @Test
  void dpoOfAHugeMarginDoesNotOverflow() {
    assertThat(PairLoss.DPO.of(1e6, 1, 0)).isZero();
    assertThat(PairLoss.DPO.of(-1e6, 1, 0)).isCloseTo(1e6, within(1e-6));
    assertThat(PairLoss.DPO.slope(-1e6, 1, 0)).isCloseTo(-1, within(1e-12));
  }

  @ParameterizedTest
  @EnumSource
  void slopesAreTheDerivatives(PairLoss loss) {
    for (double h : new double[] {-4, -0.3, 0, 0.7, 6}) {
      double step = 1e-5;
      double numeric = (loss.of(h + step, 0.3, 0.1) - loss.of(h - step, 0.3, 0.1)) / (2 * step);
      assertThat(loss.slope(h, 0.3, 0.1)).isCloseTo(numeric, within(1e-6));
    }
  }

  @Test
  void aRankingIsTheMeanOfItsPairs() {
    List<SftExample> sequences =
        List.of(
            new SftExample(new int[] {2, 3, 1}, 1),
            new SftExample(new int[] {2, 3, 4, 5, 1}, 1),
            new SftExample(new int[] {2, 1}, 1));
    List<Comparison<Integer>> all =
        List.of(
            new Comparison<>(0, 1, false),
            new Comparison<>(0, 2, false),
            new Comparison<>(1, 2, false));
    double[] ratios = {1.5, -0.5, 0.25};
    for (boolean averaged : new boolean[] {false, true}) {
      PairObjective objective = new PairObjective(PairLoss.IPO, 0.2, 0.1, averaged);
      Objective.Judged judged = objective.judge(new Ranked(sequences, all), ratios, 0);
      double expected =
          all.stream()
              .mapToDouble(
                  pair -> objective.judge(new Ranked(sequences, List.of(pair)), ratios, 0).loss())
              .average()
              .orElseThrow();
      assertThat(judged.loss()).isCloseTo(expected, within(1e-12));
      for (int i = 0; i < ratios.length; i++) {
        assertThat(judged.slopes()[i])
            .isCloseTo(numeric(objective, new Ranked(sequences, all), ratios, 0, i), within(1e-6));
      }
    }
  }

  @Test
  void aSoftLabelCountsForBothSides() {
    List<SftExample> sequences =
        List.of(new SftExample(new int[] {2, 3, 1}, 1), new SftExample(new int[] {2, 1}, 1));
    List<Comparison<Integer>> pair = List.of(new Comparison<>(0, 1, false));
    PairObjective objective = new PairObjective(PairLoss.DPO, 0.5, 0, false);
    double[] ratios = {1.5, -0.5};
    Objective.Judged judged = objective.judge(new Ranked(sequences, pair, 0.7), ratios, 0);

    double as = objective.judge(new Ranked(sequences, pair), ratios, 0).loss();
    double against =
        objective.judge(new Ranked(sequences, pair), new double[] {-0.5, 1.5}, 0).loss();
    assertThat(judged.loss()).isCloseTo(0.7 * as + 0.3 * against, within(1e-12));
    assertThat(judged.slopes()[0])
        .isCloseTo(
            numeric(objective, new Ranked(sequences, pair, 0.7), ratios, 0, 0), within(1e-6));
  }

  @Test
  void averagedLogProbabilitiesAreSumsOverTheLength() {
    List<SftExample> sequences =
        List.of(new SftExample(new int[] {2, 3, 4, 5, 1}, 1), new SftExample(new int[] {2, 1}, 1));
    Ranked pair = new Ranked(sequences, List.of(new Comparison<>(0, 1, false)));
    double averaged =
        new PairObjective(PairLoss.IPO, 0.5, 0, true).judge(pair, new double[] {2, 0.1}, 0).loss();
    assertThat(averaged).isCloseTo(Math.pow(2 / 4.0 - 0.1 - 1, 2), within(1e-12));
  }

  @Test
  void ktoPushesGoodAboveAndBadBelowTheBaseline() {
    ThumbObjective objective = new ThumbObjective(0.3, 1.5, 2);
    SftExample any = new SftExample(new int[] {2, 1}, 1);
    for (boolean up : new boolean[] {true, false}) {
      Thumbed thumb = new Thumbed(any, any, up);
      Objective.Judged judged = objective.judge(thumb, new double[] {0.8}, 0.5);
      double sigmoid = 1 / (1 + Math.exp(-0.3 * (up ? 0.3 : -0.3)));
      assertThat(judged.loss()).isCloseTo((up ? 1.5 : 2) * (1 - sigmoid), within(1e-12));
      assertThat(judged.slopes()[0])
          .isCloseTo(numeric(objective, thumb, new double[] {0.8}, 0.5, 0), within(1e-6));
      assertThat(Math.signum(judged.slopes()[0])).isEqualTo(up ? -1 : 1);
    }
  }

  private static <J extends Judgment> double numeric(
      Objective<J> objective, J judgment, double[] ratios, double baseline, int index) {
    double[] above = ratios.clone();
    double[] below = ratios.clone();
    above[index] += 1e-5;
    below[index] -= 1e-5;
    return (objective.judge(judgment, above, baseline).loss()
            - objective.judge(judgment, below, baseline).loss())
        / 2e-5;
  }
}
