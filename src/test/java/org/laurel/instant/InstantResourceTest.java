package org.laurel.instant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.project.TestProjects;
import org.laurel.task.Workplace;

@QuarkusTest
class InstantResourceTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final List<String> TOPICS =
      List.of("bread", "rain", "trains", "chess", "whales", "glass", "tea", "bees");

  @Inject Workplace workplace;

  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);

  private static String path(UUID project) {
    return "/api/projects/" + project + "/instant-fit";
  }

  @Test
  void thereIsNothingToFitBeforeTheFirstVote() {
    TestAccounts.as(administrator)
        .get(path(TestProjects.create().id))
        .then()
        .statusCode(200)
        .body("status", equalTo("none"))
        .body("fit", nullValue())
        .body("advice.comparisons", equalTo(0))
        .body("advice.backbone", equalTo("policy"));
  }

  /** Whoever answers the question wins over whoever will not. */
  @Test
  void aFewVotesBecomeAFit() throws InterruptedException {
    UUID project = TestProjects.create().id;
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      String topic = TOPICS.get(i % TOPICS.size());
      lines.append(
          """
          {"prompt": "What should I know about %s no. %d?", "chosen": "Here is what matters about %s: how it is made.", "rejected": "I am sorry, but I do not want to talk with you about that."}
          """
              .formatted(topic, i, topic));
    }
    TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(lines.toString().getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + project + "/comparisons")
        .then()
        .statusCode(200);
    Instant end = Instant.now().plus(PATIENCE);
    JsonPath view = get(project);
    while (!view.getString("status").equals("ready") && Instant.now().isBefore(end)) {
      assertThat(view.getString("status")).isEqualTo("reading");
      Thread.sleep(200);
      view = get(project);
    }
    assertThat(view.getString("status")).isEqualTo("ready");
    assertThat(view.getInt("read")).isEqualTo(80).isEqualTo(view.getInt("toRead"));
    assertThat(view.getInt("fit.comparisons")).isEqualTo(40);
    assertThat(view.getDouble("fit.heldOutAccuracy")).isGreaterThan(0.95);
    assertThat(view.getList("fit.unsure")).hasSize(10);
    assertThat(view.getDouble("fit.lengthOnly")).as("refusals are longer").isZero();
    assertThat(view.getInt("advice.comparisons")).isEqualTo(40);
    assertThat(view.getDouble("advice.meanCharacters")).isBetween(50.0, 56.0);

    // a tie says nothing; a new vote has it made again
    String more =
        """
        {"prompt": "And now?", "completions": ["Yes.", "No."], "groups": [[0], [1]]}
        {"prompt": "And then?", "completions": ["Yes.", "No."], "groups": [[0, 1]]}
        """;
    TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(more.getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + project + "/comparisons?format=rankings")
        .then()
        .statusCode(200);
    workplace.run("update prompt set language = 'fr' where project_id = ?1", project);
    while (view.getInt("fit.comparisons") == 40 && Instant.now().isBefore(end)) {
      Thread.sleep(200);
      view = get(project);
    }
    assertThat(view.getInt("fit.comparisons")).isEqualTo(41);
    assertThat(view.getInt("toRead")).isEqualTo(82);
    assertThat(view.getString("advice.why")).contains("not in English");
  }

  @Test
  void annotatorsDoNotSeeIt() {
    TestAccounts.as(Role.ANNOTATOR).get(path(TestProjects.create().id)).then().statusCode(403);
  }

  private JsonPath get(UUID project) {
    return TestAccounts.as(administrator)
        .get(path(project))
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }
}
