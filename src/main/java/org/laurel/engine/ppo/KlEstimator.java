package org.laurel.engine.ppo;

/**
 * Estimates of KL(policy || reference) from one token drawn from the policy (Schulman 2020,
 * "Approximating KL Divergence"), of d = log policy(token) - log reference(token).
 */
public enum KlEstimator {
  /** d: unbiased, but negative for some tokens. */
  K1 {
    @Override
    public double estimate(double d) {
      return d;
    }
  },
  /** d^2 / 2: never negative, biased, little variance. */
  K2 {
    @Override
    public double estimate(double d) {
      return d * d / 2;
    }
  },
  /** exp(-d) - 1 + d: unbiased and never negative. */
  K3 {
    @Override
    public double estimate(double d) {
      return Math.expm1(-d) + d;
    }
  };

  /** The estimate in nats of one token's log ratio {@code d}. */
  public abstract double estimate(double d);
}
