package org.laurel.run;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a piece of background work is.
 *
 * <pre>
 *   QUEUED -> RUNNING -> FINISHED
 *      |         |-----> FAILED ----.
 *      '---------'-----> CANCELLED --'--> QUEUED (resumed by a person)
 * </pre>
 */
public enum RunStatus {
  QUEUED,
  RUNNING,
  FINISHED,
  FAILED,
  CANCELLED;

  /** Whether nothing more happens of itself. */
  public boolean ended() {
    return this == FINISHED || this == FAILED || this == CANCELLED;
  }

  /** As the database and the API write it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Kept in lower case. */
  @Converter(autoApply = true)
  public static class Column implements AttributeConverter<RunStatus, String> {
    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable RunStatus status) {
      return status == null ? null : status.key();
    }

    @Override
    public @Nullable RunStatus convertToEntityAttribute(@Nullable String key) {
      return key == null ? null : RunStatus.valueOf(key.toUpperCase(Locale.ROOT));
    }
  }
}
