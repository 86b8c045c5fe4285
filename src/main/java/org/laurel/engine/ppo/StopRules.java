package org.laurel.engine.ppo;

import java.util.List;
import java.util.Optional;

/**
 * When PPO ends before its last step: the policy is no longer what the scorer can judge, or what is
 * computed can no longer be trusted.
 */
final class StopRules {

  /** A mean KL this many standard errors below 0 is no chance: log probabilities are wrong. */
  private static final double STANDARD_ERRORS = 3;

  /**
   * Nor is a sum as low as this many nats. Standard errors alone misjudge few completions and those
   * of which most are alike: a policy that now and then says something new says all else a little
   * less often, and until it does, every log ratio is the same small negative number.
   */
  private static final double NATS = Math.log(1e6);

  private static final double LOWEST_RATIO = 0.5;
  private static final double HIGHEST_RATIO = 2;

  private StopRules() {}

  /**
   * What the rollouts of a step say, before its update.
   *
   * @param kl of each completion, nats: log pi(y) - log ref(y)
   * @param recent the same, with those of the steps before
   * @param klBudget largest mean
   * @return why to stop, if so
   */
  static Optional<String> rollouts(double[] kl, double[] recent, double klBudget) {
    double mean = mean(kl);
    if (Double.isNaN(mean)) {
      return Optional.of("the policy's log probabilities are not numbers");
    }
    if (mean > klBudget) {
      return Optional.of("KL %.2f is above the budget of %.2f".formatted(mean, klBudget));
    }
    if (negative(recent)) {
      return Optional.of(
          "KL %.3f is negative by more than %.0f standard errors over %d completions: the sampler and the trainer disagree"
              .formatted(mean(recent), STANDARD_ERRORS, recent.length));
    }
    return Optional.empty();
  }

  /**
   * Whether completions are less likely under the policy than under the reference by more than
   * chance. Of completions y that pi wrote, the mean of ref(y) / pi(y) is 1; so is that of the
   * product over several, exp(-sum), which therefore exceeds a million less than once in a million
   * times, however many there are and however they are distributed.
   *
   * @param kl of each, nats
   */
  static boolean negative(double[] kl) {
    double mean = mean(kl);
    return mean * kl.length < -NATS && mean < -STANDARD_ERRORS * standardError(kl, mean);
  }

  /**
   * What the update of a step says.
   *
   * @param ratio mean over the tokens of pi / pi_old
   */
  static Optional<String> update(double ratio) {
    return ratio >= LOWEST_RATIO && ratio <= HIGHEST_RATIO
        ? Optional.empty()
        : Optional.of(
            "the mean ratio of new to old probabilities is %.2f, outside %.1f to %.0f: lower the learning rate"
                .formatted(ratio, LOWEST_RATIO, HIGHEST_RATIO));
  }

  static double[] kl(List<Episode> episodes) {
    return episodes.stream().mapToDouble(Episode::kl).toArray();
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double standardError(double[] values, double mean) {
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / Math.max(1, values.length - 1) / values.length);
  }
}
