package org.laurel.project;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class ProjectResourceTest {
  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);

  @Test
  void aProjectNeedsNoMoreThanAName() {
    String name = "p " + UUID.randomUUID();
    String location =
        TestAccounts.as(administrator)
            .contentType(ContentType.JSON)
            .body(Map.of("name", name))
            .post("/api/projects")
            .then()
            .statusCode(201)
            .body("id", notNullValue())
            .body("completionsPerPrompt", equalTo(4))
            .body("overlap", equalTo(1))
            .extract()
            .header("Location");

    TestAccounts.as(administrator).get(location).then().statusCode(200).body("name", equalTo(name));
    TestAccounts.as(administrator)
        .contentType(ContentType.JSON)
        .body(Map.of("name", name))
        .post("/api/projects")
        .then()
        .statusCode(409);
  }

  @Test
  void changesAtTheSameTimeLoseNothing() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    String token = TestAccounts.token(administrator);
    for (int round = 0; round < 10; round++) {
      String path = "/api/projects/" + TestProjects.create().id;
      List<Callable<Integer>> changes = new ArrayList<>();
      for (Map<String, Object> change :
          List.<Map<String, Object>>of(
              Map.of("overlap", 3),
              Map.of("completionsPerPrompt", 5),
              Map.of("settings", Map.of("ratings", false)),
              Map.of("settings", Map.of("uncertainFirst", true)),
              Map.of("guidelines", "One."),
              Map.of("guidelines", "Another."))) {
        changes.add(
            () ->
                given()
                    .header("Authorization", "Bearer " + token)
                    .contentType(ContentType.JSON)
                    .body(change)
                    .patch(path)
                    .statusCode());
      }
      for (Future<Integer> status : threads.invokeAll(changes)) {
        assertThat(status.get()).isEqualTo(200);
      }
      TestAccounts.as(administrator)
          .get(path)
          .then()
          .body("overlap", equalTo(3))
          .body("completionsPerPrompt", equalTo(5))
          .body("settings.ratings", equalTo(false))
          .body("settings.uncertainFirst", equalTo(true))
          .body("guidelinesVersion", equalTo(2));
    }
    threads.shutdown();
  }

  /** Several, since a worker may have finished one that has nothing to sample. */
  @Test
  void archivingEndsTheWorkInAProject() {
    List<String> outcomes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Project project = TestProjects.create();
      UUID sampling = TestProjects.waitingSampling(project.id);
      patch("/api/projects/" + project.id, Map.of("archived", true));
      outcomes.add(TestAccounts.as(administrator).get("/api/samplings/" + sampling).path("status"));
    }
    assertThat(outcomes).contains("cancelled");
  }

  @Test
  void guidelinesAreVersionedAndSettingsMerged() {
    Project project = TestProjects.create();
    String path = "/api/projects/" + project.id;

    patch(path, Map.of("guidelines", "Be kind.", "settings", Map.of("flags", List.of("untrue"))));
    patch(path, Map.of("guidelines", "Be kind.", "settings", Map.of("ratings", false)));
    patch(path, Map.of("settings", Map.of("uncertainFirst", true)));
    patch(path, Map.of("guidelines", "Be kind and right.", "overlap", 3));

    TestAccounts.as(administrator)
        .get(path)
        .then()
        .body("guidelines", equalTo("Be kind and right."))
        .body("guidelinesVersion", equalTo(2))
        .body("overlap", equalTo(3))
        .body("settings.flags", equalTo(List.of("untrue")))
        .body("settings.ratings", equalTo(false))
        .body("settings.uncertainFirst", equalTo(true))
        .body("settings.strength", nullValue());
    TestAccounts.as(administrator)
        .get(path + "/guidelines")
        .then()
        .body("items.version", equalTo(List.of(2, 1)));

    patch(path, Map.of("settings", Map.of("flags", List.of("rude", "rude", "a|b"))));
    TestAccounts.as(administrator)
        .get(path)
        .then()
        .body("settings.flags", equalTo(List.of("rude", "a|b")));
    patch(path, Map.of("settings", Map.of("flags", List.of())));
    TestAccounts.as(administrator).get(path).then().body("settings.flags", equalTo(List.of()));
  }

  @Test
  void valuesOutOfBoundsAreNamed() {
    TestAccounts.as(administrator)
        .contentType(ContentType.JSON)
        .body(
            Map.of("name", " ", "completionsPerPrompt", 10, "settings", Map.of("leaseMinutes", 0)))
        .post("/api/projects")
        .then()
        .statusCode(422)
        .contentType("application/problem+json")
        .body("errors.field", hasItem("name"))
        .body("errors.field", hasItem("completionsPerPrompt"))
        .body("errors.field", hasItem("settings.leaseMinutes"));
  }

  @Test
  void listsPageByCursor() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      made.add(TestProjects.create().id.toString());
    }
    List<String> seen = new ArrayList<>();
    String after = new UUID(0, 0).toString();
    while (after != null) {
      var page =
          TestAccounts.as(administrator)
              .queryParam("after", after)
              .queryParam("limit", 2)
              .get("/api/projects")
              .jsonPath();
      seen.addAll(page.getList("items.id", String.class));
      after = page.getString("next");
    }

    assertThat(seen).doesNotHaveDuplicates().containsAll(made);
    TestAccounts.as(administrator)
        .queryParam("limit", 0)
        .get("/api/projects")
        .then()
        .statusCode(422);
  }

  @Test
  void anAnnotatorSeesItsProjectsAndChangesNone() {
    Project own = TestProjects.create();
    Project other = TestProjects.create();
    String token =
        TestAccounts.as(administrator)
            .contentType(ContentType.JSON)
            .body(
                Map.of(
                    "email",
                    UUID.randomUUID() + "@example.org",
                    "project",
                    own.id,
                    "language",
                    "fr"))
            .post("/api/annotators")
            .then()
            .statusCode(201)
            .body("id", notNullValue())
            .body("invitation", not(endsWith("/")))
            .extract()
            .path("token");
    String bearer = "Bearer " + token;

    given().header("Authorization", bearer).get("/api/projects/" + own.id).then().statusCode(200);
    given().header("Authorization", bearer).get("/api/projects/" + other.id).then().statusCode(404);
    given()
        .header("Authorization", bearer)
        .get("/api/projects")
        .then()
        .body("items.id", equalTo(List.of(own.id.toString())));
    given()
        .header("Authorization", bearer)
        .contentType(ContentType.JSON)
        .body(Map.of("name", "mine"))
        .post("/api/projects")
        .then()
        .statusCode(403)
        .contentType("application/problem+json");
  }

  @Test
  void anInvitationIsALinkThatOpens() {
    String link =
        TestAccounts.as(administrator)
            .contentType(ContentType.JSON)
            .body(Map.of("email", UUID.randomUUID() + "@example.org"))
            .post("/api/annotators")
            .then()
            .statusCode(201)
            .extract()
            .path("invitation");

    given().get(link).then().statusCode(200);
  }

  private void patch(String path, Map<String, ?> change) {
    TestAccounts.as(administrator)
        .contentType(ContentType.JSON)
        .body(change)
        .patch(path)
        .then()
        .statusCode(200);
  }
}
