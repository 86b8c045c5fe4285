package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlendTest {
  @Test
  void theBlendTrustsWhatIsRight() {
    Random random = new Random(4);
    double[] right = new double[400];
    double[] noise = new double[400];
    int[] halves = new int[400];
    for (int i = 0; i < right.length; i++) {
      right[i] = 10 * (random.nextGaussian() + 1.2);
      noise[i] = 0.01 * random.nextGaussian();
      halves[i] = i % 2;
    }
    Blend blend = Blend.fit(right, noise);
    assertThat(blend.first() * 10).isGreaterThan(0.9);
    assertThat(blend.second() * 0.01).isBetween(0.0, 0.35);
    double[] crossed = Blend.crossed(right, noise, halves);
    double accuracy = Arrays.stream(crossed).filter(d -> d > 0).count() / 400.0;
    assertThat(accuracy).isGreaterThan(0.84);
    Blend unseen = Blend.fit(new double[0], new double[0]);
    assertThat(unseen.first()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void whatNobodyJudgedCountsAlike() {
    Random random = new Random(6);
    double[] wide = random.doubles(500, -30, 30).toArray();
    double[] narrow = random.doubles(500, -0.02, 0.02).toArray();
    Blend blend = Blend.even(wide, narrow);
    assertThat(deviation(wide) * blend.first()).isCloseTo(0.5, within(1e-9));
    assertThat(deviation(narrow) * blend.second()).isCloseTo(0.5, within(1e-9));
  }

  private static double deviation(double[] differences) {
    return Math.sqrt(Arrays.stream(differences).map(d -> d * d).average().orElseThrow());
  }

  /** Scores that say the opposite of what people choose are left out, not turned round. */
  @Test
  void noWeightIsNegative() {
    double[] wrong = new double[300];
    Arrays.fill(wrong, -1);
    assertThat(Blend.fit(wrong, wrong)).isEqualTo(new Blend(0, 0));
  }
}
