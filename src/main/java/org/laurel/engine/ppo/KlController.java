package org.laurel.engine.ppo;

/**
 * The coefficient beta of the KL penalty: fixed, or steered towards a target KL (Ziegler et al.
 * 2019, section 2.2).
 */
public final class KlController {

  /** A step of as many episodes as the horizon changes the coefficient by this share at most. */
  static final double MAX_PROPORTIONAL_ERROR = 0.2;

  private final double target;
  private final double horizon;
  private double coefficient;

  private KlController(double coefficient, double target, double horizon) {
    this.coefficient = coefficient;
    this.target = target;
    this.horizon = horizon;
  }

  /** Always the same coefficient. */
  public static KlController fixed(double coefficient) {
    return new KlController(coefficient, Double.NaN, Double.NaN);
  }

  /**
   * Raises the coefficient while KL is above the target, and lowers it below.
   *
   * @param coefficient to begin with
   * @param target KL of a whole completion in nats
   * @param horizon episodes over which a full error doubles or so the coefficient
   */
  public static KlController adaptive(double coefficient, double target, double horizon) {
    if (!(target > 0) || !(horizon > 0)) {
      throw new IllegalArgumentException(
          "target KL and horizon must be positive, not " + target + " and " + horizon);
    }
    return new KlController(coefficient, target, horizon);
  }

  /** beta, for the next rewards. */
  public double coefficient() {
    return coefficient;
  }

  /** Goes on from a coefficient that a checkpoint kept. */
  public void resume(double coefficient) {
    this.coefficient = coefficient;
  }

  /**
   * Takes in what the last episodes cost: beta (1 + clip(KL / target - 1, +-0.2) episodes /
   * horizon).
   *
   * @param meanKl KL of a whole completion in nats, mean over the episodes
   */
  public void update(double meanKl, int episodes) {
    if (!Double.isNaN(target)) {
      double error = meanKl / target - 1;
      double clipped = Math.max(-MAX_PROPORTIONAL_ERROR, Math.min(MAX_PROPORTIONAL_ERROR, error));
      coefficient *= 1 + clipped * episodes / horizon;
    }
  }
}
