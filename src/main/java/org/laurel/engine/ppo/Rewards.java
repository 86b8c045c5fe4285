package org.laurel.engine.ppo;

/**
 * From scores to rewards: a score is what the reward model says, a reward is what PPO learns from.
 */
public final class Rewards {

  private Rewards() {}

  /**
   * Rewards of the tokens of one completion: -beta kl_t, and the score at the last token (Ziegler
   * et al. 2019, eq. 2).
   *
   * @param logprobs under the policy, [token]
   * @param refLogprobs under the reference policy, [token]
   * @param score of the whole completion
   * @param beta coefficient of the KL penalty
   * @return [token]
   */
  public static double[] of(
      double[] logprobs, double[] refLogprobs, double score, double beta, KlEstimator estimator) {
    double[] rewards = new double[logprobs.length];
    for (int t = 0; t < rewards.length; t++) {
      rewards[t] = -beta * estimator.estimate(logprobs[t] - refLogprobs[t]);
    }
    rewards[rewards.length - 1] += score;
    return rewards;
  }

  /** The score within [-limit, limit], so that one odd completion cannot carry a whole batch. */
  public static double clip(double score, double limit) {
    return Math.max(-limit, Math.min(limit, score));
  }
}
