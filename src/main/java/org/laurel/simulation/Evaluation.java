package org.laurel.simulation;

import org.laurel.preference.Interval;
import org.laurel.preference.WinRate;

/**
 * One policy against another, judged without noise by a gold preference.
 *
 * @param gold name of the gold preference
 * @param prompts each answered once by both
 * @param winRate share of prompts on which the policy's answer scores higher, ties half
 * @param interval 95% interval of the win rate, paired by prompt
 * @param kl mean KL(policy || against) of a completion of the policy, nats
 * @param policy the policy's completions
 * @param against the other's
 */
public record Evaluation(
    String gold,
    int prompts,
    double winRate,
    Interval interval,
    double kl,
    Completions policy,
    Completions against) {

  /**
   * Averages over one policy's completions.
   *
   * @param score by the gold preference
   * @param length tokens, stop token included
   * @param stopRate share of completions that end with the stop token
   */
  public record Completions(double score, double length, double stopRate) {}

  static Evaluation of(
      String gold, WinRate wins, double kl, Completions policy, Completions against) {
    return new Evaluation(
        gold, (int) wins.total(), wins.rate(), wins.interval(), kl, policy, against);
  }
}
