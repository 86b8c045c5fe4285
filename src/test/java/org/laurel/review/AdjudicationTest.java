package org.laurel.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.dataset.DatasetSnapshot;
import org.laurel.dataset.Snapshots;
import org.laurel.ranking.Accord;
import org.laurel.ranking.ProjectStatistics;
import org.laurel.ranking.Statistics;

/** The order that a reviewer gives counts in place of people's, which are nowhere lost. */
@QuarkusTest
class AdjudicationTest extends ReviewScene {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject ProjectStatistics statistics;
  @Inject Snapshots snapshots;
  @TempDir Path folder;

  List<UUID> tasks;
  UUID task;
  List<UUID> a;

  @BeforeEach
  void twoDisagree() {
    tasks = workplace.tasks(project, 4, 2, THREE);
    task = tasks.get(0);
    a = answers(task);
    rank(task, ann, strict(a));
    rank(task, bob, strict(List.of(a.get(2), a.get(1), a.get(0))));
  }

  @Test
  void countsInPlaceOfPeoplesOrders() throws IOException {
    String before = export("trl-preference");
    assertThat(before.lines()).hasSize(6);
    assertThat(resolutions()).containsExactly("unresolved", "unresolved");
    List<List<UUID>> order = List.of(List.of(a.get(1)), List.of(a.get(0), a.get(2)));
    give(order, 4, "B alone is safe").body("version", equalTo(1)).body("strength", equalTo(4));

    for (String format : List.of("trl-preference", "hh-rlhf", "sharegpt")) {
      assertThat(export(format).lines()).as(format).hasSize(2);
    }
    assertThat(export("trl-preference").lines())
        .allSatisfy(
            line -> assertThat(JSON.readTree(line).get("chosen").asText()).contains(text(1)));
    assertThat(export("trl-unpaired").lines()).hasSize(3);
    assertThat(export("trl-prompt-completion").lines()).hasSize(1);
    DatasetSnapshot frozen = snapshots.freezeRankings(project, null);
    JsonNode row = only(frozen);
    assertThat(row.get("strength").intValue()).isEqualTo(4);
    assertThat(row.get("groups").toString()).isEqualTo("[[1],[0,2]]");
    assertThat(row.has("annotator")).as("weighed by no annotator's accuracy").isFalse();
    assertThat(frozen.selection).containsEntry("people", 1).containsEntry("adjudicated", 1);
    assertThat(statistics.of(project).counts().comparisons()).isEqualTo(3);
    assertThat(statistics.of(project).counts().ties()).isEqualTo(1);
    TestAccounts.as(reviewer)
        .get("/api/projects/" + project + "/instant-fit")
        .then()
        .body("advice.comparisons", equalTo(2));
    assertThat(toLearnFrom()).isEqualTo(1);

    delete(reviewer, "").statusCode(204);
    assertThat(export("trl-preference")).isEqualTo(before);
    assertThat(resolutions()).containsExactly("unresolved", "unresolved");
    assertThat(statistics.of(project).counts().comparisons()).isEqualTo(6);
    assertThat(toLearnFrom()).isEqualTo(2);
    assertThat(Files.readAllLines(snapshots.write(frozen, folder)))
        .as("snapshots keep what they hold")
        .hasSize(1);
  }

  @Test
  void snapshotsFromBeforeKeepPeoplesRankings() throws IOException {
    DatasetSnapshot frozen = snapshots.freezeRankings(project, null);
    give(strict(a), null, null);
    assertThat(Files.readAllLines(snapshots.write(frozen, folder))).hasSize(2);
  }

  @Test
  void figuresGoOnBeingOfPeoplesOwnRankings() {
    Accord between = statistics.of(project).agreement();
    give(strict(List.of(a.get(0), a.get(2), a.get(1))), null, null);
    Statistics figures = statistics.of(project);
    assertThat(figures.agreement()).isEqualTo(between);
    assertThat(figures.counts().rankings()).isEqualTo(2);
    assertThat(with(figures, ann)).isEqualTo(2 / 3.0);
    assertThat(with(figures, bob)).isEqualTo(1 / 3.0);
    assertThat(page("")).contains("With reviewers", "67%", "33%");
    delete(reviewer, "").statusCode(204);
    assertThat(with(statistics.of(project), ann)).isNull();
    assertThat(page("")).doesNotContain("With reviewers");
  }

