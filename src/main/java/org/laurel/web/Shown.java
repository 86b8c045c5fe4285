package org.laurel.web;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures as people read them; a dash stands for what is not known yet. */
public final class Shown {
  public static final String UNKNOWN = "–";

  private Shown() {}

  /** 0.7234 is 72%. */
  public static String share(@Nullable Double value) {
    return value == null ? UNKNOWN : Math.round(100 * value) + "%";
  }

  /** A 95% interval, e.g. 68–76%. */
  public static String interval(@Nullable Double low, @Nullable Double high) {
    return low == null || high == null
        ? UNKNOWN
        : Math.round(100 * low) + "–" + Math.round(100 * high) + "%";
  }

  public static String two(@Nullable Double value) {
    return value == null ? UNKNOWN : String.format(Locale.ROOT, "%.2f", value);
  }

  /** Milliseconds as seconds, or minutes from two minutes on. */
  public static String time(@Nullable Long milliseconds) {
    if (milliseconds == null) {
      return UNKNOWN;
    }
    long seconds = Math.round(milliseconds / 1000.0);
    return seconds < 120 ? seconds + " s" : Math.round(seconds / 60.0) + " min";
  }

  /** With thousands apart: 12 345. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202f');
  }
}
