package org.laurel.engine.run;

/**
 * What a hyperparameter may be, for the constructors of the records. Every check throws an {@link
 * InvalidHyperparameter} that names it, and refuses what is infinite or no number.
 */
public final class Bounds {
  private Bounds() {}

  /** Any finite number. */
  public static void finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new InvalidHyperparameter(name, "must be a finite number, not " + value);
    }
  }

  /** Above 0. */
  public static void positive(String name, double value) {
    finite(name, value);
    require(value > 0, name, "must be positive", value);
  }

  /** {@code least} or more. */
  public static void atLeast(String name, double value, int least) {
    finite(name, value);
    require(value >= least, name, "must be at least " + least, value);
  }

  /** Of draws: what the sampler takes but for 0, which draws nothing. */
  public static void temperature(double temperature) {
    finite("temperature", temperature);
    require(
        temperature >= 0.01 && temperature <= 100,
        "temperature",
        "must be between 0.01 and 100",
        temperature);
  }

  /** A share: 0, 1 or between. */
  public static void share(String name, double value) {
    finite(name, value);
    require(value >= 0 && value <= 1, name, "must be between 0 and 1", value);
  }

  /** A share of less than {@code limit}. */
  public static void shareBelow(String name, double value, double limit) {
    finite(name, value);
    require(
        value >= 0 && value < limit, name, "must be at least 0 and below " + text(limit), value);
  }

  /** What low-rank adapters need: a scale, where there are any. */
  public static void adapters(int loraRank, double loraAlpha) {
    atLeast("loraRank", loraRank, 0);
    if (loraRank > 0) {
      positive("loraAlpha", loraAlpha);
    } else {
      atLeast("loraAlpha", loraAlpha, 0);
    }
  }

  private static void require(boolean met, String name, String rule, double value) {
    if (!met) {
      throw new InvalidHyperparameter(name, rule + ", not " + text(value));
    }
  }

  private static String text(double value) {
    return value == (long) value ? Long.toString((long) value) : Double.toString(value);
  }
}
