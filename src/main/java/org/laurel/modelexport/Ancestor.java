package org.laurel.modelexport;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.policy.PolicyVersion;

/**
 * One policy version on the way to a model, with what it was made from.
 *
 * @param kind starter, import, or the method that made it
 * @param datasetHash of the snapshot it learned from, 64 hex digits
 * @param datasetKind preference, prompt, demonstration or thumb
 * @param rows of the snapshot
 * @param rewardModel name of the one it was optimised against
 * @param hub the id on the hub that it was imported from
 */
record Ancestor(
    String name,
    String kind,
    String artifactHash,
    @Nullable String datasetHash,
    @Nullable String datasetKind,
    @Nullable Long rows,
    @Nullable Long seed,
    @Nullable String rewardModel,
    @Nullable String hub,
    @Nullable String commit) {

  /** A policy and those that it descends from, it first, the one that was never trained last. */
  static List<Ancestor> line(UUID policy) {
    EntityManager database = PolicyVersion.getEntityManager();
    List<?> rows =
        database
            .createNativeQuery(
                """
                with recursive line as (
                  select v.*, 0 as depth from policy_version v where v.id = :policy
                  union all
                  select v.*, line.depth + 1 from policy_version v
                    join line on v.id = line.parent_id
                   where line.depth < 1000
                )
                select l.name, l.kind, l.artifact_hash, encode(s.content_hash, 'hex'), s.kind,
                       s.row_count, r.seed, m.name, i.source, i.commit
                  from line l
                  left join run r on r.id = l.run_id
                  left join reward_model_version m on m.id = r.reward_model_id
                  left join dataset_snapshot s on s.id = l.snapshot_id
                  left join lateral (select * from policy_import
                                      where policy_id = l.id and kind = 'hub'
                                      order by created_at limit 1) i on true
                 order by l.depth
                """,
                Object[].class)
            .setParameter("policy", policy)
            .getResultList();
    List<Ancestor> line = new ArrayList<>();
    for (Object row : rows) {
      Object[] c = (Object[]) row;
      line.add(
          new Ancestor(
              String.valueOf(c[0]),
              String.valueOf(c[1]),
              String.valueOf(c[2]),
              (String) c[3],
              (String) c[4],
              (Long) c[5],
              (Long) c[6],
              (String) c[7],
              (String) c[8],
              (String) c[9]));
    }
    return line;
  }
}
