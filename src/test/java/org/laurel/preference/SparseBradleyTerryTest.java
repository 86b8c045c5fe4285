package org.laurel.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.laurel.preference.SparseBradleyTerry.Choice;
import org.laurel.preference.SparseBradleyTerry.Features;

class SparseBradleyTerryTest {
  private static final int WIDTH = 12;

  /** Choices by a noisy judge who likes feature 0 and dislikes feature 1. */
  private static List<Choice> choices(int count) {
    Random random = new Random(1);
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Features one = features(random);
      Features other = features(random);
      double margin = 2 * (liking(one) - liking(other));
      boolean first = random.nextDouble() < 1 / (1 + Math.exp(-margin));
      double certainty = i % 3 == 0 ? 0.7 : 1;
      choices.add(first ? new Choice(one, other, certainty) : new Choice(other, one, certainty));
    }
    return choices;
  }

  private static Features features(Random random) {
    int[] indices = IntStream.range(0, WIDTH).filter(i -> random.nextInt(3) > 0).toArray();
    float[] values = new float[indices.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Features(indices, values);
  }

  private static double liking(Features features) {
    double liking = 0;
    for (int i = 0; i < features.indices().length; i++) {
      int index = features.indices()[i];
      liking += index == 0 ? features.values()[i] : index == 1 ? -features.values()[i] : 0;
    }
    return liking;
  }

  /** Against Newton's method on the same choices, written out densely. */
  @Test
  void findsTheModeOfThePosterior() {
    List<Choice> choices = choices(300);
    float[][] dense = new float[choices.size()][WIDTH];
    for (int i = 0; i < dense.length; i++) {
      add(dense[i], choices.get(i).chosen(), 1);
      add(dense[i], choices.get(i).rejected(), -1);
    }
    double[] weights = SparseBradleyTerry.fit(choices, WIDTH, 0.05);
    double[] certainties = choices.stream().mapToDouble(Choice::certainty).toArray();
    DenseBradleyTerry newton = DenseBradleyTerry.fit(dense, certainties, WIDTH, 20);
    for (int i = 0; i < WIDTH; i++) {
      float[] one = new float[WIDTH];
      one[i] = 1;
      assertThat(weights[i]).isCloseTo(newton.margin(one), within(2e-3));
    }
  }

  private static void add(float[] dense, Features features, int sign) {
    for (int i = 0; i < features.indices().length; i++) {
      dense[features.indices()[i]] += sign * features.values()[i];
    }
  }

  @Test
  void theVarianceIsTheOneThatPredictsGroupsLeftOut() {
    List<Choice> choices = choices(400);
    int[] groups = IntStream.range(0, 400).toArray();
    assertThat(SparseBradleyTerry.bestVariance(choices, groups, WIDTH)).isBetween(0.3, 10.0);
    // all votes turned round at random: nothing to be learnt, so the least variance is best
    List<Choice> noise = new ArrayList<>();
    Random random = new Random(2);
    for (Choice choice : choices) {
      noise.add(random.nextBoolean() ? choice : new Choice(choice.rejected(), choice.chosen()));
    }
    assertThat(SparseBradleyTerry.bestVariance(noise, groups, WIDTH)).isEqualTo(0.03);
  }

  /** A vote with p = 0.7 is seven votes for and three against, each counting a tenth. */
  @Test
  void theVarianceOfSoftLabelsIsThatOfTheirMixture() {
    List<Choice> soft = new ArrayList<>();
    List<Choice> hard = new ArrayList<>();
    for (Choice choice : choices(80)) {
      soft.add(new Choice(choice.chosen(), choice.rejected(), 0.7));
      for (int i = 0; i < 10; i++) {
        hard.add(
            i < 7
                ? new Choice(choice.chosen(), choice.rejected())
                : new Choice(choice.rejected(), choice.chosen()));
      }
    }
    double variance =
        SparseBradleyTerry.bestVariance(soft, IntStream.range(0, 80).toArray(), WIDTH);
    assertThat(
            SparseBradleyTerry.bestVariance(
                hard, IntStream.range(0, 800).map(i -> i / 10).toArray(), WIDTH))
        .isEqualTo(variance / 10);
  }
}
