package org.laurel.preference;

/**
 * One completion held against another.
 *
 * @param chosen the preferred completion; for a tie, either of the two
 * @param rejected the other completion
 * @param tie whether the two are equally good
 * @param <C> what names a completion
 */
public record Comparison<C>(C chosen, C rejected, boolean tie) {

  /**
   * Checks that the two differ.
   *
   * @throws IllegalArgumentException if a completion is compared with itself
   */
  public Comparison {
    if (chosen.equals(rejected)) {
      throw new IllegalArgumentException("completion " + chosen + " is compared with itself");
    }
  }
}
