package org.laurel.preference;

/**
 * A rate over observations that come in clusters, such as the pairs of one task, which hang
 * together and are fewer witnesses than their number says.
 *
 * <p>The variance is the sandwich estimate of a ratio of cluster sums: with a the hits and n the
 * observations of a cluster, Var = m/(m-1) * sum((a - rate n)^2) / (sum n)^2 over m clusters. It
 * gives the number of independent observations that would be as sure, rate (1 - rate) / Var, and
 * from that the interval is Wilson's, which stays within [0, 1] and honest near its ends.
 */
public final class ClusteredRate {

  private static final double NORMAL_95 = 1.959964;

  private long clusters;
  private double hits;
  private long total;
  private double hitsSquared;
  private double hitsTimesTotal;
  private double totalSquared;

  /**
   * Adds a cluster; one without observations says nothing and is passed over.
   *
   * @param clusterHits observations that count, a half for half a hit
   * @param clusterTotal observations
   */
  public void add(double clusterHits, long clusterTotal) {
    if (clusterTotal == 0) {
      return;
    }
    clusters++;
    hits += clusterHits;
    total += clusterTotal;
    hitsSquared += clusterHits * clusterHits;
    hitsTimesTotal += clusterHits * clusterTotal;
    totalSquared += (double) clusterTotal * clusterTotal;
  }

  /** Number of observations. */
  public long total() {
    return total;
  }

  /** Number of clusters that had any. */
  public long clusters() {
    return clusters;
  }

  /** Hits among the observations; NaN without one. */
  public double rate() {
    return total == 0 ? Double.NaN : hits / total;
  }

  /** 95% interval; all of [0, 1] with fewer than two clusters. */
  public Interval interval() {
    if (clusters < 2) {
      return new Interval(0, 1);
    }
    double rate = rate();
    double squares = hitsSquared - 2 * rate * hitsTimesTotal + rate * rate * totalSquared;
    double variance = Math.max(0, squares) * clusters / (clusters - 1) / ((double) total * total);
    // clusters that are all alike leave no variance to go by: then each is one witness
    double n = variance > 1e-12 ? Math.min(total, rate * (1 - rate) / variance) : clusters;
    double z2 = NORMAL_95 * NORMAL_95;
    double centre = (rate + z2 / (2 * n)) / (1 + z2 / n);
    double half = NORMAL_95 * Math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n)) / (1 + z2 / n);
    return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
  }
}
