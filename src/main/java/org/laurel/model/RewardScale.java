package org.laurel.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

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

  /** What a model's {@code config.json} says, {@link #IDENTITY} where it says nothing. */
  static RewardScale of(JsonNode config) {
    return new RewardScale(
        config.path("reward_mean").asDouble(0), config.path("reward_std").asDouble(1));
  }

  /**
   * Makes {@code config} the {@code config.json} of a model that gives one score, of this scale.
   */
  void describe(ObjectNode config) {
    config.put("num_labels", 1);
    config.putObject("id2label").put("0", "reward");
    config.putObject("label2id").put("reward", 0);
    config.put("problem_type", "regression");
    config.put("reward_mean", mean);
    config.put("reward_std", standardDeviation);
  }

  /** The score with mean 0 and deviation 1 under the reference policy. */
  public double normalise(double output) {
    return (output - mean) / standardDeviation;
  }
}
