package org.laurel.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.TestTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.project.Project;
import org.laurel.prompt.Prompt;

@QuarkusTest
class DemoProjectTest {
  @Inject DemoProject demo;

  @Test
  @TestTransaction
  void aFreshLaurelHasPromptsAndGuidelines() {
    Project project = demo.create("demo " + UUID.randomUUID());

    assertThat(project.guidelines().orElseThrow().text).contains("order the answers");
    assertThat(Prompt.count("projectId = ?1 and origin = 'starter'", project.id))
        .isGreaterThanOrEqualTo(300);
  }
}
