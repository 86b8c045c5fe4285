package org.laurel.preference;

/**
 * How often one side won.
 *
 * @param wins comparisons won
 * @param ties comparisons tied, half a win each
 * @param losses comparisons lost
 */
public record WinRate(long wins, long ties, long losses) {

  private static final double NORMAL_95 = 1.959964;

  /** Number of comparisons. */
  public long total() {
    return wins + ties + losses;
  }

  /** Wins and half the ties over all comparisons; NaN without one. */
  public double rate() {
    return total() == 0 ? Double.NaN : (wins + 0.5 * ties) / total();
  }

  /**
   * 95% interval of the rate (Wilson 1927), which stays within [0, 1] and is honest for few
   * comparisons. With ties it is a little wider than need be.
   */
  public Interval interval() {
    double n = total();
    if (n == 0) {
      return new Interval(0, 1);
    }
    double z2 = NORMAL_95 * NORMAL_95;
    double p = rate();
    double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = NORMAL_95 * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
    return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
  }
}
