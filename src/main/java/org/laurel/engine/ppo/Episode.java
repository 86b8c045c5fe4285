package org.laurel.engine.ppo;

/**
 * A prompt, its completion, and what a step of PPO finds out about them. Arrays are [token] over
 * the completion, stop token included.
 */
public final class Episode {

  private static final double[] UNKNOWN = {};

  private final int[] prompt;
  private final Rollout rollout;
  private double score = Double.NaN;
  private double proxyScore = Double.NaN;
  private double[] logprobs = UNKNOWN;
  private double[] refLogprobs = UNKNOWN;
  private double[] values = UNKNOWN;
  private double[] rewards = UNKNOWN;
  private double[] advantages = UNKNOWN;
  private double[] returns = UNKNOWN;

  /** A prompt just answered. */
  public Episode(int[] prompt, Rollout rollout) {
    this.prompt = prompt;
    this.rollout = rollout;
  }

  /** Token ids of the prompt. */
  public int[] prompt() {
    return prompt;
  }

  /** Token ids of the completion, the stop token last if it came. */
  public int[] completion() {
    return rollout.tokens();
  }

  /** Whether the completion came to its stop token. */
  public boolean stopped() {
    return rollout.stopped();
  }

  /** Log probabilities as the sampler saw them. */
  float[] samplerLogprobs() {
    return rollout.logprobs();
  }

  /** Number of completion tokens. */
  public int length() {
    return rollout.tokens().length;
  }

  /** Prompt and completion one after the other. */
  public int[] tokens() {
    int[] tokens = new int[prompt.length + length()];
    System.arraycopy(prompt, 0, tokens, 0, prompt.length);
    System.arraycopy(rollout.tokens(), 0, tokens, prompt.length, length());
    return tokens;
  }

  void score(double proxy, double total) {
    proxyScore = proxy;
    score = total;
  }

  /** What the reward model says, normalised; no rule, penalty or limit applied. */
  double proxyScore() {
    return proxyScore;
  }

  /** What the last token is rewarded with. */
  double score() {
    return score;
  }

  void logprobs(double[] policy, double[] reference) {
    logprobs = policy;
    refLogprobs = reference;
  }

  double[] logprobs() {
    return logprobs;
  }

  double[] refLogprobs() {
    return refLogprobs;
  }

  /** Sum of the log ratios to the reference over the completion, nats. */
  double kl() {
    double kl = 0;
    for (int t = 0; t < logprobs.length; t++) {
      kl += logprobs[t] - refLogprobs[t];
    }
    return kl;
  }

  void values(double[] predicted) {
    values = predicted;
  }

  double[] values() {
    return values;
  }

  void learn(double[] rewardOfEach, double[] returnOfEach) {
    rewards = rewardOfEach;
    returns = returnOfEach;
  }

  double[] rewards() {
    return rewards;
  }

  void advantages(double[] perToken) {
    advantages = perToken;
  }

  double[] advantages() {
    return advantages;
  }

  double[] returns() {
    return returns;
  }
}
