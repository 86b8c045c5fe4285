package org.laurel.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.artifact.Artifacts;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.rewardmodel.RewardScorers;
import org.laurel.task.Workplace;
import org.laurel.tokenizer.Message;

@QuarkusTest
class SamplingTest {

  private static final int CONTEXT = 96;

  @Inject Artifacts artifacts;
  @Inject Workplace workplace;
  @Inject RewardScorers scorers;

  PolicyVersion policy;
  UUID project;

  @BeforeEach
  void policyAndProject() {
    policy = TinyPolicy.register(artifacts, CONTEXT, 5);
    project = workplace.project("{}");
    workplace.run("update project set overlap = 2 where id = ?1", project);
  }

  @Test
  void fillsCompletionsWithTheirProvenanceAndOpensTasks() throws Exception {
    workplace.prompts(project, 20, "Say something about number ");
    String id = begin(Map.of("perPrompt", 3, "maxNewTokens", 12, "temperature", 1, "seed", 7));
    awaitEnd(id, "finished");
    as().get("/api/samplings/" + id)
        .then()
        .body("done", equalTo(20))
        .body("total", equalTo(20))
        .body("passedOver", equalTo(0));
    assertThat(
            count(
                """
                select count(*) from completion c join prompt p on p.id = c.prompt_id
                 where p.project_id = ?1 and c.policy_id = ?2 and c.seed is not null
                   and c.logprob < 0 and c.completion_tokens between 1 and 12
                   and c.prompt_tokens > 10 and c.parameters ->> 'temperature' = '1.0'
                   and c.sampling_id = cast(?3 as uuid)
                """,
                project,
                policy.id,
                id))
        .isEqualTo(60);
    assertThat(
            count(
                "select count(distinct (c.prompt_id, btrim(c.text))) from completion c"
                    + " where c.sampling_id = cast(?1 as uuid)",
                id))
        .isEqualTo(60);
    assertThat(
            count(
                "select count(*) from task_seat s join task t on t.id = s.task_id"
                    + " where t.project_id = ?1",
                project))
        .isEqualTo(40);
    assertThat(
            count(
                "select count(*) from task_completion x join task t on t.id = x.task_id"
                    + " where t.project_id = ?1",
                project))
        .isEqualTo(60);
  }

  @Test
  void samplesAgainOnlyWhatLacksCompletionsByThePolicy() throws Exception {
    workplace.prompts(project, 3, "First ");
    Map<String, Object> request = Map.of("perPrompt", 2, "maxNewTokens", 8);
    awaitEnd(begin(request), "finished");
    workplace.prompts(project, 2, "Second ");
    String again = begin(request);
    awaitEnd(again, "finished");
    as().get("/api/samplings/" + again).then().body("total", equalTo(2));
    as().get("/api/projects/" + project + "/samplings").then().body("items", hasSize(2));
    String other =
        begin(
            Map.of(
                "perPrompt",
                2,
                "maxNewTokens",
                8,
                "prompts",
                4,
                "policy",
                TinyPolicy.register(artifacts, CONTEXT, 6).name));
    awaitEnd(other, "finished");
    as().get("/api/samplings/" + other).then().body("total", equalTo(4));
  }

  @Test
  void givesTheSameCompletionsForTheSameSeedWhateverIsSampledBeside() throws Exception {
    UUID twin = workplace.project("{}");
    UUID prompt = workplace.prompts(project, 1, "Alike ").get(0);
    workplace.prompts(project, 5, "Beside ");
    Map<String, Object> request = Map.of("perPrompt", 3, "maxNewTokens", 10, "seed", 3);
    awaitEnd(begin(request), "finished");
    Object first = texts(prompt);
    workplace.run("update completion set sampling_id = null where prompt_id = ?1", prompt);
    workplace.run("update prompt set project_id = ?1 where id = ?2", twin, prompt);
    project = twin;
    awaitEnd(begin(request), "finished");
    assertThat(
            workplace.one(
                "select string_agg(text, '|' order by text) from completion"
                    + " where prompt_id = ?1 and sampling_id is not null",
                prompt))
        .isEqualTo(first);
  }

