package org.laurel.device;

import org.jspecify.annotations.Nullable;

/**
 * How many ranks share the work of a training, as {@code LAUREL_RANKS} asks. Names no library, so a
 * server can read it.
 *
 * @param wanted 0 where that is left open
 */
public record RanksChoice(int wanted) {
  /** One rank a thread, up to a few, as long as their gradients take little room. */
  public static final RanksChoice AUTO = new RanksChoice(0);

  private static final String VARIABLE = "LAUREL_RANKS";

  /** Beyond this, an update is cut too small. */
  private static final int MOST = 8;

  /** All gradients beyond the first rank's take no more than this, unless it is asked for. */
  private static final long MOST_BYTES = 512L << 20;

  /**
   * @throws IllegalArgumentException if the variable holds anything but a number from 1 to 999
   */
  public static RanksChoice ofEnvironment() {
    return of(System.getenv(VARIABLE));
  }

  /** {@link #AUTO} where nothing is said. */
  static RanksChoice of(@Nullable String value) {
    String said = value == null ? "" : value.strip();
    if (said.isEmpty() || said.equals("auto")) {
      return AUTO;
    }
    if (!said.matches("[1-9][0-9]{0,2}")) {
      throw new IllegalArgumentException(
          VARIABLE + " is auto or a number from 1 to 999, not '" + value + "'");
    }
    return new RanksChoice(Integer.parseInt(said));
  }

  /**
   * @param weights that are trained
   * @param threads that compute
   */
  public int count(long weights, int threads) {
    long affordable = 1 + MOST_BYTES / (Float.BYTES * Math.max(1, weights));
    return wanted > 0 ? wanted : (int) Math.max(1, Math.min(Math.min(threads, MOST), affordable));
  }
}
