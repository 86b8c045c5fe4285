package org.laurel.sampling;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * A background job that lets a policy answer a project's prompts and opens a task for each; or lets
 * two policies answer, to compare them.
 *
 * <pre>
 * queued --> running --> finished | failed | cancelled
 * </pre>
 *
 * One that was running when the server went down is taken up again where it stopped.
 */
@Entity
@Table(name = "sampling")
public class Sampling extends PanacheEntityBase {

  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  @Column(name = "id")
  public UUID id;

  @Column(name = "project_id", updatable = false)
  public UUID projectId;

  @Column(name = "policy_id", updatable = false)
  public UUID policyId;

  /**
   * The policy that the other is compared with: each answers a prompt once, and people rank the two
   * without knowing whose is whose. Null for a sampling that is for learning.
   */
  @Column(name = "baseline_id", updatable = false)
  public @Nullable UUID baselineId;

  /** What {@link SamplingRequest} says, with its defaults filled in. */
  @Column(name = "parameters", updatable = false)
  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, Object> parameters = Map.of();

  /** How many people are to rank each task. */
  @Column(name = "seats", updatable = false)
  public short seats;

  @Column(name = "priority", updatable = false)
  public int priority;

  @Column(name = "status")
  public String status = "queued";

  /** Prompts dealt with. */
  @Column(name = "done")
  public long done;

  /** Prompts there are to deal with. */
  @Column(name = "total")
  public long total;

  /**
   * Prompts left without a task: too long for the policy, refused by its chat template, or always
   * answered alike.
   */
  @Column(name = "passed_over")
  public long passedOver;

  @Column(name = "error")
  public @Nullable String error;

  @Column(name = "cancel_requested")
  public boolean cancelRequested;

  @Column(name = "created_by", updatable = false)
  public @Nullable UUID createdBy;

  @Column(name = "created_at", updatable = false)
  public Instant createdAt = Instant.now();

  @Column(name = "started_at")
  public @Nullable Instant startedAt;

  @Column(name = "finished_at")
  public @Nullable Instant finishedAt;

  @Column(name = "heartbeat_at")
  public @Nullable Instant heartbeatAt;

  /**
   * Queues a sampling with the standard parameters; the worker finds it within seconds. Runs in the
   * caller's transaction.
   *
   * @param perPrompt different completions of a prompt
   * @param seats how many people are to rank each task
   */
  public static Sampling queue(UUID projectId, UUID policyId, int perPrompt, int seats) {
    Sampling sampling = new Sampling();
    sampling.projectId = projectId;
    sampling.policyId = policyId;
    sampling.parameters = SamplingRequest.standard().parameters(perPrompt);
    sampling.seats = (short) seats;
    sampling.persist();
    return sampling;
  }

  /** A project's comparisons of two policies, newest first. */
  public static List<Sampling> evaluations(UUID projectId) {
    return list("projectId = ?1 and baselineId is not null order by id desc", projectId);
  }

  /** Whether nothing will change any more. */
  public boolean isOver() {
    return finishedAt != null;
  }

  /** Asks the job to stop; one that has not begun stops at once. */
  public void cancel() {
    cancelRequested = true;
    if (status.equals("queued")) {
      end("cancelled", null);
    }
  }

  void begin(long prompts) {
    if (isOver()) {
      return; // cancelled just now
    }
    status = "running";
    total = done + prompts;
    if (startedAt == null) {
      startedAt = Instant.now();
    }
  }

  void end(String outcome, @Nullable String why) {
    if (!isOver()) {
      status = outcome;
      error = why;
      finishedAt = Instant.now();
    }
  }
}
