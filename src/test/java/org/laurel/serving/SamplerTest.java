package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final float[] PROBABILITIES = {0.05f, 0.4f, 0.1f, 0.3f, 0.15f};
  private static final SamplingParameters ALL = SamplingParameters.sampled(1, 1, 0);
  private static final int DRAWS = 40_000;

  @Test
  void drawsWithTheGivenProbabilities() {
    // 4 degrees of freedom: a right sampler exceeds 18.5 once in a thousand seeds, and ours is one
    assertThat(chiSquare(PROBABILITIES, ALL, PROBABILITIES)).isLessThan(18.5);
  }

  @Test
  void theHeapDrawsWithTheSameProbabilities() {
    SamplingParameters filtersThatKeepAll = ALL.withTopK(5).withMinP(0.0001);
    assertThat(chiSquare(PROBABILITIES, filtersThatKeepAll, PROBABILITIES)).isLessThan(18.5);
  }

  @Test
  void topKKeepsTheMostProbable() {
    assertThat(support(ALL.withTopK(2))).containsExactly(1, 3);
    assertThat(support(ALL.withTopK(1))).containsExactly(1);
    assertThat(support(ALL.withTopK(99))).hasSize(5);
  }

  @Test
  void topPKeepsTheFewestThatReachTheShare() {
    assertThat(support(ALL.withTopP(0.39))).containsExactly(1);
    assertThat(support(ALL.withTopP(0.41))).containsExactly(1, 3);
    assertThat(support(ALL.withTopP(0.69))).containsExactly(1, 3);
    assertThat(support(ALL.withTopP(0.84))).containsExactly(1, 3, 4);
    assertThat(support(ALL.withTopP(1))).hasSize(5);
  }

  @Test
  void topPCountsTheShareOfWhatTopKLeft() {
    // of {0.4, 0.3} the first holds 0.57
    assertThat(support(ALL.withTopK(2).withTopP(0.55))).containsExactly(1);
    assertThat(support(ALL.withTopK(2).withTopP(0.6))).containsExactly(1, 3);
  }

  @Test
  void minPIsRelativeToTheMostProbable() {
    assertThat(support(ALL.withMinP(0.5))).containsExactly(1, 3);
    assertThat(support(ALL.withMinP(0.3))).containsExactly(1, 3, 4);
    assertThat(support(ALL.withMinP(1))).containsExactly(1);
  }

  @Test
  void whatIsLeftKeepsItsProportions() {
    float[] expected = {0, 4 / 7f, 0, 3 / 7f, 0};
    assertThat(chiSquare(PROBABILITIES, ALL.withTopK(2), expected)).isLessThan(10.8);
  }

  @Test
  void aTokenOfProbabilityZeroIsNeverDrawn() {
    float[] edges = {0, 0.5f, 0, 0.5f, 0};
    SplittableRandom random = new SplittableRandom(1);
    Sampler sampler = new Sampler(5);
    for (int i = 0; i < 2000; i++) {
      assertThat(sampler.sample(edges, ALL, random)).isIn(1, 3);
    }
  }

  @Test
  void equalProbabilitiesFallToTheLowerToken() {
    float[] equal = {0.25f, 0.25f, 0.25f, 0.25f};
    SplittableRandom random = new SplittableRandom(1);
    Sampler sampler = new Sampler(4);
    for (int i = 0; i < 200; i++) {
      assertThat(sampler.sample(equal, ALL.withTopK(2), random)).isLessThan(2);
    }
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> ALL.withTemperature(-1)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> ALL.withTemperature(Double.NaN)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> ALL.withTopK(-1)).hasMessageContaining("topK");
    assertThatThrownBy(() -> ALL.withTopP(0)).hasMessageContaining("topP");
    assertThatThrownBy(() -> ALL.withTopP(1.01)).hasMessageContaining("topP");
    assertThatThrownBy(() -> ALL.withMinP(Double.NaN)).hasMessageContaining("minP");
    assertThatThrownBy(() -> ALL.withMaxNewTokens(0)).hasMessageContaining("maxNewTokens");
  }

  private static Set<Integer> support(SamplingParameters parameters) {
    Sampler sampler = new Sampler(PROBABILITIES.length);
    SplittableRandom random = new SplittableRandom(7);
    Set<Integer> seen = new TreeSet<>();
    for (int i = 0; i < 2000; i++) {
      seen.add(sampler.sample(PROBABILITIES, parameters, random));
    }
    return seen;
  }

  private static double chiSquare(
      float[] probabilities, SamplingParameters parameters, float[] expected) {
    Sampler sampler = new Sampler(probabilities.length);
    SplittableRandom random = new SplittableRandom(11);
    int[] counts = new int[probabilities.length];
    for (int i = 0; i < DRAWS; i++) {
      counts[sampler.sample(probabilities, parameters, random)]++;
    }
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      double mean = expected[i] * DRAWS;
      if (mean == 0) {
        assertThat(counts[i]).isZero();
      } else {
        sum += (counts[i] - mean) * (counts[i] - mean) / mean;
      }
    }
    return sum;
  }

  @Test
  void noRowRepeatsTheDrawsOfAnother() {
    SamplingParameters parameters = SamplingParameters.sampled(64, 1, 5);
    Set<Long> draws = new HashSet<>();
    for (int row = 0; row < 64; row++) {
      SplittableRandom random = SamplingParameters.draws(parameters.rowSeed(row));
      for (int i = 0; i < 64; i++) {
        draws.add(random.nextLong());
      }
    }
    assertThat(draws).hasSize(64 * 64);
  }
}
