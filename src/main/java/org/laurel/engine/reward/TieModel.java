package org.laurel.engine.reward;

import static org.bytedeco.pytorch.global.torch.log_sigmoid;
import static org.bytedeco.pytorch.global.torch.logaddexp;
import static org.bytedeco.pytorch.global.torch.softplus;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * What a comparison that people called a tie says about the scores. Of the difference d = r_1 - r_2
 * between two scores each model gives log P(1 wins), log P(2 wins) = log P(1 wins | -d), and log
 * P(tie).
 */
public enum TieModel {
  /**
   * Rao and Kupper 1967: people cannot tell differences below a threshold c. P(1 wins) = sigmoid(d
   * - c), P(tie) = 1 - P(1 wins) - P(2 wins); c = 0 is Bradley-Terry.
   */
  RAO_KUPPER {
    @Override
    Tensor logWin(Tensor difference, Tensor kappa) {
      return log_sigmoid(difference.sub(softplus(kappa)));
    }

    /** sigmoid(d + c) sigmoid(c - d) (1 - exp(-2c)), the difference without cancellation. */
    @Override
    Tensor logTie(Tensor difference, Tensor kappa) {
      Tensor c = softplus(kappa);
      Tensor neither = c.mul(new Scalar(-2.0)).expm1().neg().log();
      return log_sigmoid(c.add(difference)).add(log_sigmoid(c.sub(difference))).add(neither);
    }

    @Override
    double kappaFor(double tieRate) {
      double t = Math.min(tieRate, MAX_TIE_RATE);
      return inverseSoftplus(Math.log((1 + t) / (1 - t))); // c = 2 artanh(t)
    }
  },
  /**
   * Davidson 1970: P(1 wins) : P(2 wins) : P(tie) = exp(d / 2) : exp(-d / 2) : nu, with nu =
   * softplus(kappa).
   */
  DAVIDSON {
    @Override
    Tensor logWin(Tensor difference, Tensor kappa) {
      Tensor half = difference.mul(new Scalar(0.5));
      return half.sub(logNormaliser(half, kappa));
    }

    @Override
    Tensor logTie(Tensor difference, Tensor kappa) {
      Tensor half = difference.mul(new Scalar(0.5));
      return softplus(kappa).log().sub(logNormaliser(half, kappa));
    }

    private Tensor logNormaliser(Tensor half, Tensor kappa) {
      return logaddexp(logaddexp(half, half.neg()), softplus(kappa).log());
    }

    @Override
    double kappaFor(double tieRate) {
      double t = Math.min(tieRate, MAX_TIE_RATE);
      return inverseSoftplus(2 * t / (1 - t));
    }
  },
  /** Bradley-Terry; a tie is half a vote for each side. */
  HALF {
    @Override
    Tensor logWin(Tensor difference, Tensor kappa) {
      return log_sigmoid(difference);
    }

    @Override
    Tensor logTie(Tensor difference, Tensor kappa) {
      return log_sigmoid(difference).add(log_sigmoid(difference.neg())).mul(new Scalar(0.5));
    }

    @Override
    double kappaFor(double tieRate) {
      return Double.NaN;
    }
  },
  /** Bradley-Terry; ties say nothing and are left out. */
  DROP {
    @Override
    Tensor logWin(Tensor difference, Tensor kappa) {
      return log_sigmoid(difference);
    }

    @Override
    Tensor logTie(Tensor difference, Tensor kappa) {
      throw new IllegalStateException("a tie was to be left out of the batch");
    }

    @Override
    double kappaFor(double tieRate) {
      return Double.NaN;
    }
  };

  private static final double MAX_TIE_RATE = 0.95;

  /**
   * log P(first wins), any shape.
   *
   * @param difference d, any shape
   * @param kappa the model's own parameter, a scalar; ignored by models without one
   */
  abstract Tensor logWin(Tensor difference, Tensor kappa);

  /** log P(tie), of the shape of {@code difference}. */
  abstract Tensor logTie(Tensor difference, Tensor kappa);

  /**
   * The parameter under which equal scores tie at this rate; NaN where there is none to choose.
   *
   * @param tieRate share of comparisons that are ties, above 0
   */
  abstract double kappaFor(double tieRate);

  /** Whether the model has a parameter to learn. */
  boolean learns() {
    return this == RAO_KUPPER || this == DAVIDSON;
  }

  private static double inverseSoftplus(double y) {
    return y + Math.log(-Math.expm1(-y));
  }
}
