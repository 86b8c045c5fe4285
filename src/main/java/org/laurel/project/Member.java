package org.laurel.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who works in a project.
 *
 * @param everywhere whether that is because the account works in every project
 * @param since when it was let into this one; null where it works everywhere
 * @param rankings of this project
 * @param lastSeenAt when it last signed in, came by or sent something, to the hour; null for never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Member(
    UUID id,
    String email,
    @Nullable String name,
    String role,
    boolean simulated,
    boolean disabled,
    boolean everywhere,
    @Nullable Instant since,
    long rankings,
    @Nullable Instant lastSeenAt) {

  /** The name, else the address. */
  public String displayName() {
    return name == null || name.isBlank() ? email : name;
  }
}
