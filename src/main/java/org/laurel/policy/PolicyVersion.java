package org.laurel.policy;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
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
 * A policy that can be served, and where it came from: the version it was trained from, the
 * snapshot, the run. The artifact's hash names its model directory in {@link
 * org.laurel.artifact.Artifacts}.
 */
@Entity
@Table(name = "policy_version")
public class PolicyVersion extends PanacheEntityBase {
  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column(nullable = false)
  public String name;

  /** starter, import, sft, rejection, dpo, ipo, kto or ppo. */
  @Column(nullable = false)
  public String kind;

  /** Null: the starter or an import, which every project may use. */
  @Column(name = "project_id")
  public @Nullable UUID projectId;

  @Column(name = "parent_id")
  public @Nullable UUID parentId;

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

  @Column(name = "parameter_count")
  public @Nullable Long parameterCount;

  @Column(name = "artifact_hash", nullable = false)
  public String artifactHash;

  @Column(name = "artifact_bytes", nullable = false)
  public long artifactBytes;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt = Instant.now();

  /**
   * The version that answers now: the one promoted last, or the starter while none was. Empty
   * before first start.
   */
  public static Optional<PolicyVersion> serving() {
    return Promotion.newest()
        .map(promotion -> PolicyVersion.<PolicyVersion>findById(promotion.policyId))
        .or(PolicyVersion::starter);
  }

  /** The newest starter policy. */
  public static Optional<PolicyVersion> starter() {
    return find("kind", Sort.descending("createdAt"), "starter").firstResultOptional();
  }

  /** A name for the next version of that kind. */
  public static String freeName(String kind) {
    // A lambda, for Panache rewrites calls, not method references.
    return FreeName.numbered(
        getEntityManager(), kind, count("kind", kind) + 1, name -> count("name", name) > 0);
  }

  /** What a run made. */
  public static Optional<PolicyVersion> ofRun(UUID run) {
    return find("runId", run).firstResultOptional();
  }

  /**
   * What a request names: a version's id or name, or {@code serving} (also when {@code null} or
   * blank).
   */
  public static Optional<PolicyVersion> named(@Nullable String reference) {
    if (reference == null || reference.isBlank() || reference.equals("serving")) {
      return serving();
    }
    Optional<PolicyVersion> byName = find("name", reference).firstResultOptional();
    // A lambda, not PolicyVersion::findByIdOptional: Panache rewrites calls, not method references.
    return byName.or(() -> uuid(reference).flatMap(id -> PolicyVersion.findByIdOptional(id)));
  }

  /** Newest first, at most {@code limit}, older than {@code after} where given. */
  public static List<PolicyVersion> page(@Nullable UUID after, int limit) {
    PolicyVersion last = after == null ? null : findById(after);
    if (last == null) {
      return PolicyVersion.<PolicyVersion>find("order by createdAt desc, id desc")
          .page(0, limit)
          .list();
    }
    return PolicyVersion.<PolicyVersion>find(
            "createdAt < ?1 or (createdAt = ?1 and id < ?2) order by createdAt desc, id desc",
            last.createdAt,
            last.id)
        .page(0, limit)
        .list();
  }

  /** The project's own policies and those of everybody, newest first. */
  public static List<PolicyVersion> usableIn(UUID projectId) {
    return list("projectId is null or projectId = ?1 order by createdAt desc, id desc", projectId);
  }

  /**
   * Serves this version from now on, on {@code account}'s word ({@code null}: the system's, at
   * first start).
   */
  public Promotion promote(@Nullable UUID account) {
    Promotion promotion = new Promotion();
    promotion.policyId = id;
    promotion.promotedBy = account;
    promotion.persist();
    return promotion;
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
