package org.laurel.project;

import io.quarkus.narayana.jta.QuarkusTransaction;
import java.util.UUID;

/** Fresh projects for tests, which share one database. */
public final class TestProjects {
  private TestProjects() {}

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
