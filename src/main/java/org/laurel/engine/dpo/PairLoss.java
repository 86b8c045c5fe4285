package org.laurel.engine.dpo;

import org.laurel.preference.Logistic;

/**
 * Losses of a pair by its margin h = (log pi(w) - log pi(l)) - (log ref(w) - log ref(l)), nats.
 * Label smoothing e counts a share e of every preference the other way round.
 */
public enum PairLoss {
  /**
   * -(1-e) log sigmoid(beta h) - e log sigmoid(-beta h): direct preference optimisation [Rafailov
   * et al. 2023, eq. 7; the conservative form of its appendix].
   */
  DPO {
    @Override
    double term(double h, double beta) {
      return Logistic.loss(beta * h);
    }

    @Override
    double slopeOfTerm(double h, double beta) {
      return -beta * Logistic.sigmoid(-beta * h);
    }
  },
  /**
   * (h - 1 / (2 beta))^2: identity preference optimisation, which does not push a preference that
   * everybody shares to infinity [Azar et al. 2023, eq. 17].
   */
  IPO {
    @Override
    double term(double h, double beta) {
      double off = h - 1 / (2 * beta);
      return off * off;
    }

    @Override
    double slopeOfTerm(double h, double beta) {
      return 2 * (h - 1 / (2 * beta));
    }
  };

  abstract double term(double h, double beta);

  abstract double slopeOfTerm(double h, double beta);

  /** The loss of a margin. */
  public double of(double h, double beta, double smoothing) {
    return (1 - smoothing) * term(h, beta) + smoothing * term(-h, beta);
  }

  /** Its derivative with respect to the margin. */
  public double slope(double h, double beta, double smoothing) {
    return (1 - smoothing) * slopeOfTerm(h, beta) - smoothing * slopeOfTerm(-h, beta);
  }
}
