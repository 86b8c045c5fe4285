package org.laurel.review;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A silent check and what people made of it.
 *
 * @param prompt the last user message
 * @param markedBy e-mail address; null for an import
 * @param done rankings of it
 * @param passed those of them that are near enough to the right order
 */
public record CheckedTask(
    UUID taskId, String prompt, @Nullable String markedBy, Instant markedAt, int done, int passed) {

  /** So few people fail a good check. */
  private static final int SOME = 3;

  /** Whether more fail it than pass it: then its order is to be looked at again. */
  @JsonIgnore
  public boolean isDoubtful() {
    return done >= SOME && 2 * passed < done;
  }

  /** Share of rankings that fail it, 0 to 1; 0 without any. */
  double failing() {
    return done == 0 ? 0 : (double) (done - passed) / done;
  }
}
