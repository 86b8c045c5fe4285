package org.laurel.engine.reward;

import org.jspecify.annotations.Nullable;

/**
 * By how much the score of a chosen completion is to exceed that of the rejected, by the strength
 * of the preference (Touvron et al. 2023, table 27).
 */
public enum MarginScale {
  /** No margin. */
  NONE(0, 0, 0, 0),
  /** 1 for significantly better, then 2/3, 1/3, and 0 for negligibly. */
  SMALL(0, 1.0 / 3, 2.0 / 3, 1),
  /** 3, 2, 1, 0. */
  LARGE(0, 1, 2, 3);

  private final double[] margins;

  MarginScale(double... margins) {
    this.margins = margins;
  }

  /**
   * The margin.
   *
   * @param strength 1 negligibly to 4 significantly better; null counts as no margin
   */
  public double margin(@Nullable Integer strength) {
    return strength == null ? 0 : margins[Math.max(1, Math.min(4, strength)) - 1];
  }
}
