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
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.dataset.DatasetSnapshot;
import org.laurel.dataset.Snapshots;
import org.laurel.dataset.VotesOf;

@QuarkusTest
class JudgesVotesTest extends JudgingScene {
  @Inject Snapshots snapshots;
  @TempDir Path folder;

  @Test
  void votesCountAsSoftLabelsFromApprovalToWithdrawal() throws IOException {
    server.biased(1.5);
    pairsOfPeople(60);
    workplace.tasks(project, 4, 2, "1 egg", "3 eggs", "6 eggs", "7 eggs");
    String before = statistics();
    JsonPath judged = end(begin(Map.of("judge", "endpoint")));
    assertThat(judged.getInt("outcomes.votes")).isEqualTo(20);

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
  void aJudgeAgainstPeopleIsNotApproved() {
    comparisons(30, i -> String.valueOf(1 + i), i -> String.valueOf(4 + i));
    JsonPath judged = end(begin(Map.of("judge", "endpoint")));

    assertThat(judged.getDouble("calibration.agreement.rate")).isZero();
    as().post("/api/judgings/" + judged.getString("id") + "/approve")
        .then()
        .statusCode(422)
        .body("detail", containsString("run against people's"));
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

  private static int number(String text) {
    return Integer.parseInt(text.replaceAll("\\D", ""));
  }

  private DatasetSnapshot freeze(VotesOf votes) {
    return snapshots.freezeRankings(project, null, votes);
  }

  private List<JsonPath> rows(DatasetSnapshot snapshot) throws IOException {
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
}
