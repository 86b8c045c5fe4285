package org.laurel.engine.run;

import java.util.SplittableRandom;

/**
 * Seeds of the draws of a run, each derived from the run's own seed and from where in the run the
 * draw happens. Nothing depends on what was drawn before, so a resumed run draws what an
 * uninterrupted one would.
 */
public final class Seeds {

  private Seeds() {}

  /**
   * A seed of its own for one draw.
   *
   * @param purpose keeps draws for different purposes apart
   * @param index such as the step
   */
  public static long of(long seed, String purpose, long index) {
    return new SplittableRandom(seed ^ (0x9E3779B97F4A7C15L * (purpose.hashCode() + 31L * index)))
        .nextLong();
  }

  /** The numbers 0 to n - 1 in random order. */
  public static int[] shuffled(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
