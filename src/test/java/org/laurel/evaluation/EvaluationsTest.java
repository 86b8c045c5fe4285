package org.laurel.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;
import org.laurel.task.Workplace;

@QuarkusTest
class EvaluationsTest {
  @Inject Workplace workplace;

  private UUID project;
  private PolicyVersion policy;
  private PolicyVersion baseline;

  @BeforeEach
  void twoPolicies() {
    project = workplace.project("{}");
    policy = TestPolicies.create(21);
    baseline = TestPolicies.create(22);
  }

  @Test
  void peopleJudgeBlindAndEachPairCountsOnce() {
    workplace.prompts(project, 8, "Compare ");
    String id = begin(Map.of("prompts", 6, "overlap", 2, "maxNewTokens", 8));
    JsonPath answered = answered(id);
    assertThat(answered.getLong("pairs")).isEqualTo(6);
    assertThat(answered.getLong("left")).isEqualTo(12);
    assertThat((Object) answered.get("winRate")).isNull();
    assertThat(answered.getString("verdict")).isEqualTo("open");

    Account ann = TestAccounts.create(Role.ANNOTATOR);
    Account bob = TestAccounts.create(Role.ANNOTATOR);
    for (int i = 0; i < 6; i++) {
      judge(ann, true);
    }
    for (int i = 0; i < 5; i++) {
      // on their first two prompts the second person is of the other opinion
      judge(bob, i >= 2);
    }
    lease(ann).then().statusCode(204);
    as().get("/api/evaluations/" + id)
        .then()
        .body("judged", equalTo(6))
        .body("left", equalTo(1))
        .body("votes.wins", equalTo(9))
        .body("votes.losses", equalTo(2))
        .body("policy.name", equalTo(policy.name))
        .body("against.name", equalTo(baseline.name));
    JsonPath judged = as().get("/api/evaluations/" + id).jsonPath();
    // by votes it would be 9 of 11
    assertThat(judged.getDouble("winRate")).isCloseTo(5 / 6.0, within(1e-6));
    // eleven votes, but six witnesses at most
    assertThat(judged.getDouble("low")).isBetween(0.3, 0.6);
    as().get("/api/projects/" + project + "/evaluations")
        .then()
        .body("items[0].id", equalTo(id))
        .body("next", nullValue());
    as().get("/api/projects/" + project + "/evaluations/standings")
        .then()
        .body("policy.name", equalTo(List.of(policy.name, baseline.name)))
        .body("pairs", equalTo(List.of(6, 6)));
  }

  @Test
  void aPairThatIsACheckToSomebodyWaitsForNoMore() {
    workplace.prompts(project, 1, "Check ");
    String id = begin(Map.of("prompts", 1, "overlap", 2, "maxNewTokens", 8));
    answered(id);
    UUID pair = (UUID) workplace.one("select id from task where project_id = ?1", project);
    workplace.check(pair);
    workplace.beginCheck(pair, workplace.annotator());
    as().get("/api/evaluations/" + id).then().body("left", equalTo(2));
  }

