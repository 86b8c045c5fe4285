package org.laurel.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.dataset.DatasetSnapshot;
import org.laurel.dataset.Snapshots;
import org.laurel.ranking.ProjectStatistics;
import org.laurel.ranking.Statistics;
import org.laurel.ranking.StoredRanking;

/** A ranking that a reviewer sets aside counts nowhere, and is nowhere lost. */
@QuarkusTest
class WithholdingTest extends ReviewScene {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject ProjectStatistics statistics;
  @Inject Snapshots snapshots;

  UUID task;
  StoredRanking anns;
  StoredRanking bobs;

  @BeforeEach
  void twoDisagree() {
    task = task();
    List<UUID> a = answers(task);
    anns = rank(task, ann, strict(a));
    bobs = rank(task, bob, strict(List.of(a.get(2), a.get(1), a.get(0))), 900, Map.of(), null);
  }

  @Test
  void countsNowhereUntilItIsBroughtBack(@TempDir Path folder) throws IOException {
    String before = export("trl-preference");
    DatasetSnapshot frozen = snapshots.freezeRankings(project, null);
    assertThat(before.lines()).hasSize(6);
    assertThat(counts().returned() + counts().setAside()).isZero();

    decide(bobs, "set-aside", "one second is no reading").body("withheld", equalTo("set-aside"));
    Statistics figures = statistics.of(project);
    assertThat(figures.counts().rankings()).isEqualTo(1);
    assertThat(figures.counts().seats()).isEqualTo(1);
    assertThat(figures.counts().setAside()).isEqualTo(1);
    assertThat(figures.counts().comparisons()).isEqualTo(3);
    assertThat(figures.agreement().tasks()).isZero();
    assertThat(figures.time().fast()).isZero();
    assertThat(figures.annotators())
        .extracting(Statistics.AnnotatorRow::rankings)
        .containsExactly(1L, 0L);
    for (String format : List.of("trl-preference", "hh-rlhf", "sharegpt")) {
      assertThat(export(format).lines()).as(format).hasSize(3);
    }
    assertThat(export("trl-unpaired").lines()).hasSize(2);
    assertThat(export("trl-prompt-completion").lines()).hasSize(1);
    assertThat(snapshots.freezeRankings(project, null).rowCount).isEqualTo(1);
    assertThat(Files.readAllLines(snapshots.write(frozen, folder))).hasSize(2);
    assertThat(page("/rankings?only=set-aside")).contains("/rankings/" + task, "set aside</span>");
    assertThat(page("/rankings?only=fast")).doesNotContain("/rankings/" + task);
    assertThat(page("")).contains("of 1 wanted", "1 set aside", "1 of 1");

    decide(bobs, "restore", "a short prompt").body("withheld", nullValue());
    assertThat(counts().rankings()).isEqualTo(2);
    assertThat(statistics.of(project).agreement().rate()).isZero();
    assertThat(export("trl-preference")).isEqualTo(before);
    assertThat(audited("ranking.set-aside", "one second is no reading")).isEqualTo(1);
    assertThat(audited("ranking.restored", "a short prompt")).isEqualTo(1);
  }

  @Test
  void ofAnEvaluationItDecidesNothing() {
    UUID policy = UUID.randomUUID();
    UUID baseline = UUID.randomUUID();
    for (UUID id : List.of(policy, baseline)) {
      workplace.run(
          "insert into policy_version (id, name, kind, artifact_hash, artifact_bytes)"
              + " values (?1, 'policy ' || cast(?1 as text), 'ppo', 'none', 0)",
          id);
    }
    UUID sampling = UUID.randomUUID();
    workplace.run(
        "insert into sampling (id, policy_id, baseline_id, project_id, parameters, status, seats)"
            + " values (?1, ?2, ?3, ?4, '{\"seed\": 1}', 'finished', 2)",
        sampling,
        policy,
        baseline,
        project);
    workplace.run(
        "update task set sampling_id = ?1, origin = 'evaluation' where id = ?2", sampling, task);
    List<UUID> a = answers(task);
    workplace.run("update completion set policy_id = ?1 where id = ?2", policy, a.get(0));
    workplace.run("update completion set policy_id = ?1 where id = ?2", baseline, a.get(2));
    workplace.run("delete from ranking_place where completion_id = ?1", a.get(1));

    String path = "/api/projects/" + project + "/evaluations";
    evaluations(path)
        .body("items[0].votes.wins", equalTo(1))
        .body("items[0].votes.losses", equalTo(1));
    decide(bobs, "set-aside", "hasty");
    evaluations(path)
        .body("items[0].votes.wins", equalTo(1))
        .body("items[0].votes.losses", equalTo(0));
  }

