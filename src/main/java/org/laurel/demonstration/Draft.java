package org.laurel.demonstration;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/**
 * What an annotator has begun to write to a prompt; it stays theirs when somebody takes their seat.
 */
@Entity(name = "DemonstrationDraft")
@Table(name = "demonstration_draft")
@IdClass(Draft.Key.class)
public class Draft extends PanacheEntityBase {
  @Id public UUID promptId;
  @Id public UUID annotatorId;

  @Column
  @JdbcTypeCode(SqlTypes.JSON)
  public JsonNode work;

  @Column public Instant savedAt;

  /** Names a draft. */
  public record Key(UUID promptId, UUID annotatorId) implements Serializable {}

  static Optional<Draft> of(UUID promptId, UUID annotatorId) {
    return findByIdOptional(new Key(promptId, annotatorId));
  }

  /** Keeps the work in place of what there was; empty work is none. */
  static void keep(UUID promptId, UUID annotatorId, JsonNode work, Instant now) {
    if (work.isEmpty()) {
      drop(promptId, annotatorId);
      return;
    }
    Draft draft =
        of(promptId, annotatorId)
            .orElseGet(
                () -> {
                  Draft fresh = new Draft();
                  fresh.promptId = promptId;
                  fresh.annotatorId = annotatorId;
                  return fresh;
                });
    draft.work = work;
    draft.savedAt = now;
    draft.persist();
  }

  static void drop(UUID promptId, UUID annotatorId) {
    deleteById(new Key(promptId, annotatorId));
  }
}
