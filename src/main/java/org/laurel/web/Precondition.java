package org.laurel.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * From what somebody who sends a change began: nothing said of it, nothing there yet ({@code
 * If-None-Match: *}), or what was kept at a time ({@code If-Match}, the time as an entity tag in
 * quotes; RFC 9110, sections 13.1.1 and 13.1.2).
 */
public record Precondition(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
  public static final Precondition NONE = new Precondition(null, null);

  /**
   * @param keptAt when what is there now was kept; null if nothing is
   * @throws Problem 412 if that is not what the sender began from
   */
  public void require(@Nullable Instant keptAt) {
    boolean changed =
        ifMatch != null
            ? keptAt == null || !ifMatch.equals("\"" + keptAt + "\"")
            : ifNoneMatch != null && keptAt != null;
    if (changed) {
      throw new Problem(
          412,
          "Changed meanwhile",
          keptAt == null
              ? "What this began from is not there any more."
              : "Something else was kept at " + keptAt + ".");
    }
  }
}