  private static @Nullable Double with(Statistics figures, UUID annotator) {
    return figures.annotators().stream()
        .filter(row -> row.id().equals(annotator))
        .findFirst()
        .map(Statistics.AnnotatorRow::adjudicated)
        .map(Accord::rate)
        .orElse(null);
  }

  @Test
  void thatNothingCanBeRankedLeavesNothingToLearn() {
    put(reviewer, Map.of("ranking", Map.of("unrankable", true)))
        .statusCode(200)
        .body("unrankable", equalTo(true))
        .body("groups.size()", equalTo(0));
    assertThat(export("hh-rlhf")).isEmpty();
    assertThat(snapshots.freezeRankings(project, null).rowCount).isZero();
    assertThat(toLearnFrom()).isZero();
    assertThat(page("/rankings/" + task)).contains("Settled: none of these can be ranked");
  }

  @Test
  void isChangedAndTakenBackWhichIsAudited() {
    give(strict(a), null, "first");
    give(strict(a), null, "first").body("version", equalTo(1));
    give(strict(List.of(a.get(1), a.get(0), a.get(2))), null, null).body("version", equalTo(2));
    assertThat(page("/rankings/" + task))
        .contains("Settled: B › A › C", "Settled before: 1", "first");
    get().statusCode(200).body("version", equalTo(2)).body("by", equalTo(reviewer.email));
    delete(reviewer, "?version=1").statusCode(409);
    delete(reviewer, "?version=2").statusCode(204);
    get().statusCode(404);
    delete(reviewer, "").statusCode(404);
    assertThat(page("/rankings/" + task)).doesNotContain("Settled: ").contains("Settled before: 2");
    put(reviewer, order(strict(a), null, null, 2))
        .statusCode(409)
        .body("detail", containsString("meanwhile"));
    put(reviewer, order(strict(a), null, null, 0)).statusCode(200).body("version", equalTo(3));
    assertThat(
            workplace.one(
                "select string_agg(action || ' ' || (detail ->> 'version'), ', ' order by at, id)"
                    + " from audit_event where subject_id = ?1 and project_id = ?2"
                    + " and account_id = ?3",
                task.toString(),
                project,
                reviewer.id))
        .isEqualTo(
            "task.adjudicated 1, task.adjudicated 2, task.adjudication-withdrawn 2,"
                + " task.adjudicated 3");
  }

  @Test
  void ofAnEvaluationItDecidesThePair() {
    UUID sampling = evaluation();
    String path = "/api/projects/" + project + "/evaluations";
    votes(path, sampling, 1, 1);
    give(strict(a), null, null);
    votes(path, sampling, 1, 0);
    put(reviewer, Map.of("ranking", Map.of("unrankable", true))).statusCode(200);
    votes(path, sampling, 0, 0).body("items[0].votes.unrankable", equalTo(1));
    assertThat(page("/rankings/" + task))
        .as("who wrote what is not shown to who decides")
        .contains("Two policies are compared here")
        .doesNotContain("policy " + a.get(0));
  }

  private static ValidatableResponse votes(String path, UUID sampling, int wins, int losses) {
    return TestAccounts.as(Role.ADMINISTRATOR)
        .get(path)
        .then()
        .statusCode(200)
        .body("items[0].id", equalTo(sampling.toString()))
        .body("items[0].votes.wins", equalTo(wins))
        .body("items[0].votes.losses", equalTo(losses));
  }

