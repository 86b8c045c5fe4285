package org.laurel.review;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.ranking.ProjectStatistics;
import org.laurel.ranking.Statistics;
import org.laurel.ranking.StoredRanking;

/**
 * A ranking that is sent back waits for its annotator, and counts again once they have answered.
 */
@QuarkusTest
class ReturningTest extends ReviewScene {
  @Inject ProjectStatistics statistics;

  Account eve;
  List<UUID> tasks;
  StoredRanking hasty;

  @BeforeEach
  void oneRanksInHaste() {
    eve = TestAccounts.create(Role.ANNOTATOR);
    tasks = workplace.tasks(project, 3, 1, THREE);
    hasty = rank(tasks.get(0), eve.id, strict(answers(tasks.get(0))));
  }

  @Test
  void comesBeforeAllOtherTasksWithTheNote() {
    lease("").body("id", equalTo(tasks.get(1).toString()));
    sendBack("Look at B again: <b>eggs</b> do not keep for ever.");
    lease("")
        .body("id", equalTo(tasks.get(0).toString()))
        .body("returned.note", equalTo("Look at B again: <b>eggs</b> do not keep for ever."))
        .body("submittedAt", notNullValue())
        .body("leaseExpiresAt", nullValue());
    // as the one to do after the task at hand, too; and that one goes on being held
    lease("?beside=" + tasks.get(1)).body("id", equalTo(tasks.get(0).toString()));
    lease("?beside=" + tasks.get(0)).body("id", equalTo(tasks.get(1).toString()));

    get("/progress").body("returned", equalTo(1)).body("submitted", equalTo(0));
    get("/queue?status=submitted").body("items", empty());
    get("/queue?status=returned")
        .body("items.taskId", contains(tasks.get(0).toString()))
        .body("items[0].reason", containsString("Look at B"));
    assertThat(statistics.of(project).counts().rankings()).isZero();
    assertThat(statistics.of(project).counts().returned()).isEqualTo(1);
    assertThat(statistics.of(project).counts().seats()).isEqualTo(3);
    assertThat(page("/rankings?only=returned")).contains("/rankings/" + tasks.get(0));
    // nobody else gets it
    assertThat(leases.next(project, bob, null).orElseThrow().taskId).isEqualTo(tasks.get(2));
  }

  @Test
  void countsAgainWhenItIsSentUnchanged() {
    sendBack("Sure?");
    submit(strict(answers(tasks.get(0))), null)
        .statusCode(200)
        .body("version", equalTo(1))
        .body("withheld", nullValue());
    assertThat(statistics.of(project).counts().rankings()).isEqualTo(1);
    lease("").body("id", equalTo(tasks.get(1).toString())).body("returned", nullValue());
    get("/queue?status=returned").body("items", empty());
    get("/progress").body("returned", equalTo(0)).body("submitted", equalTo(1));
    assertThat(
            workplace.one(
                "select string_agg(action, ' ' order by at, id) from audit_event"
                    + " where subject_id = ?1",
                hasty.id().toString()))
        .isEqualTo("ranking.submitted ranking.returned ranking.answered");
  }

  @Test
  void countsAsItIsChanged() {
    sendBack("Sure?");
    submit(List.of(answers(tasks.get(0))), 1).statusCode(200).body("version", equalTo(2));
    assertThat(statistics.of(project).counts().rankings()).isEqualTo(1);
    assertThat(statistics.of(project).counts().ties()).isEqualTo(3);
  }

  @Test
  void isNotAnsweredByWhatWaitedOnADeviceSinceBefore() {
    sendBack("Sure?");
    submit(List.of(answers(tasks.get(0))), 0)
        .statusCode(409)
        .body("detail", containsString("sent back with a note"));
    assertThat(statistics.of(project).counts().returned()).isEqualTo(1);
    submit(strict(answers(tasks.get(0))), 1).statusCode(200);
    sendBack("And now?");
    submit(strict(answers(tasks.get(0))), 1).statusCode(409);
    submit(strict(answers(tasks.get(0))), 2).statusCode(200).body("returns", equalTo(2));
  }

  @Test
  void staysItsAnnotators() {
    skip().statusCode(409);
    sendBack("Sure?");
    as(eve)
        .body(Map.of("rationale", "half a thought"))
        .put("/api/tasks/" + tasks.get(0) + "/draft")
        .then()
        .statusCode(200);
    lease("").body("draft.rationale", equalTo("half a thought"));
    restore();
    lease("").body("id", equalTo(tasks.get(1).toString()));
  }

