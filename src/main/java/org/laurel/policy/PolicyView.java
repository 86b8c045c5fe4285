package org.laurel.policy;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A policy version with its lineage, as the API shows it.
 *
 * @param serving whether it is the one that answers now
 * @param datasetHash of the snapshot it was trained on, 64 hex digits
 * @param rewardModel id of the reward model it was optimised against
 * @param artifact SHA-256 of its model directory, 64 hex digits
 */
public record PolicyView(
    UUID id,
    String name,
    String kind,
    boolean serving,
    @Nullable UUID project,
    @Nullable Parent parent,
    @Nullable UUID run,
    @Nullable UUID round,
    @Nullable UUID rewardModel,
    @Nullable UUID snapshot,
    @Nullable String datasetHash,
    Map<String, Object> hyperparameters,
    Map<String, Object> metrics,
    @Nullable Long parameters,
    String artifact,
    long artifactBytes,
    Instant createdAt) {

  /** The version it was trained from. */
  public record Parent(UUID id, String name) {}

  /** What the version's own row does not say. */
  private record Origin(
      @Nullable String parent,
      @Nullable UUID round,
      @Nullable UUID rewardModel,
      @Nullable String datasetHash) {}

  /** The versions with their lineage, in the order given; two queries however many they are. */
  static List<PolicyView> of(List<PolicyVersion> versions) {
    if (versions.isEmpty()) {
      return List.of();
    }
    UUID serving = PolicyVersion.serving().map(version -> version.id).orElse(null);
    Map<UUID, Origin> origins = origins(versions.stream().map(version -> version.id).toList());
    return versions.stream()
        .map(version -> of(version, Objects.requireNonNull(origins.get(version.id)), serving))
        .toList();
  }

  private static PolicyView of(PolicyVersion version, Origin origin, @Nullable UUID serving) {
    return new PolicyView(
        version.id,
        version.name,
        version.kind,
        version.id.equals(serving),
        version.projectId,
        version.parentId == null || origin.parent() == null
            ? null
            : new Parent(version.parentId, origin.parent()),
        version.runId,
        origin.round(),
        origin.rewardModel(),
        version.snapshotId,
        origin.datasetHash(),
        version.hyperparameters,
        version.metrics,
        version.parameterCount,
        version.artifactHash,
        version.artifactBytes,
        version.createdAt);
  }

  private static Map<UUID, Origin> origins(List<UUID> ids) {
    EntityManager database = PolicyVersion.getEntityManager();
    List<?> rows =
        database
            .createNativeQuery(
                """
                select v.id, p.name, r.round_id, r.reward_model_id, encode(s.content_hash, 'hex')
                  from policy_version v
                  left join policy_version p on p.id = v.parent_id
                  left join run r on r.id = v.run_id
                  left join dataset_snapshot s on s.id = v.snapshot_id
                 where v.id in (:ids)
                """,
                Object[].class)
            .setParameter("ids", ids)
            .getResultList();
    Map<UUID, Origin> origins = new HashMap<>();
    for (Object row : rows) {
      Object[] c = (Object[]) row;
      origins.put(
          (UUID) Objects.requireNonNull(c[0]),
          new Origin((String) c[1], (UUID) c[2], (UUID) c[3], (String) c[4]));
    }
    return origins;
  }
}
