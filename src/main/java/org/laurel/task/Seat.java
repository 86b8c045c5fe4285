package org.laurel.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * One of the rankings that a task wants. A lease is a seat with somebody in it; submitting keeps
 * the seat for good.
 *
 * <pre>
 * free --take--> leased --submit--> submitted
 *   ^              |
 *   +--leave, or the lease expires and somebody else takes the seat
 * </pre>
 *
 * A lease that has run out still belongs to its annotator until somebody else takes the seat, so
 * that a draft is there again after a long break.
 */
@Entity
@DynamicUpdate
@Table(name = "task_seat")
@IdClass(Seat.Key.class)
public class Seat extends PanacheEntityBase {

  @Id
  @Column(name = "task_id")
  public UUID taskId;

  @Id
  @Column(name = "seat")
  public short seat;

  @Column(name = "annotator_id")
  public @Nullable UUID annotatorId;

  /** The completions as this annotator sees them, first to last. */
  @Column(name = "display_order")
  public @Nullable List<UUID> displayOrder;

  @Column(name = "leased_at")
  public @Nullable Instant leasedAt;

  @Column(name = "lease_expires_at")
  public @Nullable Instant leaseExpiresAt;

  @Column(name = "submitted_at")
  public @Nullable Instant submittedAt;

  /** The annotator's unsent work, in the shape of a ranking. */
  @Column(name = "draft")
  @JdbcTypeCode(SqlTypes.JSON)
  public @Nullable JsonNode draft;

  @Column(name = "draft_saved_at")
  public @Nullable Instant draftSavedAt;

  /** Of the task when it was handed out for that, 0 to 1; null where it came in its turn. */
  @Column(name = "uncertainty")
  public @Nullable Float uncertainty;

  /** Beyond those that the task wants: for somebody who is checked by it, unknown to them. */
  @Column(name = "checking", updatable = false)
  public boolean checking;

  /** Names a seat. */
  public record Key(UUID taskId, short seat) implements Serializable {}

  /**
   * The seat that the annotator holds or held last in a task, if nobody else has taken it since.
   */
  public static Optional<Seat> of(UUID taskId, UUID annotatorId) {
    return find("taskId = ?1 and annotatorId = ?2", taskId, annotatorId).firstResultOptional();
  }

  /** Whether the annotator may submit into this seat at that time. */
  public boolean isLeased(Instant at) {
    return submittedAt == null && leaseExpiresAt != null && leaseExpiresAt.isAfter(at);
  }

  /** The completions in the order they are shown, empty before anybody took the seat. */
  public List<UUID> displayed() {
    return displayOrder == null ? List.of() : displayOrder;
  }

  /**
   * Seats the annotator, or seats them again, which keeps their order and draft.
   *
   * @param completions the task's completions; shown to this annotator in an order of their own
   * @param chosenFor the task's uncertainty if it is handed out for that
   */
  void take(
      UUID annotator,
      List<UUID> completions,
      @Nullable Float chosenFor,
      Instant now,
      Duration lease) {
    if (!annotator.equals(annotatorId)) {
      List<UUID> shuffled = new ArrayList<>(completions);
      Collections.shuffle(shuffled);
      annotatorId = annotator;
      displayOrder = shuffled;
      leasedAt = now;
      uncertainty = chosenFor;
      forgetDraft();
    }
    renew(now, lease);
  }

  void renew(Instant now, Duration lease) {
    leaseExpiresAt = now.plus(lease);
  }

  /** Gives the seat back for somebody else; one that nobody else is to have is gone. */
  void leave() {
    if (checking) {
      delete();
      return;
    }
    annotatorId = null;
    displayOrder = null;
    leasedAt = null;
    leaseExpiresAt = null;
    uncertainty = null;
    forgetDraft();
  }

  void forgetDraft() {
    draft = null;
    draftSavedAt = null;
  }

  /** Keeps unsent work; empty work is none. */
  void keep(JsonNode work, Instant now) {
    draft = work.isEmpty() ? null : work;
    draftSavedAt = now;
  }

  /** Ends the lease with a ranking; the seat stays the annotator's. */
  public void submit(Instant now) {
    if (submittedAt == null) {
      submittedAt = now;
    }
    leaseExpiresAt = null;
    forgetDraft();
  }
}
