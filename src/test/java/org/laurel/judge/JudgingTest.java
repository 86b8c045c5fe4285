package org.laurel.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.ServedPolicies;
import org.laurel.policy.ServedPolicy;
import org.laurel.policy.TestPolicies;

@QuarkusTest
class JudgingTest extends JudgingScene {
  @Inject ServedPolicies policies;

  @Test
  void aBiasedJudgeIsCalibratedOnPeople() {
    server.biased(1.5);
    pairsOfPeople(60);
    workplace.tasks(project, 4, 2, "1 egg", "3 eggs", "6 eggs", "7 eggs");
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
  }

  @Test
  void aJudgeIsHeldAgainstTheOrderThatCounts() {
    server.biased(1.5);
    pairsOfPeople(60);
    double agreement =
        end(begin(Map.of("judge", "endpoint", "prompts", 0)))
            .getDouble("calibration.agreement.rate");
    workplace.run(
        """
        with given as (
          insert into adjudication (task_id, version, project_id, prompt_id)
          select task_id, 1, project_id, prompt_id from ranking where project_id = ?1
          returning id, task_id)
        insert into adjudication_place
        select g.id, p.task_id, p.completion_id, 3 - p.place
          from given g join ranking r on r.task_id = g.task_id
          join ranking_place p on p.ranking_id = r.id
        """,
        project);
    JsonPath judged = end(begin(Map.of("judge", "endpoint", "prompts", 0, "model", "another")));
    assertThat(judged.getString("status")).as(judged.getString("error")).isEqualTo("finished");
    assertThat(judged.getInt("calibration.pairs")).isEqualTo(60);
    assertThat(judged.getInt("outcomes.votes")).isZero();
    assertThat(judged.getDouble("calibration.agreement.rate"))
        .isCloseTo(1 - agreement, within(1e-6));
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

    rubric("{{conversation}} [answer A] {{first}} [answer B] {{second}}")
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
  void aServedPolicyJudgesByTheProbabilitiesOfTheLetters() throws Exception {
    PolicyVersion policy = TestPolicies.create(21);
    rubric("{{conversation}}|{{first}}|{{second}}").statusCode(200);
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
}
