package org.laurel.engine.nn;

/**
 * Low-rank adaptation [Hu et al. 2021, arXiv 2106.09685]: every projection W of attention and
 * feed-forward is used as W + alpha / rank B A, and only A [rank, in] and B [out, rank] are
 * trained. In training the two terms are products of their own, so that W needs no gradient.
 *
 * @param rank 0 trains the weights themselves
 * @param alpha scale of what is learnt
 */
public record LowRank(int rank, double alpha) {

  /** The weights themselves are trained. */
  public static final LowRank NONE = new LowRank(0, 0);

  public LowRank {
    if (rank < 0 || !(alpha >= 0)) {
      throw new IllegalArgumentException("loraRank and loraAlpha must not be negative");
    }
    if (rank > 0 && alpha == 0) {
      throw new IllegalArgumentException("loraAlpha must be positive");
    }
  }

  /** Whether there is anything to adapt by. */
  public boolean adapts() {
    return rank > 0;
  }

  double scale() {
    return alpha / rank;
  }
}