  private static ValidatableResponse evaluations(String path) {
    return TestAccounts.as(Role.ADMINISTRATOR).get(path).then().statusCode(200);
  }

  @Test
  void whatAnAnnotatorSendsLaterStaysAside() {
    decide(bobs, "set-aside", "hasty");
    rankings.submit(task, bob, submission(List.of(answers(task)), 60_000, Map.of(), null));
    assertThat(counts().rankings()).isEqualTo(1);
    assertThat(counts().setAside()).isEqualTo(1);
  }

  @Test
  void somebodyElseIsAskedInsteadUntilItComesBack() {
    UUID carol = workplace.annotator();
    decide(bobs, "set-aside", "hasty");
    assertThat(leases.next(project, carol, null)).isEmpty();
    Map<String, Object> instead = Map.of("reason", "hasty", "askAgain", true);
    post(reviewer, bobs, "set-aside", instead).statusCode(200);
    post(reviewer, bobs, "set-aside", instead).statusCode(200);
    assertThat(seats("true")).as("asked once").isEqualTo(3);
    assertThat(counts().seats()).as("wanted").isEqualTo(2);
    assertThat(leases.next(project, bob, null)).as("not the same person").isEmpty();

    decide(bobs, "restore", "it was short");
    assertThat(seats("true")).isEqualTo(2);
    assertThat(leases.next(project, carol, null)).isEmpty();

    post(reviewer, bobs, "set-aside", instead).statusCode(200);
    assertThat(leases.next(project, carol, null)).get().extracting(s -> s.taskId).isEqualTo(task);
    decide(bobs, "restore", "it was short");
    rankings.submit(task, carol, submission(strict(answers(task)), 60_000, Map.of(), null));
    assertThat(seats("submitted_at is not null")).as("begun is begun").isEqualTo(3);
    assertThat(counts().rankings()).isEqualTo(3);
  }

  @Test
  void nobodyIsAskedBeyondTwentyNorAboutWhatWasClosed() {
    Map<String, Object> instead = Map.of("reason", "hasty", "askAgain", true);
    workplace.run("insert into task_seat (task_id, seat) select ?1, generate_series(3, 20)", task);
    workplace.run("update task set closed_at = null where id = ?1", task);
    post(reviewer, bobs, "set-aside", instead)
        .statusCode(409)
        .body("detail", containsString("20 people"));
    workplace.run("delete from task_seat where task_id = ?1 and seat > 3", task);
    workplace.run("update task set closed_at = now() where id = ?1", task);
    post(reviewer, bobs, "set-aside", instead)
        .statusCode(409)
        .body("detail", containsString("is closed"));
    assertThat(counts().rankings()).as("nothing was set aside").isEqualTo(2);
  }

  private long seats(String where) {
    return ((Number)
            workplace.one("select count(*) from task_seat where task_id = ?1 and " + where, task))
        .longValue();
  }

  @Test
  void leavesWithTheRankingsAndComesBack() throws IOException {
    decide(bobs, "set-aside", "hasty\nand wrong");
    String rows = export("rankings");
    assertThat(rows.lines()).hasSize(2);
    assertThat(withheld(rows, bobs)).isEqualTo("set-aside: hasty\nand wrong");
    assertThat(withheld(rows, anns)).isEqualTo("null: null");

    UUID there = workplace.project("{}");
    importInto(there, rows).statusCode(200).body("imported", equalTo(2));
    Statistics.Counts counts = statistics.of(there).counts();
    assertThat(counts.imported()).isEqualTo(1);
    assertThat(counts.setAside()).isEqualTo(1);
    assertThat(counts.comparisons()).isEqualTo(3);
    assertThat(export(there, "rankings").lines().filter(row -> row.contains("\"set-aside\"")))
        .singleElement()
        .asString()
        .contains("hasty\\nand wrong");
    importInto(workplace.project("{}"), rows.replace("\"set-aside\"", "\"lost\""))
        .body("errors[0].field", equalTo("withheld"));
  }