  /** Of two policies, whose answers are the first and the last; the one between is nobody's. */
  private UUID evaluation() {
    UUID sampling = UUID.randomUUID();
    for (UUID id : List.of(a.get(0), a.get(2))) {
      workplace.run(
          "insert into policy_version (id, name, kind, artifact_hash, artifact_bytes)"
              + " values (?1, 'policy ' || cast(?1 as text), 'ppo', 'none', 0)",
          id);
    }
    workplace.run(
        "insert into sampling (id, policy_id, baseline_id, project_id, parameters, status, seats)"
            + " values (?1, ?2, ?3, ?4, '{\"seed\": 1}', 'finished', 2)",
        sampling,
        a.get(0),
        a.get(2),
        project);
    workplace.run(
        "update task set sampling_id = ?1, origin = 'evaluation' where id = ?2", sampling, task);
    workplace.run("update completion set policy_id = id where id in (?1, ?2)", a.get(0), a.get(2));
    workplace.run("delete from ranking_place where completion_id = ?1", a.get(1));
    workplace.run("delete from task_completion where completion_id = ?1", a.get(1));
    a = answers(task);
    return sampling;
  }

  @Test
  void saysOfEachTaskHowFarItIsSettled() {
    UUID alike = tasks.get(1);
    UUID alone = tasks.get(2);
    UUID half = tasks.get(3);
    rank(alike, ann, strict(answers(alike)));
    rank(alike, bob, strict(answers(alike)));
    rank(alone, ann, strict(answers(alone)));
    rank(half, ann, strict(answers(half)));
    rank(half, bob, List.of());
    give(strict(a), null, "B is older");
    assertThat(resolutions())
        .containsExactly(
            "adjudicated",
            "adjudicated",
            "unanimous",
            "unanimous",
            "single",
            "unresolved",
            "unresolved");
    assertThat(export("rankings").lines().limit(1))
        .singleElement()
        .satisfies(
            line ->
                assertThat(JSON.readTree(line).at("/adjudication/reason").asText())
                    .isEqualTo("B is older"));
    assertThat(page("/rankings?only=unresolved"))
        .contains("/rankings/" + half)
        .doesNotContain("/rankings/" + task, "/rankings/" + alike, "/rankings/" + alone);
    assertThat(page("/rankings?only=adjudicated&annotator=" + ann))
        .contains("/rankings/" + task)
        .doesNotContain("/rankings/" + half, "/rankings/" + alike);
  }

  @Test
  void isForReviewersOfTheProjectAndOfRankedTasks() {
    put(reviewer, order(List.of(List.of(a.get(0))), 5, null, null))
        .statusCode(422)
        .body("errors.size()", equalTo(3));
    put(reviewer, order(strict(answers(tasks.get(1))), null, null, null)).statusCode(422);
    put(reviewer, Map.of("reason", "none")).statusCode(422);
    get().statusCode(404);
    put(TestAccounts.create(Role.ANNOTATOR), order(strict(a), null, null, null)).statusCode(403);
    UUID unranked = tasks.get(1);
    TestAccounts.as(reviewer)
        .contentType(ContentType.JSON)
        .body(order(strict(answers(unranked)), null, null, null))
        .put("/api/tasks/" + unranked + "/adjudication")
        .then()
        .statusCode(409)
        .body("detail", containsString("nothing to settle"));
    assertThat(page("/rankings/" + unranked)).doesNotContain("id=\"adjudicate\"");
    workplace.run("update project set archived_at = now() where id = ?1", project);
    put(reviewer, order(strict(a), null, null, null)).statusCode(409);
    workplace.run("update project set archived_at = null where id = ?1", project);
    QuarkusTransaction.requiringNew()
        .run(() -> Account.update("allProjects = false where id = ?1", reviewer.id));
    put(reviewer, order(strict(a), null, null, null)).statusCode(404);
    get().statusCode(404);
  }

  @Test
  void ofManyAtOnceOneCounts() {
    List<CompletableFuture<Integer>> all =
        Stream.of(strict(a), List.of(a), strict(List.of(a.get(1), a.get(0), a.get(2))))
            .map(
                order ->
                    CompletableFuture.supplyAsync(
                        () -> put(reviewer, order(order, null, null, null)).extract().statusCode()))
            .toList();
    assertThat(all.stream().map(CompletableFuture::join)).containsOnly(200);
    assertThat(
            workplace.one(
                "select count(*) filter (where withdrawn_at is null) || ' of ' || count(*)"
                    + " from adjudication where task_id = ?1",
                task))
        .isEqualTo("1 of 3");
  }

