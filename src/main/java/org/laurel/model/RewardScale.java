package org.laurel.model;

/**
 * Mean and standard deviation of a reward model's output over samples of the reference policy
 * [lm-human-preferences, normalise before PPO]. Kept in the reward model's {@code config.json} as
 * {@code reward_mean} and {@code reward_std}.
 */
public record RewardScale(double mean, double standardDeviation) {
  /** Scores as the model gives them. */
  public static final RewardScale IDENTITY = new RewardScale(0, 1);

  public RewardScale {
    if (!Double.isFinite(mean) || !(standardDeviation > 0) || standardDeviation > 1e30) {
      throw new IllegalArgumentException(
          "reward scale with mean " + mean + " and standard deviation " + standardDeviation);
    }
  }

  /** The score with mean 0 and deviation 1 under the reference policy. */
  public double normalise(double output) {
    return (output - mean) / standardDeviation;
  }
}
