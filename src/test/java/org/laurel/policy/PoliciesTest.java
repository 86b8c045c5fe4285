package org.laurel.policy;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.artifact.Artifacts;
import org.laurel.model.ModelDirectory;

@QuarkusTest
class PoliciesTest {
  @Inject Artifacts artifacts;
  @TempDir Path folder;
  private PolicyVersion parent;
  private PolicyVersion child;

  @BeforeEach
  void twoVersions() throws IOException {
    parent = version(null);
    child = version(parent);
  }

  @Test
  void promotionsDecideWhatIsServed() {
    promote(child);
    TestAccounts.as(Role.ADMINISTRATOR)
        .get("/api/policies/serving")
        .then()
        .body("id", equalTo(child.id.toString()));

    promote(parent);

    TestAccounts.as(Role.ADMINISTRATOR)
        .get("/api/policies/" + child.id)
        .then()
        .body("serving", equalTo(false));
    TestAccounts.as(Role.ADMINISTRATOR)
        .get("/api/policies/" + parent.name)
        .then()
        .body("serving", equalTo(true));
  }

  @Test
  void theStarterSaysHowManyWeightsItHas() {
    PolicyVersion starter = PolicyVersion.named("starter").orElseThrow();
    ModelDirectory files = ModelDirectory.open(artifacts.directory(starter.artifactHash));
    TestAccounts.as(Role.REVIEWER)
        .get("/api/policies/starter")
        .then()
        .body("parameters", equalTo((int) files.config().parameterCount()));
  }

  @Test
  void aListTellsLineageNewestFirst() {
    TestAccounts.as(Role.REVIEWER)
        .get("/api/policies?limit=2")
        .then()
        .statusCode(200)
        .body("items[0].id", equalTo(child.id.toString()))
        .body("items[0].parent.name", equalTo(parent.name))
        .body("items[0].metrics.'objective/kl'", equalTo(3.5f))
        .body("items[1].parent", nullValue())
        .body("next", equalTo(parent.id.toString()));

    TestAccounts.as(Role.REVIEWER)
        .get("/api/policies?limit=1&after=" + child.id)
        .then()
        .body("items.id", hasItem(parent.id.toString()));
  }

  @Test
  void onlyAdministratorsPromote() {
    TestAccounts.as(Role.REVIEWER)
        .post("/api/policies/" + child.id + "/promote")
        .then()
        .statusCode(403);
    TestAccounts.as(Role.ANNOTATOR).get("/api/policies").then().statusCode(403);
    TestAccounts.as(Role.ADMINISTRATOR)
        .post("/api/policies/" + UUID.randomUUID() + "/promote")
        .then()
        .statusCode(404);
  }

  private static void promote(PolicyVersion version) {
    TestAccounts.as(Role.ADMINISTRATOR)
        .post("/api/policies/" + version.id + "/promote")
        .then()
        .statusCode(200)
        .body("serving", equalTo(true));
  }

  private PolicyVersion version(@Nullable PolicyVersion parent) throws IOException {
    PolicyVersion version = new PolicyVersion();
    version.name = "test-" + UUID.randomUUID();
    Files.writeString(folder.resolve("config.json"), version.name);
    version.kind = parent == null ? "import" : "ppo";
    version.parentId = parent == null ? null : parent.id;
    version.metrics = Map.of("objective/kl", 3.5);
    version.artifactHash = artifacts.add(folder).hash();
    version.artifactBytes = 1;
    QuarkusTransaction.requiringNew().run(() -> version.persist());
    return version;
  }
}