  @Test
  void theDatabaseTakesNoneThatIsNotWholeNorChangesOne() {
    UUID other = answers(tasks.get(1)).get(0);
    String insert =
        "insert into adjudication (id, task_id, version, project_id, prompt_id)"
            + " select ?1, id, 1, project_id, prompt_id from task where id = ?2";
    assertThatThrownBy(() -> workplace.run(insert, UUID.randomUUID(), task))
        .hasStackTraceContaining("places every completion of its task");
    give(strict(a), null, null);
    Object id = workplace.one("select id from adjudication where task_id = ?1", task);
    String place =
        "insert into adjudication_place (adjudication_id, task_id, completion_id, place)"
            + " values (?1, ?2, ?3, 4)";
    assertThatThrownBy(() -> workplace.run(place, id, task, other))
        .hasStackTraceContaining("foreign key");
    assertThatThrownBy(() -> workplace.run(place, id, task, a.get(0)))
        .hasStackTraceContaining("adjudication_place_pkey");
    assertThatThrownBy(
            () -> workplace.run("update adjudication_place set place = 2 where task_id = ?1", task))
        .hasStackTraceContaining("never change");
    assertThatThrownBy(
            () -> workplace.run("update adjudication set strength = 1 where id = ?1", id))
        .hasStackTraceContaining("never changes");
  }

  private String text(int answer) {
    return (String) workplace.one("select text from completion where id = ?1", a.get(answer));
  }

  private JsonNode only(DatasetSnapshot snapshot) throws IOException {
    List<String> lines = Files.readAllLines(snapshots.write(snapshot, folder.resolve("now")));
    assertThat(lines).hasSize(1);
    return JSON.readTree(lines.get(0));
  }

  private long toLearnFrom() {
    String rounds =
        TestAccounts.as(Role.ADMINISTRATOR)
            .accept("text/html")
            .get("/projects/" + project + "/rounds")
            .asString();
    return Long.parseLong(
        rounds.replaceAll("(?s).*To learn from</span><span class=\"value\">(\\d+)<.*", "$1"));
  }

  private List<String> resolutions() {
    return export("rankings")
        .lines()
        .map(
            line -> {
              try {
                return JSON.readTree(line).get("resolution").asText();
              } catch (IOException e) {
                throw new AssertionError(line, e);
              }
            })
        .toList();
  }

  private ValidatableResponse give(
      List<List<UUID>> groups, @Nullable Integer strength, @Nullable String reason) {
    return put(reviewer, order(groups, strength, reason, null))
        .statusCode(200)
        .body("reason", reason == null ? nullValue() : equalTo(reason));
  }

  private static Map<String, Object> order(
      List<List<UUID>> groups,
      @Nullable Integer strength,
      @Nullable String reason,
      @Nullable Integer version) {
    Map<String, Object> ranking = new HashMap<>(Map.of("groups", groups));
    ranking.put("strength", strength);
    Map<String, Object> body = new HashMap<>(Map.of("ranking", ranking));
    body.put("reason", reason);
    body.put("version", version);
    return body;
  }

  private ValidatableResponse put(Account account, Map<String, ?> body) {
    return TestAccounts.as(account)
        .contentType(ContentType.JSON)
        .body(body)
        .put("/api/tasks/" + task + "/adjudication")
        .then();
  }

  private ValidatableResponse get() {
    return TestAccounts.as(reviewer).get("/api/tasks/" + task + "/adjudication").then();
  }

  private ValidatableResponse delete(Account account, String query) {
    return TestAccounts.as(account).delete("/api/tasks/" + task + "/adjudication" + query).then();
  }

  private String export(String format) {
    return TestAccounts.as(reviewer)
        .get("/api/projects/" + project + "/export?format=" + format + "&as=jsonl")
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }
}