  @Test
  void readersOfTheListAreToldWhy() {
    decide(bobs, "set-aside", "hasty");
    TestAccounts.as(reviewer)
        .get("/api/projects/" + project + "/rankings?annotator=" + bob)
        .then()
        .body("items[0].ranking.withheld", equalTo("set-aside"))
        .body("items[0].withholding.note", equalTo("hasty"))
        .body("items[0].withholding.by", equalTo(reviewer.email));
    assertThat(page("/rankings/" + task))
        .contains("hasty", reviewer.email, "data-decide=\"restore\"")
        .doesNotContain("They judge");
  }

  @Test
  void isForReviewersOfTheProjectWhoSawTheVersionInForceAndGiveAReason() {
    post(reviewer, bobs, "set-aside", Map.of("reason", " ")).statusCode(422);
    post(reviewer, bobs, "restore", Map.of("reason", "why not")).statusCode(409);
    rankings.submit(task, bob, submission(List.of(answers(task)), 60_000, Map.of(), null));
    post(reviewer, bobs, "set-aside", Map.of("reason", "hasty", "version", 1))
        .statusCode(409)
        .body("detail", containsString("version 2"));
    Account annotator = TestAccounts.create(Role.ANNOTATOR);
    post(annotator, bobs, "set-aside", Map.of("reason", "hasty")).statusCode(403);
    workplace.run("update project set archived_at = now() where id = ?1", project);
    post(reviewer, bobs, "set-aside", Map.of("reason", "hasty")).statusCode(409);
    workplace.run("update project set archived_at = null where id = ?1", project);
    QuarkusTransaction.requiringNew()
        .run(() -> Account.update("allProjects = false where id = ?1", reviewer.id));
    post(reviewer, bobs, "set-aside", Map.of("reason", "hasty")).statusCode(404);
    assertThat(counts().rankings()).isEqualTo(2);
  }

  private Statistics.Counts counts() {
    return statistics.of(project).counts();
  }

  private ValidatableResponse decide(StoredRanking ranking, String decision, String reason) {
    Map<String, Object> body = Map.of("reason", reason, "version", ranking.version());
    return post(reviewer, ranking, decision, body).statusCode(200);
  }

  private static ValidatableResponse post(
      Account account, StoredRanking ranking, String decision, Map<String, ?> body) {
    return TestAccounts.as(account)
        .contentType(ContentType.JSON)
        .body(body)
        .post("/api/rankings/" + ranking.id() + "/" + decision)
        .then();
  }

  private String export(String format) {
    return export(project, format);
  }

  private String export(UUID of, String format) {
    return TestAccounts.as(reviewer)
        .get("/api/projects/" + of + "/export?format=" + format + "&as=jsonl")
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  private static String withheld(String rows, StoredRanking ranking) throws IOException {
    for (String line : rows.lines().toList()) {
      JsonNode row = JSON.readTree(line);
      if (row.get("rankingId").asText().equals(ranking.id().toString())) {
        return row.get("withheld").asText() + ": " + row.get("withheldNote").asText();
      }
    }
    return "nothing";
  }

  private static ValidatableResponse importInto(UUID project, String rows) {
    return TestAccounts.as(Role.ADMINISTRATOR)
        .contentType("application/x-ndjson")
        .body(rows.getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + project + "/comparisons")
        .then();
  }

  private long audited(String action, String reason) {
    return ((Number)
            workplace.one(
                "select count(*) from audit_event where action = ?1 and subject_id = ?2"
                    + " and detail ->> 'reason' = ?3 and account_id = ?4",
                action,
                bobs.id().toString(),
                reason,
                reviewer.id))
        .longValue();
  }
}
