package org.laurel.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.database.Interleaving;
import org.laurel.ranking.Rankings;

/** What somebody holds who is taken out of a project, or may do less. */
@QuarkusTest
class WayOutTest extends MembersScene {
  @Inject Members members;
  @Inject Rankings rankings;

  @Test
  void whoIsTakenOutLosesTheLeasesAndKeepsTheRankings() {
    List<UUID> tasks = workplace.tasks(project, 3, 1, "four", "4");
    lease();
    rank(tasks.get(0)).statusCode(200);
    lease();
    bob().body(Map.of("rationale", "begun")).put("/api/tasks/" + tasks.get(1) + "/draft");
    assertThat(open()).isEqualTo(1);

    as(administrator).delete(member(bob)).then().statusCode(204);

    assertThat(open()).isZero();
    assertThat(count("select count(*) from ranking where project_id = ?1 and annotator_id = ?2"))
        .isEqualTo(1);
    rank(tasks.get(1))
        .statusCode(404)
        .body("detail", containsString("in which you work"))
        .body("detail", containsString("taken out"));
    leaseIs(404);
    bob().body(Map.of()).put("/api/tasks/" + tasks.get(1) + "/draft").then().statusCode(404);

    // somebody else gets the task at once, and they find their draft where nobody took it
    as(administrator).put(member(bob)).then().statusCode(204);
    leaseIs(200);
    bob().get("/api/tasks/" + tasks.get(1)).then().body("draft.rationale", equalTo("begun"));
    as(administrator).delete(member(bob)).then().statusCode(204);
    Account carol = TestAccounts.create(Role.ANNOTATOR);
    as(carol)
        .body("{}")
        .post("/api/projects/" + project + "/tasks/lease")
        .then()
        .statusCode(200)
        .body("id", equalTo(tasks.get(1).toString()));
    assertThat(
            workplace.one(
                "select string_agg(action, ' ' order by id) from audit_event"
                    + " where subject_kind = 'project' and subject_id = ?1",
                project.toString()))
        .isEqualTo(
            "project.member-admitted project.member-dismissed project.member-admitted"
                + " project.member-dismissed");
  }

  @Test
  void noLeaseComesAfterTheWayOut() throws Exception {
    task();
    int status = Interleaving.beforeCommit(this::dismiss, 1, () -> lease().extract().statusCode());
    assertThat(status).isEqualTo(404);
    assertThat(open()).isZero();
  }

  @Test
  void noDraftBringsALeaseBackAfterTheWayOut() throws Exception {
    UUID task = task();
    lease();
    workplace.expire(task);
    int status =
        Interleaving.beforeCommit(
            this::dismiss,
            1,
            () -> bob().body(Map.of()).put("/api/tasks/" + task + "/draft").statusCode());
    assertThat(status).isEqualTo(404);
    assertThat(open()).isZero();
  }

  @Test
  void noRankingIsTakenAfterTheWayOut() throws Exception {
    UUID task = task();
    lease();
    int status =
        Interleaving.beforeCommit(this::dismiss, 1, () -> rank(task).extract().statusCode());
    assertThat(status).isEqualTo(404);
    assertThat(count("select count(*) from ranking where project_id = ?1 and annotator_id = ?2"))
        .isZero();
  }

  @Test
  void aRankingThatIsJustBeingStoredStays() throws Exception {
    UUID task = task();
    lease();
    int status =
        Interleaving.beforeCommit(
            () -> rankings.submit(task, bob.id, ranking(task)),
            1,
            () -> as(administrator).delete(member(bob)).statusCode());
    assertThat(status).isEqualTo(204);
    assertThat(count("select count(*) from ranking where project_id = ?1 and annotator_id = ?2"))
        .isEqualTo(1);
    assertThat(
            workplace.one(
                "select submitted_at is not null from task_seat where task_id = ?1", task))
        .isEqualTo(true);
  }

  @Test
  void whoIsLimitedOrLoweredOrDisabledLosesLeasesElsewhere() {
    UUID other = workplace.project("{}");
    Account dora = TestAccounts.create(Role.ANNOTATOR);
    workplace.tasks(other, 1, 3, "four", "4");
    workplace.tasks(project, 1, 3, "four", "4");
    as(administrator).put(member(dora)).then().statusCode(204);
    for (UUID one : List.of(project, other)) {
      as(dora).body("{}").post("/api/projects/" + one + "/tasks/lease").then().statusCode(200);
    }

    patch(dora, Map.of("allProjects", false)).statusCode(200);

    assertThat(open(other, dora)).isZero();
    assertThat(open(project, dora)).isEqualTo(1);
    patch(dora, Map.of("disabled", true)).statusCode(200);
    assertThat(open(project, dora)).isZero();

    Account eve = TestAccounts.create(Role.ADMINISTRATOR);
    workplace.run("update account set all_projects = false where id = ?1", eve.id);
    as(eve).body("{}").post("/api/projects/" + other + "/tasks/lease").then().statusCode(200);
    patch(eve, Map.of("role", "reviewer")).statusCode(200);
    assertThat(open(other, eve)).isZero();
  }

  private void dismiss() {
    members.dismiss(project, bob.id);
  }

  private long count(String sql) {
    return ((Number) workplace.one(sql, project, bob.id)).longValue();
  }
}