  @Test
  void whatIsComparedComesFirstAndStaysOutOfWhatLearningSees() {
    workplace.prompts(project, 3, "Both ");
    String id = begin(Map.of("prompts", 2, "maxNewTokens", 8));
    answered(id);
    String learning =
        as().body(Map.of("policy", policy.name, "perPrompt", 2, "maxNewTokens", 8))
            .post("/api/projects/" + project + "/samplings")
            .then()
            .statusCode(202)
            .extract()
            .path("id");
    await("/api/samplings/" + learning);
    as().get("/api/samplings/" + learning).then().body("total", equalTo(3));
    as().get("/api/projects/" + project + "/samplings")
        .then()
        .body("items.id", equalTo(List.of(learning)));

    Account ann = TestAccounts.create(Role.ANNOTATOR);
    Set<String> policies = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      policies.addAll(policiesOf(judge(ann, true)));
    }
    assertThat(policies).containsExactlyInAnyOrder(policy.name, baseline.name);
    assertThat(policiesOf(judge(ann, true))).containsExactly(policy.name);
  }

  @Test
  void asksNobodyAboutAnswersThatAreAlike() {
    workplace.prompts(project, 4, "Alike ");
    PolicyVersion twin = TestPolicies.create(22);
    String id =
        begin(Map.of("policy", twin.name, "temperature", 0, "maxNewTokens", 8, "prompts", 9));
    JsonPath answered = answered(id);
    assertThat(answered.getLong("total")).isEqualTo(4);
    assertThat(answered.getLong("alike")).isEqualTo(4);
    assertThat(answered.getLong("pairs")).isZero();
    lease(TestAccounts.create(Role.ANNOTATOR)).then().statusCode(204);
  }

  @Test
  void drawsItsPromptsAtRandomAndGoesOnAfterAServerThatDied() {
    workplace.prompts(project, 30, "Random ");
    String first = begin(Map.of("prompts", 5, "maxNewTokens", 4));
    String second = begin(Map.of("prompts", 5, "maxNewTokens", 4));
    answered(first);
    answered(second);
    assertThat(prompts(first)).hasSize(5).isNotEqualTo(prompts(second));

    // as it stands in the database after a kill: three prompts done
    String gone =
        " where sampling_id = cast(?1 as uuid) and prompt_id in (select distinct prompt_id"
            + " from completion where sampling_id = cast(?1 as uuid) order by prompt_id limit 2)";
    workplace.run("delete from task" + gone, first);
    workplace.run("delete from completion" + gone, first);
    workplace.run(
        "update sampling set status = 'running', done = 3, finished_at = null"
            + " where id = cast(?1 as uuid)",
        first);
    JsonPath resumed = answered(first);
    assertThat(resumed.getLong("done")).isEqualTo(5);
    assertThat(prompts(first)).hasSize(5);
  }

  @Test
  void onceCancelledNobodyIsAskedAndWhatWasJudgedStays() {
    workplace.prompts(project, 3, "Enough ");
    String id = begin(Map.of("maxNewTokens", 8));
    answered(id);
    Account ann = TestAccounts.create(Role.ANNOTATOR);
    judge(ann, false);
    as().post("/api/evaluations/" + id + "/cancel")
        .then()
        .statusCode(202)
        .body("left", equalTo(0))
        .body("judged", equalTo(1))
        .body("status", equalTo("finished"));
    lease(ann).then().statusCode(204);
  }

  @Test
  void refusesWhatCannotBeCompared() {
    refuse(Map.of("policy", policy.name, "against", policy.id.toString()), "against itself");
    refuse(Map.of("policy", "nobody"), "There is no policy nobody");
    refuse(Map.of("policy", policy.name, "against", "nobody"), "There is no policy nobody");
    refuse(Map.of("against", policy.name), "");
    refuse(Map.of("policy", policy.name, "against", baseline.name, "topP", 2), "topP");
    TestAccounts.as(Role.ANNOTATOR)
        .contentType(ContentType.JSON)
        .body(Map.of("policy", policy.name))
        .post("/api/projects/" + project + "/evaluations")
        .then()
        .statusCode(403);
    as().get("/api/evaluations/" + UUID.randomUUID()).then().statusCode(404);
  }

  private void refuse(Map<String, Object> request, String why) {
    as().body(request)
        .post("/api/projects/" + project + "/evaluations")
        .then()
        .statusCode(422)
        .body("detail", containsString(why));
  }

  private String begin(Map<String, Object> request) {
    Map<String, Object> all = new HashMap<>(request);
    all.putIfAbsent("policy", policy.name);
    all.putIfAbsent("against", baseline.name);
    return as().body(all)
        .post("/api/projects/" + project + "/evaluations")
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }

  /** The evaluation once both policies have answered. */
  private static JsonPath answered(String id) {
    JsonPath end = await("/api/evaluations/" + id);
    assertThat(end.getString("status")).as(end.getString("error")).isEqualTo("finished");
    return end;
  }

  private static JsonPath await(String path) {
    Instant deadline = Instant.now().plus(Duration.ofMinutes(2));
    while (true) {
      JsonPath json = as().get(path).jsonPath();
      if (json.get("finishedAt") != null || Instant.now().isAfter(deadline)) {
        return json;
      }
      sleep();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Response lease(Account account) {
    return TestAccounts.as(account)
        .contentType(ContentType.JSON)
        .body("{}")
        .post("/api/projects/" + project + "/tasks/lease");
  }

  /** Puts the policy's answer first, or the other's; what the annotator saw. */
  private JsonPath judge(Account account, boolean policyWins) {
    Response leased = lease(account);
    leased.then().statusCode(200);
    assertThat(leased.asString()).doesNotContain(policy.name, baseline.name);
    JsonPath task = leased.jsonPath();
    List<String> ids = task.getList("completions.id");
    boolean policyIsFirst = policyOf(ids.get(0)).equals(policy.name);
    int best = policyIsFirst == policyWins ? 0 : 1;
    TestAccounts.as(account)
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "groups",
                List.of(List.of(ids.get(best)), List.of(ids.get(1 - best))),
                "elapsedMs",
                900))
        .put("/api/tasks/" + task.getString("id") + "/ranking")
        .then()
        .statusCode(200);
    return task;
  }

  private Set<String> policiesOf(JsonPath task) {
    Set<String> names = new HashSet<>();
    task.<String>getList("completions.id").forEach(id -> names.add(policyOf(id)));
    return names;
  }

  private String policyOf(String completion) {
    return (String)
        workplace.one(
            "select v.name from completion c join policy_version v on v.id = c.policy_id"
                + " where c.id = cast(?1 as uuid)",
            completion);
  }

  private Set<String> prompts(String evaluation) {
    return Set.of(
        ((String)
                workplace.one(
                    "select string_agg(distinct cast(prompt_id as text), ',') from completion"
                        + " where sampling_id = cast(?1 as uuid)",
                    evaluation))
            .split(","));
  }

  private static RequestSpecification as() {
    return TestAccounts.as(Role.ADMINISTRATOR).contentType(ContentType.JSON);
  }
}
