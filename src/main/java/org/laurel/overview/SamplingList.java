package org.laurel.overview;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.policy.PolicyVersion;

/** The latest samplings of a project, and the policies that another could be made with. */
@ApplicationScoped
class SamplingList {

  /**
   * One sampling with its progress.
   *
   * @param done prompts dealt with, those passed over included
   */
  record Row(
      UUID id,
      String policy,
      String status,
      long done,
      long total,
      long passedOver,
      @Nullable String error) {

    public boolean active() {
      return status.equals("queued") || status.equals("running");
    }

    public int percent() {
      return Percent.of(done, total);
    }

    /** Prompts that got their answers. */
    public long answered() {
      return done - passedOver;
    }
  }

  /** A policy to sample from. */
  record Policy(UUID id, String name, boolean served) {}

  /** A reward model to choose the best answers with. */
  record RewardModel(UUID id, String name) {}

  private final EntityManager entityManager;

  SamplingList(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /** The last five, newest first. */
  @SuppressWarnings("unchecked")
  List<Row> latest(UUID projectId) {
    List<Tuple> rows =
        entityManager
            .createNativeQuery(
                """
                select s.id, v.name, s.status, s.done, s.total, s.passed_over, s.error
                  from sampling s join policy_version v on v.id = s.policy_id
                 where s.project_id = :project and s.baseline_id is null order by s.created_at desc limit 5
                """,
                Tuple.class)
            .setParameter("project", projectId)
            .getResultList();
    return rows.stream()
        .map(
            row ->
                new Row(
                    row.get("id", UUID.class),
                    row.get("name", String.class),
                    row.get("status", String.class),
                    row.get("done", Long.class),
                    row.get("total", Long.class),
                    row.get("passed_over", Long.class),
                    row.get("error", String.class)))
        .toList();
  }

  /** Reward models of this project, newest first. */
  @SuppressWarnings("unchecked")
  List<RewardModel> rewardModels(UUID projectId) {
    List<Tuple> rows =
        entityManager
            .createNativeQuery(
                """
                select id, name from reward_model_version
                 where project_id = :project order by created_at desc, id desc
                """,
                Tuple.class)
            .setParameter("project", projectId)
            .getResultList();
    return rows.stream()
        .map(row -> new RewardModel(row.get("id", UUID.class), row.get("name", String.class)))
        .toList();
  }

  /** Policies of everybody and of this project, the served one first, then the newest. */
  List<Policy> policies(UUID projectId) {
    UUID served = PolicyVersion.serving().map(version -> version.id).orElse(null);
    return PolicyVersion.usableIn(projectId).stream()
        .map(version -> new Policy(version.id, version.name, version.id.equals(served)))
        .sorted(Comparator.comparing(Policy::served).reversed())
        .toList();
  }
}
