package org.laurel.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Seat;
import org.laurel.task.Standing;
import org.laurel.web.Problem;

/** Who fails checks is reminded, then paused, and let in again. */
@QuarkusTest
class StandingTest extends ReviewScene {
  Account cara;
  List<UUID> checks;

  @BeforeEach
  void checks() {
    project = workplace.project("{\"checkWarn\": 1, \"checkPause\": 2, \"checkShare\": 0}");
    checks = workplace.tasks(project, 4, 5, THREE);
    cara = TestAccounts.create(Role.ANNOTATOR);
    for (UUID check : checks) {
      rank(check, ann, strict(answers(check)));
      rank(check, bob, strict(answers(check)));
      TestAccounts.as(reviewer)
          .contentType(ContentType.JSON)
          .put("/api/tasks/" + check + "/check")
          .then()
          .statusCode(200);
    }
  }

  @Test
  void followsTheFailedChecks() {
    assertThat(Standing.after(1, 2, 5)).isEqualTo(Standing.GOOD);
    assertThat(Standing.after(2, 2, 5)).isEqualTo(Standing.WARNED);
    assertThat(Standing.after(5, 2, 5)).isEqualTo(Standing.PAUSED);
    assertThat(Standing.after(9, 2, 0)).as("never paused").isEqualTo(Standing.WARNED);
    assertThat(Standing.after(3, 0, 5)).as("never reminded").isEqualTo(Standing.GOOD);
    assertThat(Standing.after(9, 0, 0)).isEqualTo(Standing.GOOD);
  }

  @Test
  void remindsThenPausesUntilAReviewerLetsInAgain() {
    assertThat(room("en")).doesNotContain("reminder-title");
    fail(checks.get(0));
    assertThat(room("en")).contains("Please read the guidelines again");
    assertThat(room("fr")).contains("Merci de relire les consignes");
    List<UUID> open = workplace.tasks(project, 2, 1, THREE);
    prioritise(open);
    Seat inHand = leases.next(project, cara.id, null).orElseThrow();
    Seat after = leases.next(project, cara.id, inHand.taskId).orElseThrow();
    fail(checks.get(1));

    assertThat(room("en")).as("the pause says more").doesNotContain("reminder-title");
    assertThat(leases.next(project, cara.id, null).orElseThrow().taskId)
        .as("what is in hand is left")
        .isIn(inHand.taskId, after.taskId);
    for (UUID held : List.of(inHand.taskId, after.taskId)) {
      if (Seat.of(held, cara.id).orElseThrow().submittedAt == null) {
        rank(held, cara.id, strict(answers(held)));
      }
    }
    lease()
        .statusCode(403)
        .body("title", equalTo("Paused"))
        .body("detail", containsString("who can let you go on"));
    UUID other = workplace.tasks(project, 1, 1, THREE).get(0);
    prioritise(List.of(other));
    assertThatThrownBy(() -> leases.of(other, cara.id))
        .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(403));
    TestAccounts.as(cara)
        .get("/api/projects/" + project + "/queue?status=submitted")
        .then()
        .statusCode(200)
        .body("items.size()", equalTo(4));
    assertThat(page("/checks")).contains("paused", "0 of 2", "Let in again", "1<span");

    TestAccounts.as(cara).contentType(ContentType.JSON).post(letIn()).then().statusCode(403);
    TestAccounts.as(reviewer).contentType(ContentType.JSON).post(letIn()).then().statusCode(204);
    assertThat(
            workplace.one(
                "select detail ->> 'email' from audit_event where project_id = ?1"
                    + " and action = 'project.checks-forgiven' and account_id = ?2",
                project,
                reviewer.id))
        .isEqualTo(cara.email);
    lease().statusCode(200).body("id", equalTo(other.toString()));
    assertThat(room("en")).doesNotContain("reminder-title");
    assertThat(page("/checks")).contains("0 of 2").doesNotContain("paused<", "Let in again");
  }

  @Test
  void followsWhatIsChangedAndWhatIsNoCheckAnyMore() {
    fail(checks.get(0));
    fail(checks.get(1));
    lease().statusCode(403);
    rankings.submit(
        checks.get(0), cara.id, submission(strict(answers(checks.get(0))), 60_000, Map.of(), null));
    fail(checks.get(2));
    lease().statusCode(403);
    TestAccounts.as(reviewer)
        .delete("/api/tasks/" + checks.get(1) + "/check")
        .then()
        .statusCode(204);
    lease().statusCode(200);
  }

  private void prioritise(List<UUID> tasks) {
    workplace.run(
        "update task set priority = 1 where id = any (?1)", (Object) tasks.toArray(UUID[]::new));
  }

  private String letIn() {
    return "/api/projects/" + project + "/checks/people/" + cara.id + "/let-in";
  }

  private ValidatableResponse lease() {
    return TestAccounts.as(cara)
        .contentType(ContentType.JSON)
        .post("/api/projects/" + project + "/tasks/lease")
        .then();
  }

  private void fail(UUID check) {
    List<UUID> right = answers(check);
    rank(check, cara.id, strict(List.of(right.get(2), right.get(1), right.get(0))));
  }

  private String room(String language) {
    workplace.run("update account set language = ?1 where id = ?2", language, cara.id);
    return TestAccounts.as(cara)
        .accept("text/html")
        .get("/projects/" + project + "/tasks")
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }
}
