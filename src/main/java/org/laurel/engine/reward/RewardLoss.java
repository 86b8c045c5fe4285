package org.laurel.engine.reward;

import static org.bytedeco.pytorch.global.torch.logaddexp;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Losses of a reward model, as functions of the differences between scores, d = r_w - r_l. */
public final class RewardLoss {

  private RewardLoss() {}

  /**
   * Negative log likelihood of choices by annotators who err: -log[q P(w) + (1 - q) P(l)], where q
   * = 1 for those who never do. With label smoothing e: (1 - e) of this, and e of the same with the
   * sides changed.
   *
   * @param difference r_w - r_l less the margin, [choices]
   * @param accuracy q of who chose, in (0.5, 1], [choices]
   * @param kappa parameter of the tie model, a scalar
   * @return [choices]
   */
  public static Tensor choice(
      Tensor difference, Tensor accuracy, double smoothing, TieModel ties, Tensor kappa) {
    Tensor win = ties.logWin(difference, kappa);
    Tensor lose = ties.logWin(difference.neg(), kappa);
    Tensor right = accuracy.log();
    // the bound keeps log(1 - q) finite for those who never err
    Tensor wrong = accuracy.neg().add(new Scalar(1.0)).clamp_min(new Scalar(1e-12)).log();
    Tensor nll = logaddexp(win.add(right), lose.add(wrong)).neg();
    if (smoothing == 0) {
      return nll;
    }
    Tensor opposite = logaddexp(lose.add(right), win.add(wrong)).neg();
    return nll.mul(new Scalar(1 - smoothing)).add(opposite.mul(new Scalar(smoothing)));
  }

  /**
   * Cross-entropy against soft labels, as a calibrated judge gives them: p L(w over l) + (1 - p)
   * L(l over w) [Lee et al. 2023, arXiv 2309.00267, section 2.2].
   *
   * @param chosen loss of the choices as given, [choices]
   * @param opposite loss of the opposite choices, [choices]
   * @param certainty p, in [0.5, 1], [choices]
   * @return [choices]
   */
  public static Tensor soft(Tensor chosen, Tensor opposite, Tensor certainty) {
    return opposite.add(certainty.mul(chosen.sub(opposite)));
  }

  /**
   * Negative log likelihood of ties.
   *
   * @param difference between the scores, either way round, [ties]
   * @return [ties]
   */
  public static Tensor tie(Tensor difference, TieModel ties, Tensor kappa) {
    return ties.logTie(difference, kappa).neg();
  }

  /**
   * Keeps the scores of each prompt's completions around zero, which the differences leave open:
   * mean over prompts of (2 mean_k r)^2, for two completions TRL's (r_w + r_l)^2.
   *
   * @param scores [completions]
   * @param averaging [prompts, completions]: 1/K where a completion belongs to a prompt, else 0
   * @return a scalar
   */
  public static Tensor centering(Tensor scores, Tensor averaging) {
    return averaging.matmul(scores).mul(new Scalar(2.0)).square().mean();
  }
}
