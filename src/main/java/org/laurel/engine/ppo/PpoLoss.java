package org.laurel.engine.ppo;

import static org.bytedeco.pytorch.global.torch.maximum;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The clipped losses of proximal policy optimisation (Schulman et al. 2017). All tensors are flat,
 * [tokens]: the completion tokens of a micro-batch one after the other, no padding among them.
 * Losses are sums; the caller divides by the number of tokens of the whole mini-batch, so that
 * micro-batches of any size give the same gradient.
 */
public final class PpoLoss {

  /** exp of more would overflow; a ratio this far out carries no gradient anyway. */
  private static final double MAX_LOG_RATIO = 20;

  private PpoLoss() {}

  /** log(pi / pi_old), clamped, [tokens]. */
  public static Tensor logRatio(Tensor logprobs, Tensor oldLogprobs) {
    return clamp(logprobs.sub(oldLogprobs), -MAX_LOG_RATIO, MAX_LOG_RATIO);
  }

  /**
   * Sum of max(-A rho, -A clip(rho, 1 - range, 1 + range)), the negative of eq. 7.
   *
   * @param ratio rho = pi / pi_old, [tokens], with gradient
   * @param advantages A, [tokens]
   * @return a scalar
   */
  public static Tensor policy(Tensor ratio, Tensor advantages, double range) {
    Tensor gain = advantages.neg();
    return maximum(gain.mul(ratio), gain.mul(clamp(ratio, 1 - range, 1 + range))).sum();
  }

  /** Number of tokens whose clipped term is the larger one, so that they give no gradient. */
  public static double clipped(Tensor ratio, Tensor advantages, double range) {
    Tensor gain = advantages.neg();
    return gain.mul(clamp(ratio, 1 - range, 1 + range)).gt(gain.mul(ratio)).sum().item_double();
  }

  /**
   * Half the sum of max((V - R)^2, (clip(V, V_old - range, V_old + range) - R)^2).
   *
   * @param values V, [tokens], with gradient
   * @param oldValues V_old at the time of the rollout, [tokens]
   * @param returns R, [tokens]
   * @return a scalar
   */
  public static Tensor value(Tensor values, Tensor oldValues, Tensor returns, double range) {
    Tensor near = near(values, oldValues, range);
    return maximum(values.sub(returns).square(), near.sub(returns).square())
        .sum()
        .mul(new Scalar(0.5));
  }

  /** Number of tokens whose clipped error is the larger one, so that they give no gradient. */
  public static double valueClipped(Tensor values, Tensor oldValues, Tensor returns, double range) {
    return near(values, oldValues, range)
        .sub(returns)
        .square()
        .gt(values.sub(returns).square())
        .sum()
        .item_double();
  }

  /** V, no further than {@code range} from V_old. */
  private static Tensor near(Tensor values, Tensor oldValues, double range) {
    return oldValues.add(clamp(values.sub(oldValues), -range, range));
  }

  private static Tensor clamp(Tensor x, double low, double high) {
    return x.clamp(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high)));
  }
}
