package org.laurel.engine.nn;

/**
 * A learning rate over a run: linear warm-up from 0, then a fall to {@code floor} times the peak.
 *
 * @param peak highest rate
 * @param warmupSteps steps until the peak
 * @param totalSteps steps of the run; from there on the rate stays at the floor
 * @param floor share of the peak that remains at the end, 0 to 1
 */
public record LearningRate(
    Shape shape, double peak, int warmupSteps, int totalSteps, double floor) {
  /** How the rate falls after the warm-up. */
  public enum Shape {
    CONSTANT,
    LINEAR,
    COSINE
  }

  public LearningRate {
    if (!(peak >= 0) || floor < 0 || floor > 1 || warmupSteps < 0 || totalSteps < 0) {
      throw new IllegalArgumentException(
          "learning rate peak %s floor %s warm-up %d of %d steps"
              .formatted(peak, floor, warmupSteps, totalSteps));
    }
  }

  /** Rate of a step, counted from 0. */
  public double at(int step) {
    if (step < warmupSteps) {
      return peak * (step + 1) / warmupSteps;
    }
    double progress =
        Math.min(1, (step - warmupSteps) / (double) Math.max(1, totalSteps - warmupSteps));
    double remaining =
        switch (shape) {
          case CONSTANT -> 1;
          case LINEAR -> 1 - progress;
          case COSINE -> (1 + Math.cos(Math.PI * progress)) / 2;
        };
    return shape == Shape.CONSTANT ? peak : peak * (floor + (1 - floor) * remaining);
  }
}
