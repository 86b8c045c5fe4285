package org.laurel.device;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code LAUREL_DEVICE} asks for. Names no library, so a server can read it. */
public enum DeviceChoice {
  /** CUDA where it can be had, else the processor. */
  AUTO,
  CPU,
  /** CUDA, or an error that says why not. */
  CUDA;

  private static final String VARIABLE = "LAUREL_DEVICE";

  /**
   * @throws IllegalArgumentException if the variable holds anything else
   */
  public static DeviceChoice ofEnvironment() {
    return of(System.getenv(VARIABLE));
  }

  /** {@link #AUTO} where nothing is said. */
  static DeviceChoice of(@Nullable String value) {
    return switch (value == null ? "" : value.strip().toLowerCase(Locale.ROOT)) {
      case "", "auto" -> AUTO;
      case "cpu" -> CPU;
      case "cuda" -> CUDA;
      default ->
          throw new IllegalArgumentException(
              VARIABLE + " is auto, cpu or cuda, not '" + value + "'");
    };
  }

  /**
   * Whether CUDA is worth a try: loading its libraries takes seconds, and none work without the
   * driver.
   *
   * @param driver {@link NvidiaDriver#isPresent}
   */
  public boolean triesCuda(boolean driver) {
    return this == CUDA || (this == AUTO && driver);
  }
}
