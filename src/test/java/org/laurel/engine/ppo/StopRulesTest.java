package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StopRulesTest {

  private static Optional<String> rollouts(double... kl) {
    return StopRules.rollouts(kl, kl, 8);
  }

  @Test
  void klAboveTheBudgetStops() {
    assertThat(rollouts(7, 10))
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("8.50 is above the budget of 8.00"));
    assertThat(rollouts(7, 8)).isEmpty();
  }

  @Test
  void klThatIsNoNumberStops() {
    assertThat(rollouts(1, Double.NaN)).isPresent();
  }

  /** By hand: ln(1e6) is 13.8 nats, of forty completions 0.345 each. */
  @Test
  void klBelowZeroStopsOnceItIsNoChance() {
    assertThat(StopRules.negative(repeated(20, -0.4, -0.3))).isTrue();
    assertThat(StopRules.negative(repeated(20, -0.35, -0.3))).isFalse();
    // lower, and yet within three standard errors of 0.7
    assertThat(StopRules.negative(repeated(20, -5, 4.2))).isFalse();
    assertThat(StopRules.negative(repeated(400, -0.7, 0.5))).isTrue();
    assertThat(StopRules.negative(repeated(100, 0, 0))).isFalse();
    assertThat(StopRules.negative(new double[] {-20})).isTrue();
    assertThat(StopRules.rollouts(new double[] {-0.35}, repeated(20, -0.4, -0.3), 8))
        .hasValueSatisfying(reason -> assertThat(reason).contains("negative", "40 completions"));
  }

  /** Few a step are judged with those before: each of these steps alone would say too little. */
  @Test
  void aFaultShowsOverSeveralSteps() {
    RecentKl recent = new RecentKl();
    int step = 0;
    while (StopRules.rollouts(repeated(2, -0.4, -0.3), recent.add(repeated(2, -0.4, -0.3)), 8)
        .isEmpty()) {
      step++;
    }
    assertThat(step).isEqualTo(9);
  }

  /**
   * A policy that says one thing in fifty times as often as its reference, and all else a little
   * less often. Its mean KL is above 0; that of a few completions hardly ever looks so.
   */
  @Test
  void chanceDoesNotStopAPolicyThatWritesWhatItSaysItDoes() {
    double rare = Math.log(50);
    double otherwise = Math.log(0.98 / (1 - 0.02 / 50));
    int stops = 0;
    int wouldHave = 0;
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      RecentKl recent = new RecentKl();
      for (int step = 0; step < 50; step++) {
        double[] kl = random.doubles(8).map(u -> u < 0.02 ? rare : otherwise + 1e-4 * u).toArray();
        stops += StopRules.rollouts(kl, recent.add(kl), 8).isPresent() ? 1 : 0;
        wouldHave += Arrays.stream(kl).max().orElseThrow() < 0 ? 1 : 0;
      }
    }
    assertThat(stops).isZero();
    assertThat(wouldHave).isGreaterThan(5000);
  }

  @Test
  void theWindowForgetsTheOldestAndIsKept() {
    RecentKl recent = new RecentKl();
    recent.add(repeated(100, 1, 1));
    double[] window = recent.add(repeated(50, 2, 3));
    assertThat(window).hasSize(256).startsWith(1, 1).endsWith(2, 3);
    assertThat(Arrays.stream(window).filter(kl -> kl == 1)).hasSize(156);
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    recent.keep(state);
    RecentKl resumed = new RecentKl();
    resumed.restore(state);
    assertThat(resumed.add(new double[] {0.1})).isEqualTo(recent.add(new double[] {0.1}));
    assertThat(recent.add(repeated(200, 4, 5))).hasSize(400);
  }

  private static double[] repeated(int times, double one, double other) {
    return IntStream.range(0, 2 * times).mapToDouble(i -> i % 2 == 0 ? one : other).toArray();
  }

  @Test
  void aRatioOutsideOneHalfToTwoStops() {
    assertThat(StopRules.update(1.01)).isEmpty();
    assertThat(StopRules.update(0.49)).isPresent();
    assertThat(StopRules.update(2.01)).isPresent();
    assertThat(StopRules.update(Double.NaN)).isPresent();
  }
}
