package org.laurel.rewardmodel;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.laurel.database.FreeName;

/**
 * A reward model that can score completions, and where it came from: the policy its backbone was
 * initialised from, the snapshot of rankings, the run.
 */
@Entity
@Table(name = "reward_model_version")
public class RewardModelVersion extends PanacheEntityBase {
  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column(nullable = false)
  public String name;

  /** {@code policy}, or the name of an encoder. */
  @Column(nullable = false)
  public String backbone;

  @Column(name = "project_id")
  public @Nullable UUID projectId;

  @Column(name = "policy_id")
  public @Nullable UUID policyId;

  @Column(name = "run_id")
  public @Nullable UUID runId;

  @Column(name = "snapshot_id")
  public @Nullable UUID snapshotId;

  @Column(nullable = false)
  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, Object> hyperparameters = Map.of();

  @Column(nullable = false)
  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, Object> metrics = Map.of();

  @Column(name = "artifact_hash", nullable = false)
  public String artifactHash;

  @Column(name = "artifact_bytes", nullable = false)
  public long artifactBytes;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt = Instant.now();

  /** What a run made. */
  public static Optional<RewardModelVersion> ofRun(UUID run) {
    return find("runId", run).firstResultOptional();
  }

  /** The one of that name or id. */
  public static Optional<RewardModelVersion> named(String reference) {
    Optional<RewardModelVersion> byName = find("name", reference).firstResultOptional();
    // A lambda, for Panache rewrites calls, not method references.
    return byName.or(() -> uuid(reference).flatMap(id -> RewardModelVersion.findByIdOptional(id)));
  }

  /** A name for the next version. */
  public static String freeName() {
    return FreeName.numbered(
        getEntityManager(), "reward", count() + 1, name -> count("name", name) > 0);
  }

  /** The newest of a project. */
  public static Optional<RewardModelVersion> newestOf(UUID project) {
    return find("projectId = ?1 order by createdAt desc, id desc", project).firstResultOptional();
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Newest first, at most {@code limit}, older than {@code after} where given. */
  public static List<RewardModelVersion> page(@Nullable UUID after, int limit) {
    RewardModelVersion last = after == null ? null : findById(after);
    if (last == null) {
      return RewardModelVersion.<RewardModelVersion>find("order by createdAt desc, id desc")
          .page(0, limit)
          .list();
    }
    return RewardModelVersion.<RewardModelVersion>find(
            "createdAt < ?1 or (createdAt = ?1 and id < ?2) order by createdAt desc, id desc",
            last.createdAt,
            last.id)
        .page(0, limit)
        .list();
  }
}
