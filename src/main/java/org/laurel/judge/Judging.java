package org.laurel.judge;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Problem;

/**
 * A judge at work in a project.
 *
 * <pre>
 * queued --> running: calibrating --> judging --> finished | failed | cancelled
 *                                                     |          |          |
 *                                                     '--approve--> votes may be used --withdraw--> not
 * </pre>
 *
 * One that was running when the server went down is taken up again where it stopped.
 */
@Entity
@Table(name = "judging")
public class Judging extends PanacheEntityBase {
  static final String POLICY = "policy";
  static final String ENDPOINT = "endpoint";

  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column(updatable = false)
  public UUID projectId;

  /** {@link #POLICY} or {@link #ENDPOINT}. */
  @Column(updatable = false)
  public String judge;

  @Column(updatable = false)
  public @Nullable UUID policyId;

  @Column(updatable = false)
  public @Nullable String endpoint;

  @Column(updatable = false)
  public String model;

  @Column(updatable = false)
  public int rubricVersion;

  @Column(updatable = false)
  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, Object> parameters = Map.of();

  public String status = "queued";
  public String phase = "waiting";

  /**
   * Pairs dealt with, of {@link #total}; those to vote on are counted again when their turn comes.
   */
  public long done;

  public long total;
  public @Nullable String error;
  public boolean cancelRequested;

  @JdbcTypeCode(SqlTypes.JSON)
  public @Nullable Calibration calibration;

  public @Nullable String basis;
  public @Nullable Double scale;

  @Column(updatable = false)
  public @Nullable UUID createdBy;

  @Column(updatable = false)
  public Instant createdAt = Instant.now();

  public @Nullable Instant startedAt;
  public @Nullable Instant finishedAt;
  public @Nullable UUID approvedBy;
  public @Nullable Instant approvedAt;

  /** Newest first, at most {@code limit}, older than {@code after} where given. */
  static List<Judging> ofProject(UUID project, @Nullable UUID after, int limit) {
    UUID before = after == null ? new UUID(-1, -1) : after;
    return Judging.<Judging>find("projectId = ?1 and id < ?2 order by id desc", project, before)
        .page(0, limit)
        .list();
  }

  /** Of its own until the transaction ends, so that nobody's request to stop is written over. */
  static Judging locked(UUID id) {
    return Judging.<Judging>findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE)
        .orElseThrow(() -> Problem.notFound("judging", id));
  }

  boolean isOver() {
    return finishedAt != null;
  }

  void begin() {
    if (!isOver()) {
      status = "running";
      startedAt = Objects.requireNonNullElse(startedAt, Instant.now());
    }
  }

  /**
   * @param more pairs that are left, of this phase and those after it
   */
  void enter(String next, long more) {
    phase = next;
    total = done + more;
  }

  /** Questions still to be asked, two for each pair that is left. */
  long questionsLeft() {
    return isOver() ? 0 : JudgingPlan.QUESTIONS_PER_PAIR * Math.max(0, total - done);
  }

  void calibrate(Calibration figures) {
    calibration = figures;
    scale = figures.scale();
    basis = scale == null ? null : figures.basis();
  }

  void end(String outcome, @Nullable String why) {
    if (!isOver()) {
      status = outcome;
      phase = "over";
      error = why;
      finishedAt = Instant.now();
    }
  }

  /** Asks it to stop; one that has not begun stops at once. */
  void cancel() {
    cancelRequested = true;
    if (status.equals("queued")) {
      end("cancelled", null);
    }
  }

  /**
   * Lets its votes be used.
   *
   * @throws Problem 409 while it runs, 422 if it was not calibrated or runs against people
   */
  void approve(UUID account) {
    if (!isOver()) {
      throw Problem.conflict("the judging is not over yet");
    }
    Double fitted = scale;
    if (fitted == null) {
      throw Problem.invalid(
          ("the judge is not calibrated: it decided %d pairs that people have ranked,"
                  + " and %d are needed")
              .formatted(calibration == null ? 0 : calibration.decided(), Calibration.FEWEST));
    }
    if (fitted <= 0) {
      throw Problem.invalid(
          "the judge's preferences run against people's, so its votes are no use");
    }
    if (approvedAt == null) {
      approvedAt = Instant.now();
      approvedBy = account;
    }
  }

  /** No round uses its votes from now on; what was frozen for earlier ones stays. */
  void withdraw() {
    approvedAt = null;
    approvedBy = null;
  }

  int parameter(String name) {
    return parameters.get(name) instanceof Number number ? number.intValue() : 0;
  }
}
