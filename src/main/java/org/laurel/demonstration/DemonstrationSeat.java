package org.laurel.demonstration;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.LockModeType;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/**
 * One of the demonstrations that a prompt wants, with somebody who writes it or wrote it. It is
 * made when somebody sits down, goes when they give the prompt back, and stays once they have
 * written. A lease that ran out is still its annotator's until somebody else takes the seat.
 */
@Entity
@DynamicUpdate
@IdClass(DemonstrationSeat.Key.class)
public class DemonstrationSeat extends PanacheEntityBase {
  @Id public UUID promptId;
  @Id public short seat;
  @Column public UUID annotatorId;
  @Column public Instant leasedAt;

  /** Null once it is written. */
  public @Nullable Instant leaseExpiresAt;

  public @Nullable Instant submittedAt;

  /** Names a seat. */
  public record Key(UUID promptId, short seat) implements Serializable {}

  /** The seat that the annotator has at a prompt. */
  static Optional<DemonstrationSeat> of(UUID promptId, UUID annotatorId) {
    return find("promptId = ?1 and annotatorId = ?2", promptId, annotatorId).firstResultOptional();
  }

  /** As {@link #of}, its row locked. */
  static Optional<DemonstrationSeat> locked(UUID promptId, UUID annotatorId) {
    return DemonstrationSeat.<DemonstrationSeat>find(
            "promptId = ?1 and annotatorId = ?2", promptId, annotatorId)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }

  /** Whether a demonstration is taken from it at that time. */
  boolean isLeased(Instant at) {
    return leaseExpiresAt != null && leaseExpiresAt.isAfter(at);
  }

  void take(UUID annotator, Instant now, Duration lease) {
    annotatorId = annotator;
    leasedAt = now;
    renew(now, lease);
  }

  void renew(Instant now, Duration lease) {
    leaseExpiresAt = now.plus(lease);
  }

  /** Ends the lease; the seat stays the annotator's. */
  void submit(Instant now) {
    submittedAt = now;
    leaseExpiresAt = null;
  }
}
