package org.laurel.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.dataset.DatasetSnapshot;
import org.laurel.dataset.Snapshots;
import org.laurel.dataset.VotesOf;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.ServedPolicies;
import org.laurel.policy.ServedPolicy;
import org.laurel.policy.TestPolicies;
import org.laurel.task.Workplace;

@QuarkusTest
class JudgingTest {
  @Inject Workplace workplace;
  @Inject Snapshots snapshots;
  @Inject ServedPolicies policies;
  @TempDir Path folder;

  private final LocalJudge server = new LocalJudge();
  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
  private UUID project;

  @BeforeEach
  void anEndpoint() {
    project = workplace.project("{}");
    System.setProperty("laurel.judge.endpoint", server.address());
    System.setProperty("laurel.judge.key", LocalJudge.KEY);
    System.setProperty("laurel.judge.model", "judge-model");
    System.setProperty("laurel.judge.pause", "PT0.001S");
  }

  @AfterEach
  void stop() {
    server.close();
    List.of("endpoint", "key", "model", "pause")
        .forEach(name -> System.clearProperty("laurel.judge." + name));
  }

  /**
   * People who choose the greater number, but for every fourth pair. The judge likes the first
   * place by 1.5, so pairs that are 1 apart become ties, and those 2 and 3 apart are decided.
   */
  private void pairsOfPeople(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int better = 10 + i + 1 + i % 3;
      int worse = 10 + i;
      boolean err = i % 4 == 0;
      lines.append(
          "{\"prompt\": \"Ask %d\", \"chosen\": \"%d\", \"rejected\": \"%d\"}\n"
              .formatted(i, err ? worse : better, err ? better : worse));
    }
    as().contentType("text/plain")
        .body(lines.toString())
        .post("/api/projects/" + project + "/comparisons")
        .then()
        .statusCode(200)
        .body("imported", equalTo(count));
  }

  @Test
  void aBiasedJudgeIsCalibratedOnPeopleAndItsVotesWaitForApproval() throws Exception {
    server.biased(1.5);
    pairsOfPeople(60);
    workplace.tasks(project, 4, 2, "1 egg", "3 eggs", "6 eggs", "7 eggs");
    String before = statistics();
    plan(Map.of("judge", "endpoint", "calibrationPairs", 50, "pairsPerTask", 5))
        .body("calibrationPairs", equalTo(50))
        .body("votePairs", equalTo(4 * 5));
    int questions = plan(Map.of("judge", "endpoint")).extract().path("questions");

    JsonPath judged = end(begin(Map.of("judge", "endpoint")));

    assertThat(judged.getString("status")).as(judged.getString("error")).isEqualTo("finished");
    assertThat(judged.getInt("calibration.pairs")).isEqualTo(60);
    assertThat(judged.getInt("calibration.decided")).isEqualTo(40);
    assertThat(judged.getInt("calibration.ties")).isEqualTo(20);
    assertThat(judged.getDouble("calibration.agreement.rate")).isCloseTo(2 / 3.0, within(1e-6));
    assertThat(judged.getDouble("calibration.agreementDecided.rate")).isEqualTo(0.75);
    assertThat(judged.getDouble("calibration.firstShown.rate")).isCloseTo(2 / 3.0, within(1e-6));
    assertThat(judged.getDouble("calibration.scale")).isBetween(0.38, 0.46);
    assertThat(judged.getString("calibration.basis")).isEqualTo("logprobs");
    assertThat(judged.getInt("outcomes.votes")).isEqualTo(20);
    assertThat(judged.getInt("outcomes.ties")).isEqualTo(4);
    assertThat(judged.getLong("done")).isEqualTo(60 + 24);
    assertThat(server.questions()).hasSize(2 * 84).hasSize(questions);
    plan(Map.of("judge", "endpoint"))
        .body("calibrationPairs", equalTo(60))
        .body("votePairs", equalTo(0));

    assertThat(freeze(VotesOf.BOTH).selection).containsEntry("people", 60).containsEntry("ai", 0);
    assertThat(export("ai")).isEmpty();
    String id = judged.getString("id");
    as().post("/api/judgings/" + id + "/approve").then().statusCode(200);
    assertThat(
            workplace.one(
                "select cast(detail #>> '{calibration,pairs}' as int) from audit_event"
                    + " where action = 'judging.approved' and subject_id = ?1",
                id))
        .as("what the administrator saw")
        .isEqualTo(60);

    DatasetSnapshot both = freeze(VotesOf.BOTH);
    assertThat(both.rowCount).isEqualTo(80);
    assertThat(both.selection).containsEntry("people", 60).containsEntry("ai", 20);
    assertThat(freeze(VotesOf.PEOPLE).rowCount).isEqualTo(60);
    assertThat(freeze(VotesOf.AI).rowCount).isEqualTo(20);
    assertThat(rows(both)).filteredOn(row -> row.get("probability") != null).hasSize(20);
    for (JsonPath row : rows(freeze(VotesOf.AI))) {
      double probability = row.getDouble("probability");
      List<String> texts = row.getList("completions");
      int difference =
          number(texts.get(row.getInt("groups[0][0]")))
              - number(texts.get(row.getInt("groups[1][0]")));
      assertThat(difference).isPositive();
      assertThat(probability)
          .isCloseTo(
              Calibration.probability(judged.getDouble("calibration.scale"), difference),
              within(1e-6));
      assertThat(row.getString("annotator")).isEqualTo("judge-" + id);
    }

    List<String> exported = export("both");
    assertThat(exported).hasSize(80);
    assertThat(export("people"))
        .hasSize(60)
        .allMatch(line -> line.contains("\"authorKind\":\"import\""));
    assertThat(exported.stream().filter(line -> line.contains("\"authorKind\":\"ai\"")))
        .hasSize(20)
        .allMatch(
            line ->
                line.contains("\"model\":\"judge-model\"") && line.contains("\"rubricVersion\":1"))
        .allMatch(line -> line.contains("\"forward\":{") && line.contains("\"backward\":{"));
    assertThat(statistics()).as("of people").isEqualTo(before);

    as().post("/api/judgings/" + id + "/withdraw").then().statusCode(200);
    assertThat(freeze(VotesOf.BOTH).rowCount).isEqualTo(60);
    assertThat(rows(both)).as("frozen before").hasSize(80);
  }

  @Test
  void aRoundLearnsFromJudgesOnlyWhereItAsksTo() {
    // Other tests promote versions whose files are no models.
    as().post("/api/policies/starter/promote").then().statusCode(200);
    pairsOfPeople(40);
    workplace.tasks(project, 4, 1, "1 egg", "3 eggs", "6 eggs");
    launch("{\"steps\": [\"reward\"], \"votes\": \"robots\"}")
        .statusCode(422)
        .body("errors[0].field", equalTo("votes"));
    launch("{\"steps\": [\"reward\"], \"votes\": \"ai\"}")
        .statusCode(422)
        .body("detail", containsString("too few votes of judges to learn from: there are 0"));
    String judging = end(begin(Map.of("judge", "endpoint"))).getString("id");
    as().post("/api/judgings/" + judging + "/approve").then().statusCode(200);

    String round =
        launch(
                "{\"steps\": [\"reward\"], \"votes\": \"both\","
                    + " \"reward\": {\"epochs\": 1, \"heldOutFraction\": 0.3}}")
            .statusCode(202)
            .body("votes", equalTo("both"))
            .extract()
            .path("id");

    JsonPath ended =
        await(
            "/api/rounds/" + round,
            Duration.ofMinutes(6),
            json -> !json.getString("status").matches("queued|running"));
    assertThat(ended.getString("status")).as(ended.getString("error")).isEqualTo("finished");
    assertThat(ended.getLong("steps[0].votes.people")).isEqualTo(40);
    assertThat(ended.getLong("steps[0].votes.ai")).isEqualTo(12);
    assertThat(ended.getDouble("steps[0].metrics.ai_votes")).isEqualTo(12);
    as().get("/api/reward-models/" + ended.getString("rewardModel"))
        .then()
        .body("rankings", equalTo(52))
        .body("aiVotes", equalTo(12));
  }

  private ValidatableResponse launch(String round) {
    return as().contentType(ContentType.JSON)
        .body(round)
        .post("/api/projects/" + project + "/rounds")
        .then();
  }

  @Test
  void aVoteOfAJudgeIsNotTakenForAPersonsOnImport() {
    as().contentType("text/plain")
        .body(
            "{\"prompt\": \"Hi\", \"completions\": [\"a\", \"b\"], \"groups\": [[0], [1]],"
                + " \"authorKind\": \"ai\"}")
        .post("/api/projects/" + project + "/comparisons?format=rankings")
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("authorKind"));
  }

  @Test
  void aJudgeThatOnlyAnswersIsCalibratedByItsAnswers() {
    server.withoutLogprobs(true);
    pairsOfPeople(40);

    JsonPath judged = end(begin(Map.of("judge", "endpoint", "prompts", 0)));

    assertThat(judged.getString("calibration.basis")).isEqualTo("answers");
    assertThat(judged.getDouble("calibration.agreement.rate")).isEqualTo(0.75);
    assertThat(judged.getDouble("calibration.scale")).isCloseTo(Math.log(3), within(0.05));
    assertThat(judged.getInt("outcomes.votes")).isZero();
  }

  @Test
  void anUncalibratedJudgeIsNotApproved() {
    workplace.tasks(project, 2, 1, "1 egg", "3 eggs");
    JsonPath judged = end(begin(Map.of("judge", "endpoint")));

    assertThat(judged.getInt("outcomes.votes")).isEqualTo(2);
    as().post("/api/judgings/" + judged.getString("id") + "/approve")
        .then()
        .statusCode(422)
        .body("detail", containsString("decided 0 pairs"));
    UUID id = UUID.fromString(judged.getString("id"));
    assertThatThrownBy(
            () -> workplace.run("update judging set approved_at = now() where id = ?1", id))
        .hasStackTraceContaining("judging_approved");
    assertThatThrownBy(
            () ->
                workplace.run("update judge_verdict set outcome = 'tie' where judging_id = ?1", id))
        .hasStackTraceContaining("rows never change");
  }

  @Test
  void theSameJudgeVotesOnAPairOnceAndAnotherRubricIsAnotherJudge() {
    workplace.tasks(project, 3, 1, "1 egg", "3 eggs");
    plan(Map.of("judge", "endpoint", "prompts", 2)).body("votePairs", equalTo(2));
    assertThat(end(begin(Map.of("judge", "endpoint", "prompts", 2))).getInt("outcomes.votes"))
        .isEqualTo(2);
    plan(Map.of("judge", "endpoint", "prompts", 2)).body("votePairs", equalTo(1));
    plan(Map.of("judge", "endpoint", "prompts", 2, "model", "another"))
        .body("votePairs", equalTo(2));
    assertThat(end(begin(Map.of("judge", "endpoint", "prompts", 2))).getInt("outcomes.votes"))
        .isEqualTo(1);
    assertThat(end(begin(Map.of("judge", "endpoint"))).getInt("outcomes.votes")).isZero();

    as().contentType(ContentType.JSON)
        .body(Map.of("text", "{{conversation}} [answer A] {{first}} [answer B] {{second}}"))
        .put("/api/projects/" + project + "/rubric")
        .then()
        .statusCode(200)
        .body("version", equalTo(2));
    JsonPath again = end(begin(Map.of("judge", "endpoint")));
    assertThat(again.getInt("rubricVersion")).isEqualTo(2);
    assertThat(again.getInt("outcomes.votes")).isEqualTo(3);
  }

  @Test
  void aPairThatPeopleHaveRankedIsNotVotedOnAsWell() {
    // a third is to rank it yet, so it is open
    String task = workplace.tasks(project, 1, 3, "1 egg", "3 eggs").get(0).toString();
    for (int i = 0; i < 2; i++) {
      Account person = TestAccounts.create(Role.ADMINISTRATOR);
      List<String> shown =
          TestAccounts.as(person)
              .contentType(ContentType.JSON)
              .body("{}")
              .post("/api/projects/" + project + "/tasks/lease")
              .then()
              .statusCode(200)
              .body("id", equalTo(task))
              .extract()
              .path("completions.id");
      TestAccounts.as(person)
          .contentType(ContentType.JSON)
          .body(Map.of("groups", List.of(shown.subList(0, 1), shown.subList(1, 2))))
          .put("/api/tasks/" + task + "/ranking")
          .then()
          .statusCode(200);
    }
    plan(Map.of("judge", "endpoint"))
        .body("calibrationPairs", equalTo(1))
        .body("votePairs", equalTo(0))
        .body("questions", equalTo(2));

    JsonPath judged = end(begin(Map.of("judge", "endpoint")));

    assertThat(judged.getInt("calibration.pairs")).as("ranked by two").isEqualTo(1);
    assertThat(judged.getInt("outcomes.votes")).isZero();
    assertThat(server.questions()).hasSize(2);
  }

  @Test
  void aServedPolicyJudgesByTheProbabilitiesOfTheLetters() throws Exception {
    PolicyVersion policy = TestPolicies.create(21);
    as().contentType(ContentType.JSON)
        .body(Map.of("text", "{{conversation}}|{{first}}|{{second}}"))
        .put("/api/projects/" + project + "/rubric")
        .then()
        .statusCode(200);
    workplace.tasks(project, 2, 1, "1", "3");

    JsonPath judged = end(begin(Map.of("judge", "policy", "policy", policy.name)));

    assertThat(judged.getString("status")).as(judged.getString("error")).isEqualTo("finished");
    assertThat(judged.getString("policy")).isEqualTo(policy.id.toString());
    JsonPath verdicts =
        as().get("/api/judgings/" + judged.getString("id") + "/verdicts").jsonPath();
    assertThat(verdicts.getList("items")).hasSize(2);
    double forward =
        verdicts.getDouble("items[0].forward.logprobs.a")
            - verdicts.getDouble("items[0].forward.logprobs.b");
    double backward =
        verdicts.getDouble("items[0].backward.logprobs.a")
            - verdicts.getDouble("items[0].backward.logprobs.b");
    assertThat(verdicts.getDouble("items[0].margin"))
        .isCloseTo((forward - backward) / 2, within(1e-6));

    try (ServedPolicy served = policies.open(policy);
        PolicyJudge judge = new PolicyJudge(policies.open(policy))) {
      int[] letters = served.encoder().tokenizer().encode("AB");
      assertThat(letters).hasSize(2);
      float[] expected =
          served.session().nextLogprobs(List.of(served.prompt("Which?")), letters).get(0);
      Answer.Logprobs said = Objects.requireNonNull(judge.ask("Which?").logprobs());
      assertThat(said.a()).isCloseTo(expected[0], within(1e-5));
      assertThat(said.b()).isCloseTo(expected[1], within(1e-5));
      assertThat(judge.ask("word ".repeat(200)).reply()).contains("the policy reads 127");
    }
  }

  @Test
  void aJudgingGoesOnWhereAServerThatDiedHadStopped() {
    pairsOfPeople(20);
    workplace.tasks(project, 10, 1, "1 egg", "3 eggs");
    String id = end(begin(Map.of("judge", "endpoint"))).getString("id");
    // as it stands in the database after a kill: four votes of ten, still running
    workplace.run(
        "delete from judge_verdict where judging_id = cast(?1 as uuid) and task_id in"
            + " (select task_id from judge_verdict where judging_id = cast(?1 as uuid)"
            + " and ranking_id is null order by id limit 6)",
        id);
    workplace.run(
        "update judging set status = 'running', phase = 'judging', done = 24, finished_at = null"
            + " where id = cast(?1 as uuid)",
        id);

    JsonPath judged = await(id, json -> json.get("finishedAt") != null);

    assertThat(judged.getString("status")).isEqualTo("finished");
    assertThat(judged.getInt("outcomes.votes")).isEqualTo(10);
    assertThat(judged.getLong("done")).isEqualTo(30).isEqualTo(judged.getLong("total"));
    assertThat(server.questions()).as("asked again only of six").hasSize(2 * 36);
  }

  @Test
  void aJudgeAgainstPeopleIsNotApproved() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      lines.append(
          "{\"prompt\": \"Ask %d\", \"chosen\": \"%d\", \"rejected\": \"%d\"}\n"
              .formatted(i, 1 + i, 4 + i));
    }
    as().contentType("text/plain")
        .body(lines.toString())
        .post("/api/projects/" + project + "/comparisons")
        .then()
        .statusCode(200);
    JsonPath judged = end(begin(Map.of("judge", "endpoint")));

    assertThat(judged.getDouble("calibration.agreement.rate")).isZero();
    as().post("/api/judgings/" + judged.getString("id") + "/approve")
        .then()
        .statusCode(422)
        .body("detail", containsString("run against people's"));
  }

  @Test
  void onlyOpenTasksOfPromptsInUseAreVotedOnAndVerdictsComeInPages() {
    workplace.tasks(project, 3, 1, "1 egg", "3 eggs");
    workplace.run(
        "update prompt set retired_at = now() where id ="
            + " (select prompt_id from task where project_id = ?1 order by id limit 1)",
        project);
    String path =
        "/api/judgings/"
            + end(begin(Map.of("judge", "endpoint"))).getString("id")
            + "/verdicts?limit=1";

    JsonPath first = as().get(path).jsonPath();
    JsonPath second = as().get(path + "&after=" + first.getString("next")).jsonPath();

    assertThat(first.getList("items")).hasSize(1);
    assertThat(second.getList("items"))
        .hasSize(1)
        .doesNotContainAnyElementsOf(first.getList("items"));
    assertThat(second.getString("next")).isNull();
  }

  @Test
  void aBrokenEndpointEndsTheJudgingAndTheKeyIsNowhere() {
    workplace.tasks(project, 2, 1, "1 egg", "3 eggs");
    server.refuse(99, 500, "broken " + LocalJudge.KEY);

    JsonPath judged = end(begin(Map.of("judge", "endpoint")));

    assertThat(judged.getString("status")).isEqualTo("failed");
    assertThat(judged.getString("error")).contains("answered 500", "5 times");
    assertThat(
            workplace.one(
                "select count(*) from judging j, audit_event e where j::text || e::text like ?1",
                "%" + LocalJudge.KEY + "%"))
        .isEqualTo(0L);
  }

  @Test
  void aJudgeThatTalksNonsenseIsGivenUp() {
    server.talkNonsense("I <b>cannot</b> choose");
    workplace.tasks(project, 30, 1, "1 egg", "3 eggs");

    JsonPath judged = end(begin(Map.of("judge", "endpoint")));

    assertThat(judged.getString("status")).isEqualTo("failed");
    assertThat(judged.getString("error")).contains("no readable answer", "cannot");
    as().get("/projects/" + project + "/judge")
        .then()
        .statusCode(200)
        .body(containsString("I &lt;b&gt;cannot"));
  }

  @Test
  void aJudgingIsStoppedAndWhatItSaidStays() {
    server.pause(40);
    pairsOfPeople(20);
    workplace.tasks(project, 200, 1, "1 egg", "3 eggs");
    String id =
        begin(Map.of("judge", "endpoint"))
            .statusCode(202)
            .body("questionsLeft", equalTo(440))
            .extract()
            .path("id");
    JsonPath begun = await(id, json -> json.getInt("done") > 0);
    assertThat(begun.getString("phase")).isEqualTo("calibrating");
    assertThat(begun.getInt("questionsLeft")).isEqualTo(440 - 2 * begun.getInt("done"));
    begun = await(id, json -> json.getInt("done") > 20);
    assertThat(begun.getString("phase")).isEqualTo("judging");
    assertThat(begun.getInt("questionsLeft")).isEqualTo(440 - 2 * begun.getInt("done"));

    as().post("/api/judgings/" + id + "/cancel").then().statusCode(202);

    JsonPath ended = await(id, json -> json.get("finishedAt") != null);
    assertThat(ended.getString("status")).isEqualTo("cancelled");
    assertThat(ended.getInt("questionsLeft")).isZero();
    assertThat(ended.getInt("outcomes.votes")).isBetween(1, 199);
  }

  @Test
  void refusesWhatMakesNoSense() {
    System.clearProperty("laurel.judge.endpoint");
    begin(Map.of("judge", "endpoint"))
        .statusCode(422)
        .body("detail", containsString("LAUREL_JUDGE_ENDPOINT"));
    begin(Map.of("judge", "oracle")).statusCode(422);
    begin(Map.of("policy", "no such policy")).statusCode(422);
    System.setProperty("laurel.judge.endpoint", "http://judge.example/v1");
    begin(Map.of("judge", "endpoint"))
        .statusCode(422)
        .body("detail", containsString("in the clear"));
    as().contentType(ContentType.JSON)
        .body(Map.of("text", "{{first}} or {{second}}?"))
        .put("/api/projects/" + project + "/rubric")
        .then()
        .statusCode(422)
        .body("detail", containsString("{{conversation}}"));
    for (String path : List.of("/judgings", "/rubric")) {
      TestAccounts.as(Role.REVIEWER).get("/api/projects/" + project + path).then().statusCode(403);
    }
  }

  private static int number(String text) {
    return Integer.parseInt(text.replaceAll("\\D", ""));
  }

  private DatasetSnapshot freeze(VotesOf votes) {
    return snapshots.freezeRankings(project, null, votes);
  }

  private List<JsonPath> rows(DatasetSnapshot snapshot) throws Exception {
    return Files.readAllLines(snapshots.write(snapshot, folder)).stream()
        .map(JsonPath::from)
        .toList();
  }

  private List<String> export(String votes) {
    return as().get("/api/projects/" + project + "/export?format=rankings&votes=" + votes)
        .then()
        .statusCode(200)
        .extract()
        .asString()
        .lines()
        .toList();
  }

  private String statistics() {
    return as().get("/api/projects/" + project + "/statistics").asString();
  }

  private ValidatableResponse plan(Map<String, Object> request) {
    return as().contentType(ContentType.JSON)
        .body(request)
        .post("/api/projects/" + project + "/judgings/plan")
        .then()
        .statusCode(200);
  }

  private ValidatableResponse begin(Map<String, Object> request) {
    return as().contentType(ContentType.JSON)
        .body(request)
        .post("/api/projects/" + project + "/judgings")
        .then();
  }

  private JsonPath end(ValidatableResponse begun) {
    String id = begun.statusCode(202).extract().path("id");
    return await(id, json -> json.get("finishedAt") != null);
  }

  private interface Until {
    boolean holds(JsonPath judging);
  }

  private JsonPath await(String id, Until until) {
    return await("/api/judgings/" + id, Duration.ofMinutes(1), until);
  }

  private JsonPath await(String path, Duration patience, Until until) {
    Instant deadline = Instant.now().plus(patience);
    while (true) {
      JsonPath json = as().get(path).jsonPath();
      if (until.holds(json)) {
        return json;
      }
      assertThat(Instant.now()).as(json.prettify()).isBefore(deadline);
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private RequestSpecification as() {
    return TestAccounts.as(administrator);
  }
}
