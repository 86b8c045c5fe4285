package org.laurel.rewardmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.policy.TestPolicies;
import org.laurel.project.TestProjects;

@QuarkusTest
class ScoringTest {
  private static final String DIALOGUE =
      "\\n\\nHuman: a\\n\\nAssistant: b\\n\\nHuman: c\\n\\nAssistant:";

  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);

  /** What was trained on as imported is scored as it was trained on. */
  @Test
  void aTranscriptIsReadAsTheImportReadsIt() {
    UUID project = TestProjects.create().id;
    String line = "{\"chosen\": \"" + DIALOGUE + " good\", \"rejected\": \"" + DIALOGUE + " bad\"}";
    TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(line.getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + project + "/comparisons?format=hh-rlhf")
        .then()
        .statusCode(200);
    List<Map<String, String>> imported =
        TestAccounts.as(administrator)
            .get("/api/projects/" + project + "/prompts")
            .then()
            .statusCode(200)
            .extract()
            .path("items[0].prompt");
    String transcript = DIALOGUE.replace("\\n", "\n");

    List<Float> scores =
        scores(
            Map.of("prompt", imported, "completion", "good"),
            Map.of("prompt", transcript, "completion", "good"),
            Map.of("prompt", transcript + " ", "completion", " good"),
            Map.of("prompt", transcript.strip(), "completion", "good"),
            Map.of(
                "prompt",
                List.of(Map.of("role", "user", "content", transcript)),
                "completion",
                "good"));

    for (int same = 1; same < 4; same++) {
      assertThat(scores.get(same)).isCloseTo(scores.get(0), within(1e-5f));
    }
    assertThat(scores.get(4)).isNotCloseTo(scores.get(0), within(1e-5f));
  }

  @Test
  void aRoleThatNobodyHasIsNamed() {
    TestAccounts.as(administrator)
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "items",
                List.of(
                    Map.of("prompt", "Hello?", "completion", "Hi."),
                    Map.of(
                        "prompt",
                        List.of(Map.of("role", "wizard", "content", "Hello?")),
                        "completion",
                        "Hi."))))
        .post("/api/reward-models/" + TestPolicies.createRewardModel(41).id + "/score")
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("items[1].prompt"))
        .body("errors[0].message", equalTo("has a message of another role"));
  }

  @SafeVarargs
  private List<Float> scores(Map<String, Object>... items) {
    return TestAccounts.as(administrator)
        .contentType(ContentType.JSON)
        .body(Map.of("items", items))
        .post("/api/reward-models/" + TestPolicies.createRewardModel(41).id + "/score")
        .then()
        .statusCode(200)
        .extract()
        .path("scores");
  }
}