  @Test
  void keepsTheBestOfSeveralByTheRewardModel() throws Exception {
    RewardModelVersion judge = TestPolicies.createRewardModel(9);
    refuse(Map.of("bestOf", Map.of("n", 4)), "this project has none");
    refuse(Map.of("bestOf", Map.of("n", 1)), "");
    refuse(Map.of("bestOf", Map.of("n", 4, "rewardModel", "nobody")), "nobody");
    workplace.prompts(project, 6, "Choose ");
    Map<String, Object> one = Map.of("perPrompt", 2, "maxNewTokens", 6, "seed", 3);
    awaitEnd(begin(one), "finished");
    workplace.run("update completion set sampling_id = null where policy_id = ?1", policy.id);
    workplace.run("update task set sampling_id = null where project_id = ?1", project);
    Map<String, Object> best = new HashMap<>(one);
    best.put("bestOf", Map.of("n", 8, "rewardModel", judge.name));
    String id = begin(best);
    awaitEnd(id, "finished");

    assertThat(
            count(
                """
                select count(*) from completion where sampling_id = cast(?1 as uuid)
                   and parameters #>> '{bestOf,rewardModel}' = ?2
                   and parameters #>> '{bestOf,n}' = '8'
                """,
                id,
                judge.id.toString()))
        .isEqualTo(12);
    assertThat(meanScore(judge, "c.sampling_id = cast(?1 as uuid)", id))
        .isGreaterThan(
            meanScore(
                    judge,
                    "c.sampling_id is null and c.policy_id = cast(?1 as uuid)",
                    policy.id.toString())
                + 0.3);
    // what is written down is what the model says of the text
    Object[] row =
        (Object[])
            workplace.one(
                "select p.text, c.text, cast(c.parameters #>> '{bestOf,score}' as double precision)"
                    + " from completion c join prompt p on p.id = c.prompt_id"
                    + " where c.sampling_id = cast(?1 as uuid) order by c.id limit 1",
                id);
    assertThat((Double) row[2])
        .isCloseTo(score(judge, (String) row[0], (String) row[1]), within(1e-3));
  }

  @Test
  void anAnswerThatWasCutOffIsKeptWhereAllWere() {
    RewardModelVersion judge = TestPolicies.createRewardModel(9);
    UUID prompt = workplace.prompts(project, 1, "hi").get(0);
    List<Message> asked = List.of(new Message("user", "hi"));
    Completion one = Completion.imported(prompt, "an answer");
    Completion other = Completion.imported(prompt, "quite another one");
    boolean first = score(judge, "hi", one.text) > score(judge, "hi", other.text);
    Completion better = first ? one : other;
    Completion worse = first ? other : one;
    Completion blank = Completion.imported(prompt, " ");
    BestOf best = new BestOf(3, judge, scorers);
    better.finishReason = "length";
    worse.finishReason = "stop";

    assertThat(best.choose(asked, List.of(one, blank, other))).containsExactly(worse);
    worse.finishReason = "length";
    assertThat(best.choose(asked, List.of(one, blank, other))).containsExactly(better);
    assertThat(best.choose(asked, List.of(blank, blank, blank, one))).containsExactly(one);
  }

  private double meanScore(RewardModelVersion judge, String which, String id) {
    String rows =
        (String)
            workplace.one(
                "select cast(json_agg(json_build_array(p.text, c.text)) as text) from completion c"
                    + " join prompt p on p.id = c.prompt_id where "
                    + which,
                id);
    List<List<String>> texts = JsonPath.from(rows).getList("$");
    return texts.stream()
        .mapToDouble(t -> score(judge, t.get(0), t.get(1)))
        .average()
        .orElseThrow();
  }

  private double score(RewardModelVersion judge, String prompt, String completion) {
    return scorers
        .score(
            judge,
            List.of(new RewardScorers.Item(List.of(new Message("user", prompt)), completion)))[0];
  }

  @Test
  void passesOverPromptsThatDoNotFitAndGoesOn() throws Exception {
    workplace.prompts(project, 1, "word ".repeat(300));
    workplace.prompts(project, 2, "Short ");
    String id = begin(Map.of("perPrompt", 2, "maxNewTokens", 8));
    awaitEnd(id, "finished");
    as().get("/api/samplings/" + id).then().body("done", equalTo(3)).body("passedOver", equalTo(1));
    assertThat(count("select count(*) from task where project_id = ?1", project)).isEqualTo(2);
  }

