package org.laurel.demonstration;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.hibernate.orm.panache.PanacheQuery;
import io.quarkus.panache.common.Parameters;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Problem;

/**
 * How a prompt should be answered, by a person; supervised fine-tuning learns from it. What it says
 * never changes: a changed one is another row, {@link #nextVersion put in its place}. It counts
 * while it is neither replaced nor set aside.
 */
@Entity
public class Demonstration extends PanacheEntityBase {
  public static final String WRITTEN = "written";

  /** Characters of a note on why it does not count. */
  public static final int NOTE_LIMIT = 2000;

  /** Characters of a flag. */
  public static final int FLAG_LIMIT = 40;

  /** Flags of a prompt. */
  public static final int FLAGS_LIMIT = 20;

  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column(updatable = false)
  public UUID promptId;

  @Column(updatable = false)
  public String text;

  /** SHA-256 of the text. */
  @Column(updatable = false)
  public byte[] contentHash;

  /** {@code import} or {@code written}, which is here. */
  @Column(updatable = false)
  public String origin;

  /** Who wrote it here, or brought the file. */
  @Column(updatable = false)
  public @Nullable UUID authorId;

  /** Of an imported one, who wrote it, by the id on the server that exported it. */
  @Column(updatable = false)
  public @Nullable UUID sourceAuthorId;

  /** From which it was written; null: imported. */
  @Column(updatable = false)
  public @Nullable Short seat;

  @Column(updatable = false)
  public int version = 1;

  /** What its writer found wrong with the prompt. */
  @Column(updatable = false)
  public List<String> flags = List.of();

  /** The guidelines that were in force; null if the project had none. */
  @Column(updatable = false)
  public @Nullable Integer guidelinesVersion;

  /** Time spent on it, milliseconds. */
  @Column(updatable = false)
  public @Nullable Long elapsedMs;

  /** When this version came. */
  @Column(updatable = false)
  public Instant createdAt;

  /** When its writer put the next version in its place. */
  public @Nullable Instant replacedAt;

  /** Why it was set aside; null while it counts. */
  public @Nullable String withheldNote;

  /** Null if it counts or was imported as it is. */
  public @Nullable UUID withheldBy;

  public @Nullable Instant withheldAt;

  /** The one in force that an annotator wrote to a prompt. */
  static Optional<Demonstration> of(UUID promptId, UUID annotatorId) {
    return inForce(promptId, annotatorId).firstResultOptional();
  }

  /** As {@link #of}, its row locked as {@link #locked} does. */
  static Optional<Demonstration> lockedOf(UUID promptId, UUID annotatorId) {
    return inForce(promptId, annotatorId)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }

  private static PanacheQuery<Demonstration> inForce(UUID promptId, UUID annotatorId) {
    return find(
        "promptId = ?1 and authorId = ?2 and origin = ?3 and replacedAt is null",
        promptId,
        annotatorId,
        WRITTEN);
  }

  /**
   * The demonstration, its row locked, so that what is decided of it and what its writer sends meet
   * one after the other.
   *
   * @throws Problem 404 without such a demonstration
   */
  static Demonstration locked(UUID id) {
    return Demonstration.<Demonstration>find("id", id)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional()
        .orElseThrow(() -> Problem.notFound("demonstration", id));
  }

  /**
   * A page of those of a project that are in force, newest first, set aside or not.
   *
   * @param last the id that the page before ended with
   */
  static List<Demonstration> newest(
      UUID project, Choice choice, @Nullable UUID writer, @Nullable UUID last, int limit) {
    StringBuilder where =
        new StringBuilder(
            "from Demonstration d where d.replacedAt is null"
                + " and d.promptId in (select p.id from Prompt p where p.projectId = :project)");
    where.append(choice.condition());
    Parameters parameters = Parameters.with("project", project);
    if (writer != null) {
      where.append(" and d.origin = 'written' and d.authorId = :writer");
      parameters.and("writer", writer);
    }
    if (last != null) {
      where.append(" and d.id < :last");
      parameters.and("last", last);
    }
    where.append(" order by d.id desc");
    return Demonstration.<Demonstration>find(where.toString(), parameters).page(0, limit).list();
  }

  /** The first version of what somebody wrote. */
  static Demonstration written(DemonstrationSeat seat, Wording wording, Instant now) {
    Demonstration written = new Demonstration();
    written.promptId = seat.promptId;
    written.seat = seat.seat;
    written.origin = WRITTEN;
    written.authorId = seat.annotatorId;
    written.say(wording, now);
    return written;
  }

  /** Replaces this one, which has to be stored first; set aside or not as this one is. */
  Demonstration nextVersion(Wording wording, Instant now) {
    replacedAt = now;
    Demonstration next = new Demonstration();
    next.promptId = promptId;
    next.seat = seat;
    next.origin = origin;
    next.authorId = authorId;
    next.version = version + 1;
    next.withheldNote = withheldNote;
    next.withheldBy = withheldBy;
    next.withheldAt = withheldAt;
    next.say(wording, now);
    return next;
  }

  private void say(Wording wording, Instant now) {
    text = wording.text();
    contentHash = DigestUtils.sha256(text);
    flags = wording.flags();
    elapsedMs = wording.elapsedMs();
    createdAt = now;
  }

  boolean says(Wording wording) {
    return text.equals(wording.text()) && flags.equals(wording.flags());
  }

  boolean isWritten() {
    return origin.equals(WRITTEN);
  }

  boolean isSetAside() {
    return withheldAt != null;
  }

  /** Keeps it from counting until it is brought back. */
  void setAside(UUID by, String reason, Instant now) {
    withheldNote = reason;
    withheldBy = by;
    withheldAt = now;
  }

  /** Lets it count again. */
  void bringBack() {
    withheldNote = null;
    withheldBy = null;
    withheldAt = null;
  }
}
