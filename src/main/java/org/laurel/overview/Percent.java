package org.laurel.overview;

/** Shares for people to read. */
final class Percent {
  private Percent() {}

  /** Whole percent, rounded down so that 100 means all of it; 0 of nothing. */
  static int of(long part, long whole) {
    return whole == 0 ? 0 : (int) (100 * part / whole);
  }
}
