package org.laurel.rewardmodel;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.reward.Backbone;

/**
 * A reward model with its lineage, as the API shows it.
 *
 * @param policy id of the policy that its run began with
 * @param parent id of the policy that its backbone was initialised from; null for an encoder's
 * @param datasetHash of the snapshot of rankings, 64 hex digits
 * @param rankings how many rankings the snapshot holds, those of judges included
 * @param aiVotes how many of them are votes of a judge
 * @param artifact SHA-256 of its model directory, 64 hex digits
 */
public record RewardModelView(
    UUID id,
    String name,
    String backbone,
    @Nullable UUID project,
    @Nullable UUID policy,
    @Nullable String policyName,
    @Nullable UUID parent,
    @Nullable UUID run,
    @Nullable UUID round,
    @Nullable UUID snapshot,
    @Nullable String datasetHash,
    @Nullable Long rankings,
    @Nullable Long aiVotes,
    Map<String, Object> hyperparameters,
    Map<String, Object> metrics,
    String artifact,
    long artifactBytes,
    Instant createdAt) {

  private record Origin(
      @Nullable String policyName,
      @Nullable UUID round,
      @Nullable String datasetHash,
      @Nullable Long rankings,
      @Nullable Long aiVotes) {}

  /** The versions with their lineage, in the order given. */
  static List<RewardModelView> of(List<RewardModelVersion> versions) {
    if (versions.isEmpty()) {
      return List.of();
    }
    Map<UUID, Origin> origins = origins(versions.stream().map(version -> version.id).toList());
    return versions.stream()
        .map(version -> of(version, Objects.requireNonNull(origins.get(version.id))))
        .toList();
  }

  private static RewardModelView of(RewardModelVersion version, Origin origin) {
    return new RewardModelView(
        version.id,
        version.name,
        version.backbone,
        version.projectId,
        version.policyId,
        origin.policyName(),
        version.backbone.equals(Backbone.POLICY.key()) ? version.policyId : null,
        version.runId,
        origin.round(),
        version.snapshotId,
        origin.datasetHash(),
        origin.rankings(),
        origin.aiVotes(),
        version.hyperparameters,
        version.metrics,
        version.artifactHash,
        version.artifactBytes,
        version.createdAt);
  }

  private static Map<UUID, Origin> origins(List<UUID> ids) {
    EntityManager database = RewardModelVersion.getEntityManager();
    List<?> rows =
        database
            .createNativeQuery(
                """
                select v.id, p.name, r.round_id, encode(s.content_hash, 'hex'), s.row_count,
                       cast(s.selection ->> 'ai' as bigint)
                  from reward_model_version v
                  left join policy_version p on p.id = v.policy_id
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
          new Origin((String) c[1], (UUID) c[2], (String) c[3], (Long) c[4], (Long) c[5]));
    }
    return origins;
  }
}
