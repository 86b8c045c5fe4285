package org.laurel.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DenseBradleyTerryTest {
  private static final double[] TRUTH = {2, -1, 0.5};

  private static float[][] choices(int count) {
    Random random = new Random(5);
    float[][] choices = new float[count][3];
    for (float[] x : choices) {
      double margin = 0;
      for (int i = 0; i < 3; i++) {
        x[i] = (float) random.nextGaussian();
        margin += TRUTH[i] * x[i];
      }
      if (random.nextDouble() > 1 / (1 + Math.exp(-margin))) {
        for (int i = 0; i < 3; i++) {
          x[i] = -x[i]; // the other one was chosen
        }
      }
    }
    return choices;
  }

  @Test
  void findsTheWeightsThatPeopleChooseBy() {
    DenseBradleyTerry fit = DenseBradleyTerry.fit(choices(20_000), 3, 0.1);
    assertThat(fit.margin(new float[] {1, 0, 0})).isCloseTo(2, within(0.15));
    assertThat(fit.margin(new float[] {0, 1, 0})).isCloseTo(-1, within(0.15));
    assertThat(fit.margin(new float[] {0, 0, 1})).isCloseTo(0.5, within(0.15));
  }

  @Test
  void withoutVotesThePriorIsAllThatIsKnown() {
    DenseBradleyTerry fit = DenseBradleyTerry.fit(new float[0][3], 3, 4);
    assertThat(fit.margin(new float[] {3, 3, 3})).isZero();
    assertThat(fit.deviation(new float[] {0, 2, 0})).isCloseTo(1, within(1e-9));
    assertThat(fit.probability(new float[] {0, 2, 0})).isEqualTo(0.5);
  }

  @Test
  void thePrecisionIsTheOneThatPredictsGroupsLeftOut() {
    float[][] told = choices(400);
    int[] groups = IntStream.range(0, told.length).toArray();
    double[] tried = {100, 10, 1};
    double[] certain = new double[told.length];
    Arrays.fill(certain, 1);
    assertThat(DenseBradleyTerry.bestPrecision(told, certain, groups, 3, tried)).isLessThan(100);
    float[][] noise = choices(400);
    for (int i = 0; i < noise.length; i++) {
      for (int j = 0; j < 3; j++) {
        noise[i][j] *= (i * 7 % 13) % 2 == 0 ? 1 : -1;
      }
    }
    assertThat(DenseBradleyTerry.bestPrecision(noise, certain, groups, 3, tried)).isEqualTo(100);
  }

  /** A vote with p = 0.8 is eight votes for and two against, each counting a tenth. */
  @Test
  void aSoftLabelIsAMixtureOfBothChoices() {
    float[][] soft = choices(60);
    double[] unsure = new double[soft.length];
    Arrays.fill(unsure, 0.8);
    int[] groups = IntStream.range(0, soft.length).toArray();
    float[][] hard = new float[10 * soft.length][3];
    for (int i = 0; i < hard.length; i++) {
      for (int j = 0; j < 3; j++) {
        hard[i][j] = i % 10 < 8 ? soft[i / 10][j] : -soft[i / 10][j];
      }
    }
    double[] certain = new double[hard.length];
    Arrays.fill(certain, 1);
    double[] weights = DenseBradleyTerry.fit(soft, unsure, 3, 0.2).weights();
    assertThat(weights).containsExactly(DenseBradleyTerry.fit(hard, 3, 2).weights(), within(1e-6));
    assertThat(DenseBradleyTerry.bestPrecision(soft, unsure, groups, 3, 30, 10, 3, 1, 0.3, 0.1))
        .isEqualTo(
            DenseBradleyTerry.bestPrecision(
                    hard,
                    certain,
                    IntStream.range(0, hard.length).map(i -> i / 10).toArray(),
                    3,
                    300,
                    100,
                    30,
                    10,
                    3,
                    1)
                / 10);
  }

  /** The deviation of a mean of n falls with the root of n. */
  @Test
  void fourTimesTheVotesLeaveHalfTheDoubt() {
    float[] one = {1, 0, 0};
    double few = DenseBradleyTerry.fit(choices(2_000), 3, 1e-3).deviation(one);
    double many = DenseBradleyTerry.fit(choices(8_000), 3, 1e-3).deviation(one);
    assertThat(few / many).isCloseTo(2, within(0.2));
  }

  @Test
  void doubtDrawsProbabilitiesTowardsOneHalf() {
    DenseBradleyTerry fit = DenseBradleyTerry.fit(choices(40), 3, 0.5);
    float[] x = {1, 0, 0};
    double plain = 1 / (1 + Math.exp(-fit.margin(x)));
    assertThat(fit.probability(x)).isBetween(0.5, plain - 1e-4);
  }
}
