package org.laurel.project;

import io.quarkus.narayana.jta.QuarkusTransaction;
import java.util.UUID;

/** Fresh projects for tests, which share one database. */
public final class TestProjects {
  private TestProjects() {}

  /** A sampling that nobody has begun: for another machine's worker to find. */
  public static UUID waitingSampling(UUID project) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              UUID id = UUID.randomUUID();
              Project.getEntityManager()
                  .createNativeQuery(
                      "insert into sampling (id, project_id, policy_id, parameters, seats, status)"
                          + " select ?1, ?2, v.id, '{}', 1, 'queued' from policy_version v limit 1")
                  .setParameter(1, id)
                  .setParameter(2, project)
                  .executeUpdate();
              return id;
            });
  }

  public static Project create() {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Project project = new Project();
              project.name = "project " + UUID.randomUUID();
              project.persist();
              return project;
            });
  }
}
