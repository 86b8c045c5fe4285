package org.laurel.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.dataset.Votes;
import org.laurel.run.Run;

@QuarkusTest
class RoundsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  @Inject Votes votes;
  private UUID project;
  private String token;

  @BeforeEach
  void aProject() {
    project = votes.project();
    Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
    token = TestAccounts.token(administrator);
  }

  @Test
  void aRoundEndsInAPolicyThoughItsTrainerIsKilled() {
    // Other tests promote versions whose files are no models.
    api().post("/api/policies/starter/promote").then().statusCode(200);
    rankings(24);
    String round =
        launch(
                """
                {"reward": {"epochs": 1, "heldOutFraction": 0.3},
                 "ppo": {"steps": 3, "episodesPerStep": 8, "epochs": 1, "miniBatches": 1,
                         "maxNewTokens": 12, "normalisationSamples": 8, "checkpointEvery": 1},
                 "seed": 7}
                """)
            .statusCode(202)
            .extract()
            .path("id");

    JsonPath training = await(round, json -> json.getLong("steps[1].step") >= 1);
    assertThat(training.getLong("steps[1].memoryBytes")).isBetween(500_000_000L, 2_000_000_000L);
    UUID run = UUID.fromString(training.getString("steps[1].run"));
    kill(run);
    JsonPath ended = await(round, json -> !json.getString("status").matches("queued|running"));

    assertThat(ended.getString("status")).as(ended.getString("error")).isEqualTo("finished");
    api().get("/api/runs/" + run).then().body("attempt", equalTo(2)).body("step", equalTo(3));
    api()
        .get("/api/policies/" + ended.getString("policy"))
        .then()
        .body("parent.id", equalTo(ended.getString("startPolicy")))
        .body("run", equalTo(run.toString()))
        .body("rewardModel", equalTo(ended.getString("rewardModel")));
    api()
        .get("/api/reward-models/" + ended.getString("rewardModel"))
        .then()
        .body("rankings", equalTo(24));
    String metrics =
        api()
            .get("/api/runs/" + run + "/metrics")
            .then()
            .contentType("application/x-ndjson")
            .extract()
            .asString();
    assertThat(metrics.lines().filter(line -> line.contains("\"objective/kl\""))).hasSize(3);
    api()
        .body("{\"items\": [{\"prompt\": \"Hi\", \"completion\": \"Hello.\"}]}")
        .contentType("application/json")
        .post("/api/reward-models/" + ended.getString("rewardModel") + "/score")
        .then()
        .statusCode(200)
        .body("scores.size()", equalTo(1));
  }

  @Test
  void tooFewRankingsAreCounted() {
    rankings(3);

    launch("{}").statusCode(422).body("detail", containsString("there are 3, at least 10"));
  }

  @Test
  void rankingsThatAreAllTiesAreNothingToLearnFrom() {
    StringBuilder ties = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      ties.append("{\"prompt\": \"p%d\", \"completions\": [\"a\", \"b\"]".formatted(i))
          .append(", \"groups\": [[0, 1]]}\n");
    }
    api()
        .contentType("application/x-ndjson")
        .body(ties.toString().getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + project + "/comparisons")
        .then()
        .statusCode(200)
        .body("imported", equalTo(12));

    for (String steps : List.of("dpo", "reward")) {
      launch("{\"steps\": [\"%s\"]}".formatted(steps))
          .statusCode(422)
          .body("detail", containsString("all rankings are ties"));
    }
  }

  @Test
  void dpoAndKtoMakePoliciesOneAfterTheOther() {
    api().post("/api/policies/starter/promote").then().statusCode(200);
    rankings(24);
    launch("{\"steps\": [\"kto\"]}")
        .statusCode(422)
        .body("detail", containsString("too few thumbs up"));
    StringBuilder thumbs = new StringBuilder();
    for (int i = 0; i < 24; i++) {
      thumbs.append(
          "{\"prompt\": \"Ask %d\", \"completion\": \"Answer %d.\", \"label\": %b}\n"
              .formatted(i, i, i % 2 == 0));
    }
    for (int expected : new int[] {24, 0}) {
      api()
          .contentType("text/plain")
          .body(thumbs.toString())
          .post("/api/projects/" + project + "/thumbs")
          .then()
          .statusCode(200)
          .body("imported", equalTo(expected));
    }
    String round =
        launch(
                """
                {"steps": ["dpo", "kto"], "dpo": {"labelSmoothing": 0.1},
                 "kto": {"judgmentsPerBatch": 8}}
                """)
            .statusCode(202)
            .extract()
            .path("id");
    JsonPath ended = await(round, json -> !json.getString("status").matches("queued|running"));

    assertThat(ended.getString("status")).as(ended.getString("error")).isEqualTo("finished");
    JsonPath kto = api().get("/api/policies/" + ended.getString("policy")).jsonPath();
    assertThat(kto.getString("kind")).isEqualTo("kto");
    JsonPath dpo = api().get("/api/policies/" + kto.getString("parent.id")).jsonPath();
    assertThat(dpo.getString("kind")).isEqualTo("dpo");
    assertThat(dpo.getString("parent.id")).isEqualTo(ended.getString("startPolicy"));
    assertThat(dpo.getMap("metrics")).containsKey("eval/rewards/accuracies");
  }

  @Test
  void aSettingThatIsNotThereIsNamed() {
    launch("{\"ppo\": {\"learningrate\": 1e-4}}")
        .statusCode(422)
        .body("errors.field", hasItem("ppo"))
        .body("detail", containsString("learningrate"));
  }

  @Test
  void whatDoesNotFitIntoMemoryIsRefusedWithTheFigure() {
    api().post("/api/policies/starter/promote").then().statusCode(200);
    rankings(12);
    launch("{\"steps\": [\"reward\"], \"reward\": {\"microBatchTokens\": 2000000000}}")
        .statusCode(422)
        .body("detail", matchesPattern("reward needs about \\d+\\.\\d GB of memory, .*"))
        .body("errors.field", hasItem("reward"));
    launch(
            "{\"steps\": [\"reward\"],"
                + " \"reward\": {\"backbone\": \"policy\", \"microBatchTokens\": 2000000000}}")
        .statusCode(422)
        .body("errors.field", hasItem("reward"));
  }

  /** Its context is 512 tokens, and a micro-batch is larger than most prompts. */
  @Test
  void aLongPromptTakesMoreMemory() {
    api().post("/api/policies/starter/promote").then().statusCode(200);
    rankings(12);
    String ppo = "{\"steps\": [\"reward\", \"ppo\"], \"ppo\": {\"microBatchTokens\": 64}}";
    long before = memory(launch(ppo).statusCode(202).extract().path("id"));
    votes.prompt(project, "word ".repeat(300));
    long after = memory(launch(ppo).statusCode(202).extract().path("id"));
    assertThat(after).isGreaterThan(before + 10_000_000);
  }

  private long memory(String round) {
    api().post("/api/rounds/" + round + "/cancel").then().statusCode(202);
    return api().get("/api/rounds/" + round).jsonPath().getLong("steps[1].memoryBytes");
  }

  @Test
  void stepsAreCheckedByName() {
    launch("{\"steps\": [\"grpo\"]}").statusCode(422).body("detail", containsString("'grpo'"));
    launch("{\"steps\": [\"dpo\"], \"dpo\": {\"beta\": 0}}")
        .statusCode(422)
        .body("detail", equalTo("dpo.beta must be positive, not 0"))
        .body("errors.field", hasItem("dpo.beta"));
    launch("{\"reward\": {\"heldOutFraction\": 5}}")
        .statusCode(422)
        .body("errors.field", hasItem("reward.heldOutFraction"))
        .body("errors.message", hasItem("must be at least 0 and below 1, not 5"));
    launch("{\"steps\": [\"ppo\", \"reward\"]}").statusCode(422);
    launch("{\"steps\": [\"ppo\"]}").statusCode(422).body("detail", containsString("reward model"));
  }

  /** What the trainers would take and do nothing with, or break on once it is their turn. */
  @Test
  void settingsThatWouldDoNothingAreRefusedByName() {
    api().post("/api/policies/starter/promote").then().statusCode(200);
    rankings(12);
    refused("{\"ppo\": {\"steps\": 4, \"criticWarmupSteps\": 4}}", "ppo.criticWarmupSteps");
    refused("{\"ppo\": {\"klCoefficient\": 0}}", "ppo.klCoefficient");
    refused("{\"ppo\": {\"frozenLayers\": 99}}", "ppo.frozenLayers")
        .body("detail", matchesPattern("ppo.frozenLayers must be less than \\d, .*, not 99"));
    refused("{\"ppo\": {\"heldOutPrompts\": 12}}", "ppo.heldOutPrompts")
        .body("detail", containsString("less than 12, the prompts of the project, not 12"));
    refused("{\"ppo\": {\"maxNewTokens\": 2147483647}}", "ppo.maxNewTokens");
    refused("{\"reward\": {\"promptsPerBatch\": 2147483647}}", "reward.promptsPerBatch");
    refused("{\"reward\": {\"annotatorAccuracy\": {\"x\": 0.8}}}", "reward.annotatorAccuracy")
        .body("detail", containsString("names 'x'"));
    refused("{\"reward\": {\"margins\": \"LARGE\"}}", "reward.margins");
    refused("{\"reward\": {\"ngrams\": true}}", "reward.ngrams");
    refused("{\"steps\": [\"dpo\"], \"dpo\": {\"learningRate\": 0}}", "dpo.learningRate");
    refused("{\"steps\": [\"dpo\"], \"dpo\": {\"loraRank\": 100000}}", "dpo.loraRank");
    refused("{\"steps\": [\"dpo\"], \"ppo\": {\"steps\": 3}}", "ppo")
        .body("detail", equalTo("ppo has settings, but is none of the round's steps"));
  }

  @Test
  void whoseVotesTheRowsNameMayBeNamed() {
    api().post("/api/policies/starter/promote").then().statusCode(200);
    rankings(12);
    UUID prompt = votes.prompt(project, "How do I cook rice?");
    UUID annotator = votes.strong(votes.ranking(project, prompt, List.of("Boil it.", "No.")), 3);
    String round =
        launch(
                "{\"steps\": [\"reward\"], \"reward\": {\"margins\": \"SMALL\","
                    + " \"annotatorAccuracy\": {\"%s\": 0.8}}}".formatted(annotator))
            .statusCode(202)
            .extract()
            .path("id");
    api().post("/api/rounds/" + round + "/cancel").then().statusCode(202);
  }

  private ValidatableResponse refused(String round, String field) {
    return launch(round).statusCode(422).body("errors.field", hasItem(field));
  }

  @Test
  void aBackboneThatIsNotHereIsRefused() {
    launch("{\"reward\": {\"backbone\": \"maxilm\"}}")
        .statusCode(422)
        .body("detail", containsString("there is no backbone 'maxilm'"));
  }

  @Test
  void onlyAdministratorsLaunch() {
    TestAccounts.as(Role.REVIEWER)
        .post("/api/projects/" + project + "/rounds")
        .then()
        .statusCode(403);
  }

  private void rankings(int count) {
    for (int i = 0; i < count; i++) {
      UUID prompt = votes.prompt(project, "How do I do thing number " + i + "?");
      votes.ranking(project, prompt, List.of("Take it slowly, step by step.", "Ask.", "No."));
    }
  }

  private ValidatableResponse launch(String body) {
    return api()
        .contentType("application/json")
        .body(body)
        .post("/api/projects/" + project + "/rounds")
        .then();
  }

  private RequestSpecification api() {
    return RestAssured.given().header("Authorization", "Bearer " + token);
  }

  private JsonPath await(String round, Predicate<JsonPath> until) {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      JsonPath json = api().get("/api/rounds/" + round).jsonPath();
      if (until.test(json) || json.getString("status").equals("failed")) {
        return json;
      }
      assertThat(Instant.now()).as(json.prettify()).isBefore(end);
      pause();
    }
  }

  private static void kill(UUID id) {
    Run run = QuarkusTransaction.requiringNew().call(() -> Run.findById(id));
    assertThat(run.processId).isNotNull();
    ProcessHandle.of(run.processId).orElseThrow().destroyForcibly();
  }

  private static void pause() {
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
