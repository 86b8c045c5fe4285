package org.laurel.preference;

/** The best of n draws from a policy, by a score [Beirami et al. 2024, arXiv 2401.01879]. */
public final class BestOfN {

  private BestOfN() {}

  /** The most that the KL of the best of n against one draw can be, nats: log n - (n - 1) / n. */
  public static double klBound(int n) {
    positive(n);
    return Math.log(n) - (n - 1.0) / n;
  }

  /**
   * Index of the highest score; the first of several equal ones.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static int best(double[] scores) {
    positive(scores.length);
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }

  private static void positive(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("the best of " + n);
    }
  }
}