  @Test
  void goesOnWhereAServerThatDiedHadStopped() throws Exception {
    List<UUID> prompts = workplace.prompts(project, 4, "Resumed ");
    String id = begin(Map.of("perPrompt", 2, "maxNewTokens", 8));
    awaitEnd(id, "finished");
    // as it stands in the database after a kill: two prompts done, the sampling still running
    for (UUID prompt : prompts.subList(0, 2)) {
      workplace.run("delete from task where prompt_id = ?1", prompt);
      workplace.run("delete from completion where prompt_id = ?1", prompt);
    }
    workplace.run(
        "update sampling set status = 'running', done = 2, finished_at = null"
            + " where id = cast(?1 as uuid)",
        id);
    awaitEnd(id, "finished");
    as().get("/api/samplings/" + id).then().body("done", equalTo(4)).body("total", equalTo(4));
    assertThat(count("select count(*) from task where project_id = ?1", project)).isEqualTo(4);
  }

  @Test
  void stopsWhenAskedTo() throws Exception {
    workplace.prompts(project, 400, "Many ");
    String id = begin(Map.of("perPrompt", 4, "maxNewTokens", 60));
    as().post("/api/samplings/" + id + "/cancel").then().statusCode(202);
    awaitEnd(id, "cancelled");
    long tasks = count("select count(*) from task where project_id = ?1", project);
    assertThat(tasks).isLessThan(400);
    // the request to stop writes over nothing that was counted meanwhile
    assertThat(count("select done - passed_over from sampling where id = cast(?1 as uuid)", id))
        .isEqualTo(tasks);
  }

  @Test
  void saysWhyItFailed() throws Exception {
    workplace.prompts(project, 1, "Lost ");
    workplace.run(
        "update policy_version set artifact_hash = ?1 where id = ?2", "0".repeat(64), policy.id);
    List<LogRecord> told = new CopyOnWriteArrayList<>();
    Handler listener = listener(told);
    Logger log = Logger.getLogger(SamplingJob.class.getName());
    log.addHandler(listener);
    try {
      String id = begin(Map.of("perPrompt", 2));
      awaitEnd(id, "failed");
      as().get("/api/samplings/" + id).then().body("error", containsString("0000"));
      assertThat(told)
          .anySatisfy(
              record -> {
                assertThat(record.getMessage()).contains(id);
                assertThat(record.getThrown()).hasMessageContaining("0000");
              });
    } finally {
      log.removeHandler(listener);
    }
  }

  private static Handler listener(List<LogRecord> told) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        told.add(record);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void refusesWhatMakesNoSense() {
    refuse(Map.of("temperature", 0), "temperature");
    refuse(Map.of("topP", 2), "topP");
    refuse(Map.of("policy", "no such policy"), "no such policy");
    refuse(Map.of("perPrompt", 1), "");
    TestAccounts.as(Role.ANNOTATOR)
        .contentType(ContentType.JSON)
        .body("{}")
        .post("/api/projects/" + project + "/samplings")
        .then()
        .statusCode(403);
    as().body("{}")
        .post("/api/projects/" + UUID.randomUUID() + "/samplings")
        .then()
        .statusCode(404);
  }

  private void refuse(Map<String, Object> request, String named) {
    as().body(request)
        .post("/api/projects/" + project + "/samplings")
        .then()
        .statusCode(422)
        .body("detail", containsString(named));
  }

  private String begin(Map<String, Object> request) {
    Map<String, Object> all = new HashMap<>(request);
    all.putIfAbsent("policy", policy.name);
    return as().body(all)
        .post("/api/projects/" + project + "/samplings")
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }

  private void awaitEnd(String id, String outcome) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    String status = "";
    while (System.nanoTime() < deadline) {
      status = as().get("/api/samplings/" + id).path("status");
      if (!status.equals("queued") && !status.equals("running")) {
        break;
      }
      Thread.sleep(50);
    }
    assertThat(status).isEqualTo(outcome);
  }

  private Object texts(UUID prompt) {
    return workplace.one(
        "select string_agg(text, '|' order by text) from completion where prompt_id = ?1", prompt);
  }

  private long count(String sql, Object... parameters) {
    return ((Number) workplace.one(sql, parameters)).longValue();
  }

  private static RequestSpecification as() {
    return TestAccounts.as(Role.ADMINISTRATOR).contentType(ContentType.JSON);
  }
}
