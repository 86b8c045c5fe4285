package org.laurel.engine.run;

/**
 * What a hyperparameter may be, for the constructors of the records. Every check throws an {@link
 * InvalidHyperparameter} that names it, and refuses what is infinite or no number.
 */
public final class Bounds {
  /** More learn nothing that fewer did not, and the steps of all of them are to be counted. */
  private static final int MOST_EPOCHS = 1000;

  private static final int MOST_IN_A_BATCH = 100_000;
  private static final int MOST_TOKENS = 1 << 24;

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

  /** {@code least} to {@code most}. */
  public static void between(String name, int value, int least, int most) {
    atLeast(name, value, least);
    require(value <= most, name, "must be at most " + most, value);
  }

  /** Passes over the same rows. */
  public static void epochs(int epochs) {
    between("epochs", epochs, 1, MOST_EPOCHS);
  }

  /** Rows of an update. */
  public static void batch(String name, int rows) {
    between(name, rows, 1, MOST_IN_A_BATCH);
  }

  /** Tokens of an update. */
  public static void batchTokens(int tokens) {
    between("batchTokens", tokens, 1, MOST_TOKENS);
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
