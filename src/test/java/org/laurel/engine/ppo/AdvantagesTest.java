package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdvantagesTest {

  private static final double[] REWARDS = {-0.1, 0.05, -0.3, 0.0, 1.2};
  private static final double[] VALUES = {0.4, 0.1, -0.2, 0.7, 0.9};

  /**
   * The figures of "The N Implementation Details of RLHF with PPO" for [[1.2, 1.3, 1.4], [1.5, 1.6,
   * 1.7], [1.8, 1.9, 2.0]].
   */
  @Test
  void whiteningKeepsTheMean() {
    double[][] whitened =
        Advantages.whiten(new double[][] {{1.2, 1.3, 1.4}, {1.5, 1.6, 1.7}, {1.8, 1.9, 2.0}}, true);
    assertThat(whitened[0][0]).isCloseTo(0.0508, within(5e-5));
    assertThat(whitened[1][1]).isCloseTo(1.6, within(1e-9));
    assertThat(whitened[2][2]).isCloseTo(3.1492, within(5e-5));
  }

  @Test
  void whiteningWithoutMeanCentresOverAllTokensOfRaggedEpisodes() {
    double[][] whitened = Advantages.whiten(new double[][] {{1, 5}, {-3}, {2, 2, 8}}, false);
    double[] all = Arrays.stream(whitened).flatMapToDouble(Arrays::stream).toArray();
    assertThat(Arrays.stream(all).average().orElseThrow()).isCloseTo(0, within(1e-9));
    assertThat(Arrays.stream(all).map(a -> a * a).average().orElseThrow())
        .isCloseTo(1, within(1e-6));
  }

  /** The recursion against the definition: the sum over l of (gamma lambda)^l delta_(t+l). */
  @Test
  void recursionEqualsTheSum() {
    double gamma = 0.97;
    double lambda = 0.9;
    double[] advantages = Advantages.gae(REWARDS, VALUES, gamma, lambda);
    for (int t = 0; t < REWARDS.length; t++) {
      double sum = 0;
      for (int k = t; k < REWARDS.length; k++) {
        double next = k + 1 < VALUES.length ? VALUES[k + 1] : 0;
        double delta = REWARDS[k] + gamma * next - VALUES[k];
        sum += Math.pow(gamma * lambda, k - t) * delta;
      }
      assertThat(advantages[t]).isCloseTo(sum, within(1e-12));
    }
  }

  @Test
  void withoutDiscountTheAdvantageIsTheRewardStillToComeLessTheValue() {
    double[] advantages = Advantages.gae(REWARDS, VALUES, 1, 1);
    double toCome = 0;
    for (int t = REWARDS.length - 1; t >= 0; t--) {
      toCome += REWARDS[t];
      assertThat(advantages[t]).isCloseTo(toCome - VALUES[t], within(1e-12));
    }
    assertThat(Advantages.returns(advantages, VALUES)[0]).isCloseTo(0.85, within(1e-12));
  }

  @Test
  void scoreAndPenaltiesMakeTheReward() {
    double[] rewards =
        Rewards.of(new double[] {-1, -2}, new double[] {-1.5, -1}, 0.8, 0.1, KlEstimator.K1);
    assertThat(rewards[0]).isCloseTo(-0.05, within(1e-12));
    assertThat(rewards[1]).isCloseTo(0.9, within(1e-12));
  }

  @Test
  void aMissingStopTokenCostsTheScore() {
    assertThat(MissingStop.REPLACE.apply(3, -1)).isEqualTo(-1);
    assertThat(MissingStop.ADD.apply(3, -1)).isEqualTo(2);
    assertThat(MissingStop.KEEP.apply(3, -1)).isEqualTo(3);
    assertThat(Rewards.clip(-30, 10)).isEqualTo(-10);
    assertThat(Rewards.clip(3, 10)).isEqualTo(3);
  }

  /** Mean of each unbiased estimator over draws from the policy against the sum over tokens. */
  @Test
  void estimatorsAgreeWithTheExactKl() {
    double[] policy = {0.5, 0.3, 0.15, 0.05};
    double[] reference = {0.3, 0.3, 0.2, 0.2};
    double exact = 0;
    for (int i = 0; i < policy.length; i++) {
      exact += policy[i] * Math.log(policy[i] / reference[i]);
    }
    Random random = new Random(3);
    int draws = 400_000;
    double k1 = 0;
    double k3 = 0;
    double lowest = 0;
    for (int draw = 0; draw < draws; draw++) {
      double u = random.nextDouble();
      int token = u < 0.5 ? 0 : u < 0.8 ? 1 : u < 0.95 ? 2 : 3;
      double d = Math.log(policy[token] / reference[token]);
      k1 += KlEstimator.K1.estimate(d) / draws;
      k3 += KlEstimator.K3.estimate(d) / draws;
      lowest = Math.min(lowest, KlEstimator.K3.estimate(d));
    }
    assertThat(k1).isCloseTo(exact, within(0.005));
    assertThat(k3).isCloseTo(exact, within(0.005));
    assertThat(lowest).isZero();
    assertThat(KlEstimator.K2.estimate(-0.4)).isCloseTo(0.08, within(1e-12));
  }

  @Test
  void adaptiveCoefficientFollowsTheTarget() {
    KlController controller = KlController.adaptive(0.15, 6, 10_000);
    controller.update(60, 64);
    assertThat(controller.coefficient()).isCloseTo(0.15 * (1 + 0.2 * 64 / 10_000), within(1e-12));
    controller.resume(0.15);
    controller.update(5.4, 64);
    assertThat(controller.coefficient()).isCloseTo(0.15 * (1 - 0.1 * 64 / 10_000), within(1e-12));
    KlController fixed = KlController.fixed(0.05);
    fixed.update(60, 64);
    assertThat(fixed.coefficient()).isEqualTo(0.05);
  }
}