  @Test
  void isSkippedByWhoCannotDecideAndSomebodyElseIsAsked() {
    sendBack("Sure?");
    as(eve)
        .body(Map.of("rationale", "half a thought"))
        .put("/api/tasks/" + tasks.get(0) + "/draft")
        .then()
        .statusCode(200);
    skip().statusCode(204);
    skip().statusCode(204);
    lease("").body("id", equalTo(tasks.get(1).toString()));
    get("/progress")
        .body("returned", equalTo(0))
        .body("submitted", equalTo(0))
        .body("submittedToday", equalTo(0))
        .body("draft", equalTo(0))
        .body("skipped", equalTo(1));
    get("/queue?status=submitted").body("items", empty());
    get("/queue?status=skipped").body("items[0].reason", equalTo("unclear: <b>both</b>"));
    Statistics.Counts counts = statistics.of(project).counts();
    assertThat(counts.rankings() + counts.returned()).isZero();
    assertThat(counts.setAside()).isEqualTo(1);
    assertThat(counts.skips()).isEqualTo(1);
    assertThat(counts.seats()).as("wanted as before").isEqualTo(3);
    assertThat(page("/rankings/" + tasks.get(0))).contains("unclear: &lt;b&gt;both", eve.email);
    assertThat(leases.next(project, bob, null).orElseThrow().taskId).isEqualTo(tasks.get(0));
    assertThat(
            workplace.one(
                "select string_agg(action, ' ' order by at, id) from audit_event"
                    + " where subject_id = ?1",
                hasty.id().toString()))
        .isEqualTo("ranking.submitted ranking.returned ranking.skipped");
  }

  @Test
  void broughtBackAfterThatItCountsAsIfItHadNotBeenSkipped() {
    sendBack("Sure?");
    skip().statusCode(204);
    restore();
    get("/progress").body("submitted", equalTo(1)).body("skipped", equalTo(0));
    assertThat(statistics.of(project).counts().rankings()).isEqualTo(1);
    assertThat(leases.next(project, bob, null).orElseThrow().taskId).isNotEqualTo(tasks.get(0));
    sendBack("Really?");
    skip().statusCode(204);
    sendBack("Please.");
    get("/progress").body("returned", equalTo(1)).body("skipped", equalTo(0));
    submit(List.of(answers(tasks.get(0))), null).statusCode(200).body("withheld", nullValue());
    get("/progress").body("submitted", equalTo(1)).body("skipped", equalTo(0));
  }

  @Test
  void nobodyElseIsAskedIfTheReviewerSaidSoOrNobodyCanBe() {
    as(reviewer)
        .body(Map.of("note", "Sure?", "askAgain", false))
        .post("/api/rankings/" + hasty.id() + "/return")
        .then()
        .statusCode(200);
    skip().statusCode(204);
    String seats = "select count(*) from task_seat where task_id = ?1";
    assertThat(workplace.one(seats, tasks.get(0))).isEqualTo(1L);
    restore();
    sendBack("Sure?");
    workplace.run(
        "insert into task_seat (task_id, seat, submitted_at)"
            + " select ?1, generate_series(2, 20), now()",
        tasks.get(0));
    skip().statusCode(204);
    assertThat(workplace.one(seats, tasks.get(0))).isEqualTo(20L);
    assertThat(statistics.of(project).counts().setAside()).isEqualTo(1);
  }

  @Test
  void anImportedOneHasNobodyToGoTo() {
    TestAccounts.as(Role.ADMINISTRATOR)
        .contentType("application/x-ndjson")
        .body("{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}\n".getBytes(UTF_8))
        .post("/api/projects/" + project + "/comparisons?format=trl-preference")
        .then()
        .statusCode(200);
    UUID imported =
        (UUID)
            workplace.one(
                "select id from ranking where project_id = ?1 and annotator_id is null", project);
    as(reviewer)
        .body(Map.of("note", "Sure?"))
        .post("/api/rankings/" + imported + "/return")
        .then()
        .statusCode(409);
    as(eve)
        .body(Map.of("note", "Sure?"))
        .post("/api/rankings/" + hasty.id() + "/return")
        .then()
        .statusCode(403);
  }

  private void sendBack(String note) {
    as(reviewer)
        .body(Map.of("note", note))
        .post("/api/rankings/" + hasty.id() + "/return")
        .then()
        .statusCode(200)
        .body("withheld", equalTo("returned"));
  }

  private void restore() {
    as(reviewer)
        .body(Map.of("reason", "never mind"))
        .post("/api/rankings/" + hasty.id() + "/restore")
        .then()
        .statusCode(200);
  }

  private ValidatableResponse skip() {
    return as(eve)
        .body(Map.of("reason", "unclear: <b>both</b>"))
        .post("/api/tasks/" + tasks.get(0) + "/skip")
        .then();
  }

  private ValidatableResponse lease(String query) {
    return as(eve)
        .body("{}")
        .post("/api/projects/" + project + "/tasks/lease" + query)
        .then()
        .statusCode(200);
  }

  private ValidatableResponse get(String path) {
    return as(eve).get("/api/projects/" + project + path).then().statusCode(200);
  }

  private ValidatableResponse submit(List<List<UUID>> groups, @Nullable Integer returns) {
    Map<String, Object> body = new HashMap<>();
    body.put("groups", groups);
    body.put("elapsedMs", 5000);
    if (returns != null) {
      body.put("returns", returns);
    }
    return as(eve).body(body).put("/api/tasks/" + tasks.get(0) + "/ranking").then();
  }

  private static RequestSpecification as(Account account) {
    return TestAccounts.as(account).contentType(ContentType.JSON);
  }
}
