package org.laurel.ranking;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Parameters;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.task.Task;
import org.laurel.web.Problem;

/**
 * One annotator's verdict on a task, kept in the seat it was given from. What it says stands in its
 * versions, which never change; this row names the one in force.
 */
@Entity
@Table(name = "ranking")
public class Ranking extends PanacheEntityBase {

  public static final String SET_ASIDE = "set-aside";
  public static final String RETURNED = "returned";

  /** Characters of a note on why it does not count. */
  public static final int NOTE_LIMIT = 2000;

  @Id
  @Column(name = "id")
  public UUID id;

  @Column(name = "task_id", updatable = false)
  public UUID taskId;

  @Column(name = "seat", updatable = false)
  public short seat;

  @Column(name = "project_id", updatable = false)
  public UUID projectId;

  @Column(name = "prompt_id", updatable = false)
  public UUID promptId;

  /** Null: imported. */
  @Column(name = "annotator_id", updatable = false)
  public @Nullable UUID annotatorId;

  @Column(name = "version")
  public int version;

  /** "None of these can be ranked" is a real answer. */
  @Column(name = "unrankable")
  public boolean unrankable;

  /** The guidelines that were in force; null if the project has none. */
  @Column(name = "guidelines_version")
  public @Nullable Integer guidelinesVersion;

  @Column(name = "submitted_at", updatable = false)
  public Instant submittedAt;

  @Column(name = "updated_at")
  public Instant updatedAt;

  /** {@code set-aside} or {@code returned}; null while it counts. */
  @Column(name = "withheld")
  public @Nullable String withheld;

  /** Why it was set aside, or what was written to the annotator. */
  @Column(name = "withheld_note")
  public @Nullable String withheldNote;

  /** Null if it counts or was imported as it is. */
  @Column(name = "withheld_by")
  public @Nullable UUID withheldBy;

  @Column(name = "withheld_at")
  public @Nullable Instant withheldAt;

  /** The seat that somebody else was asked to take when it was set aside; null if nobody was. */
  @Column(name = "asked_instead")
  public @Nullable Short askedInstead;

  /** Whether somebody else is asked if its annotator skips the task after it was sent back. */
  @Column(name = "ask_if_skipped")
  public boolean askIfSkipped = true;

  /** Who withheld it on the server that it was imported from; null if that is not told. */
  @Column(name = "source_withheld_by", insertable = false)
  public @Nullable UUID sourceWithheldBy;

  /** How often it was sent back to its annotator. */
  @Column(name = "returns")
  public short returns;

  /** Whether a person sent it faster than anybody reads; the database says so. */
  @Column(name = "fast", insertable = false, updatable = false)
  public boolean fast;

  /** The ranking that an annotator gave of a task. */
  public static Optional<Ranking> of(UUID taskId, UUID annotatorId) {
    return find("taskId = ?1 and annotatorId = ?2", taskId, annotatorId).firstResultOptional();
  }

  /** The ranking of a task that waits for its annotator, not yet read: it is to be locked first. */
  static Optional<UUID> returned(UUID taskId, UUID annotatorId) {
    return getEntityManager()
        .createQuery(
            "select r.id from Ranking r where r.taskId = :task and r.annotatorId = :annotator"
                + " and r.withheld = :returned",
            UUID.class)
        .setParameter("task", taskId)
        .setParameter("annotator", annotatorId)
        .setParameter("returned", RETURNED)
        .getResultStream()
        .findFirst();
  }

  /**
   * A page of a project's rankings, newest first.
   *
   * @param last the last one of the page before
   */
  static List<Ranking> newest(
      UUID projectId,
      @Nullable UUID annotatorId,
      @Nullable UUID taskId,
      @Nullable Ranking last,
      int limit) {
    StringBuilder where = new StringBuilder("projectId = :project");
    Parameters parameters = Parameters.with("project", projectId);
    if (annotatorId != null) {
      where.append(" and annotatorId = :annotator");
      parameters.and("annotator", annotatorId);
    }
    if (taskId != null) {
      where.append(" and taskId = :task");
      parameters.and("task", taskId);
    }
    if (last != null) {
      where.append(" and (submittedAt < :at or (submittedAt = :at and id < :last))");
      parameters.and("at", last.submittedAt).and("last", last.id);
    }
    where.append(" order by submittedAt desc, id desc");
    return Ranking.<Ranking>find(where.toString(), parameters).page(0, limit).list();
  }

  /**
   * The ranking, its task locked as a submission locks it, so that what is decided of a ranking and
   * what its annotator sends meet one after the other.
   *
   * @throws Problem 404 without such a ranking
   */
  public static Ranking locked(UUID id) {
    UUID task =
        getEntityManager()
            .createQuery("select r.taskId from Ranking r where r.id = :id", UUID.class)
            .setParameter("id", id)
            .getResultStream()
            .findFirst()
            .orElseThrow(() -> Problem.notFound("ranking", id));
    Task.locked(task);
    return Ranking.findById(id, LockModeType.PESSIMISTIC_WRITE);
  }

  /** Keeps it from counting until it is brought back. */
  public void setAside(UUID by, String reason, Instant now) {
    withhold(SET_ASIDE, by, reason, now);
  }

  /**
   * Wants somebody else's ranking of the task in place of this one, which was set aside; once.
   *
   * @throws Problem 409 if nobody can be asked any more
   */
  public void askInstead() {
    if (askedInstead == null) {
      askedInstead = task().askAnother();
    }
  }

  private void askNobodyInstead(Instant now) {
    if (askedInstead != null) {
      task().askNoMore(askedInstead, now);
      askedInstead = null;
    }
  }

  private Task task() {
    return Task.findById(taskId);
  }

  /**
   * Keeps it from counting until its annotator has sent it again, changed or not.
   *
   * @param askIfSkipped whether somebody else is asked if they skip the task
   */
  public void sendBack(UUID by, String note, boolean askIfSkipped, Instant now) {
    askNobodyInstead(now);
    takeBackSkip();
    withhold(RETURNED, by, note, now);
    this.askIfSkipped = askIfSkipped;
    returns++;
  }

  /** Its annotator cannot decide what they were asked; as if they had not ranked the task. */
  void giveUp(String reason, Instant now) {
    withhold(SET_ASIDE, Objects.requireNonNull(annotatorId), reason, now);
    if (askIfSkipped && task().mayAskAnother()) {
      askInstead();
    }
  }

  private void takeBackSkip() {
    if (SET_ASIDE.equals(withheld) && annotatorId != null) {
      task().forgetSkip(annotatorId);
    }
  }

  public boolean isReturned() {
    return RETURNED.equals(withheld);
  }

  /** Lets it count again; who was asked instead and has not begun is asked no more. */
  public void bringBack(Instant now) {
    askNobodyInstead(now);
    takeBackSkip();
    withheld = null;
    withheldNote = null;
    withheldBy = null;
    sourceWithheldBy = null;
    withheldAt = null;
  }

  private void withhold(String how, UUID by, String note, Instant now) {
    withheld = how;
    withheldNote = note;
    withheldBy = by;
    sourceWithheldBy = null;
    withheldAt = now;
  }

  /** What it says now. */
  public RankingVersion inForce() {
    return RankingVersion.findById(new RankingVersion.Key(id, version));
  }
}
