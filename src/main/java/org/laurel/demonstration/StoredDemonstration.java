package org.laurel.demonstration;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A demonstration as it is kept.
 *
 * @param id of this version; the next one has another
 * @param flags what its writer found wrong with the prompt
 * @param elapsedMs time spent on it, milliseconds
 * @param updatedAt when this version came
 */
public record StoredDemonstration(
    UUID id,
    UUID promptId,
    int version,
    String text,
    List<String> flags,
    @Nullable Long elapsedMs,
    @Nullable Integer guidelinesVersion,
    Instant updatedAt) {
  static StoredDemonstration of(Demonstration of) {
    return new StoredDemonstration(
        of.id,
        of.promptId,
        of.version,
        of.text,
        of.flags,
        of.elapsedMs,
        of.guidelinesVersion,
        of.createdAt);
  }
}
