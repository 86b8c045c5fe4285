package org.laurel.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.common.mapper.TypeRef;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.database.Interleaving;
import org.laurel.ranking.Rankings;
import org.laurel.ranking.Submission;
import org.laurel.task.Workplace;

@QuarkusTest
class MembersTest {
  private static final String OPEN =
      "select count(*) from task_seat s join task t on t.id = s.task_id where t.project_id = ?1"
          + " and s.annotator_id = ?2 and s.submitted_at is null and s.lease_expires_at > now()";

  private static final TypeRef<Map<String, Object>> MAP = new TypeRef<>() {};

  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);

  @Inject Workplace workplace;
  @Inject Members members;
  @Inject Rankings rankings;

  UUID project;
  Account bob;
  String bobsToken;

  @BeforeEach
  void aMember() {
    project = workplace.project("{}");
    bob = TestAccounts.create(Role.ANNOTATOR);
    bobsToken = TestAccounts.token(bob);
    workplace.run("update account set all_projects = false where id = ?1", bob.id);
    as(administrator).put(member(bob)).then().statusCode(204);
  }

  @Test
  void listsWhoWorksHereAndWhy() {
    Account everywhere = TestAccounts.create(Role.REVIEWER);
    Account elsewhere = TestAccounts.create(Role.ANNOTATOR);
    workplace.run("update account set all_projects = false where id = ?1", elsewhere.id);
    UUID task = task();
    lease();
    rank(task).statusCode(200);

    List<Map<String, Object>> all = list("");
    Map<String, Object> entry = of(bob, all);
    assertThat(entry).containsEntry("everywhere", false).containsEntry("rankings", 1);
    assertThat(entry).containsKeys("since", "lastSeenAt").containsEntry("role", "annotator");
    assertThat(of(everywhere, all)).containsEntry("everywhere", true).doesNotContainKey("since");
    assertThat(of(everywhere, all)).doesNotContainKey("lastSeenAt").containsEntry("rankings", 0);
    assertThat(all).extracting(one -> one.get("id")).doesNotContain(elsewhere.id.toString());

    assertThat(list("&everywhere=false")).containsExactly(entry);
    assertThat(list("&everywhere=true"))
        .extracting(one -> one.get("id"))
        .contains(everywhere.id.toString(), administrator.id.toString())
        .doesNotContain(bob.id.toString());

    workplace.run("update account set disabled_at = now() where id = ?1", everywhere.id);
    workplace.run("update account set disabled_at = now() where id = ?1", bob.id);
    assertThat(of(bob, list(""))).containsEntry("disabled", true);
    assertThat(list("")).extracting(one -> one.get("id")).doesNotContain(everywhere.id.toString());
  }

  @Test
  void isForAdministratorsAlone() {
    for (String role : List.of(Role.ANNOTATOR, Role.REVIEWER)) {
      Account other = TestAccounts.create(role);
      as(other).get(path()).then().statusCode(403);
      as(other).put(member(other)).then().statusCode(403);
      as(other).delete(member(bob)).then().statusCode(403);
      as(other).get("/api/annotators").then().statusCode(403);
      as(other)
          .body(Map.of("role", "administrator"))
          .patch("/api/annotators/" + other.id)
          .then()
          .statusCode(403);
      as(other).accept("text/html").get("/projects/" + project + "/people").then().statusCode(403);
      as(other).accept("text/html").get("/people/" + bob.id + "/projects").then().statusCode(403);
    }
  }

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

    // somebody else gets the task at once, and he finds his draft where nobody took it
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
  void refusesWhatHasNoEffectOrNoSense() {
    Account everywhere = TestAccounts.create(Role.ANNOTATOR);
    as(administrator)
        .delete(member(everywhere))
        .then()
        .statusCode(409)
        .body("detail", containsString("every project"));
    as(administrator).delete(path() + "/" + UUID.randomUUID()).then().statusCode(404);
    as(administrator).put(path() + "/" + UUID.randomUUID()).then().statusCode(404);
    as(administrator).delete(member(bob)).then().statusCode(204);
    as(administrator).delete(member(bob)).then().statusCode(204);
    workplace.run("update account set disabled_at = now() where id = ?1", bob.id);
    as(administrator).put(member(bob)).then().statusCode(409);
    as(administrator).get(path() + "?everywhere=maybe").then().statusCode(400);
  }

  @Test
  void pagesByCursor() {
    for (int i = 0; i < 3; i++) {
      Account other = TestAccounts.create(Role.ANNOTATOR);
      workplace.run("update account set all_projects = false where id = ?1", other.id);
      as(administrator).put(member(other)).then().statusCode(204);
    }
    for (String list : List.of(path() + "?everywhere=false&", "/api/annotators?")) {
      List<String> seen = new ArrayList<>();
      String after = new UUID(0, 0).toString();
      while (after != null) {
        var page = as(administrator).get(list + "limit=3&after=" + after).jsonPath();
        seen.addAll(page.getList("items.id", String.class));
        after = page.getString("next");
      }
      assertThat(seen).doesNotHaveDuplicates().contains(bob.id.toString()).hasSizeGreaterThan(3);
    }
  }

  @Test
  void anAccountIsListedWithItsProjectsAndChanged() {
    Map<String, Object> before = change(Map.of());
    assertThat(before).containsEntry("everywhere", false).containsEntry("role", "annotator");
    assertThat(String.valueOf(before.get("projects"))).contains(project.toString());

    Map<String, Object> after =
        change(Map.of("role", "reviewer", "language", "fr", "name", "Bob", "allProjects", true));
    assertThat(after)
        .containsEntry("role", "reviewer")
        .containsEntry("language", "fr")
        .containsEntry("name", "Bob")
        .containsEntry("everywhere", true)
        .containsEntry("disabled", false);
    assertThat(change(Map.of("name", "")))
        .doesNotContainKey("name")
        .containsEntry("language", "fr");

    assertThat(change(Map.of("disabled", true))).containsEntry("disabled", true);
    bob().get("/api/projects").then().statusCode(401);
    assertThat(change(Map.of("disabled", false))).containsEntry("disabled", false);
    bob().get("/api/projects").then().statusCode(200);

    patch(bob, Map.of("role", "emperor")).statusCode(422).body("errors.field", hasItem("role"));
    patch(bob, Map.of("language", "xx")).statusCode(422).body("errors.field", hasItem("language"));
    as(administrator)
        .body(Map.of("role", "reviewer"))
        .patch("/api/annotators/" + UUID.randomUUID())
        .then()
        .statusCode(404);
  }

  @Test
  void theLastAdministratorStaysOneOverTheApi() {
    List<?> rest =
        workplace.all(
            "select id from account where role = 'administrator' and id <> ?1", administrator.id);
    rest.forEach(id -> workplace.run("update account set role = 'reviewer' where id = ?1", id));
    try {
      patch(administrator, Map.of("role", "annotator")).statusCode(409);
      patch(administrator, Map.of("disabled", true)).statusCode(409);
    } finally {
      rest.forEach(
          id -> workplace.run("update account set role = 'administrator' where id = ?1", id));
    }
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

  @Test
  void thePageLetsInAndTakesOut() {
    String page = "/projects/" + project + "/people";
    Account fay = TestAccounts.create(Role.ANNOTATOR);
    workplace.run(
        "update account set all_projects = false, name = '<b>Fay</b>' where id = ?1", fay.id);
    html().get(page).then().body(not(containsString("Take &lt;b&gt;Fay")));

    form().formParam("email", fay.email.toUpperCase()).post(page).then().statusCode(303);
    html()
        .get(page)
        .then()
        .statusCode(200)
        .body(containsString("Take &lt;b&gt;Fay&lt;/b&gt; out"))
        .body(not(containsString("<b>Fay</b>")))
        .body(containsString("Take " + bob.email + " out"))
        .body(containsString("aria-current=\"page\">People"));
    form().post(page + "/" + fay.id + "/dismissal").then().statusCode(303);
    html().get(page).then().body(not(containsString("Fay&lt;/b&gt; out")));
    form()
        .formParam("email", "nobody@example.org")
        .post(page)
        .then()
        .statusCode(404)
        .body(containsString("Nobody has an account of nobody@example.org"));
    html().get(page + "/list?everywhere=true&after=" + new UUID(0, 0)).then().statusCode(200);
  }

  @Test
  void thePeoplePageSaysWhereSomebodyWorksAndChangesIt() {
    UUID other = workplace.project("{}");
    String page = "/people/" + bob.id + "/projects";
    html().get("/people").then().body(containsString("/projects/" + project + "/people"));
    html()
        .get(page)
        .then()
        .statusCode(200)
        .body(containsString("value=\"" + project + "\" checked"))
        .body(not(containsString("value=\"" + other + "\" checked")));

    form().formParam("all", "false").formParam("project", other).post(page).then().statusCode(303);
    assertThat(String.valueOf(change(Map.of()).get("projects")))
        .contains(other.toString())
        .doesNotContain(project.toString());
    form().formParam("all", "true").post(page).then().statusCode(303);
    assertThat(change(Map.of())).containsEntry("everywhere", true);
    task();
    leaseIs(200);
    form().formParam("all", "false").formParam("project", project).post(page);
    assertThat(open()).isEqualTo(1);
    form().formParam("all", "false").post(page).then().statusCode(303);
    assertThat(change(Map.of()).get("projects")).isEqualTo(List.of());
  }

  private UUID task() {
    return workplace.tasks(project, 1, 1, "four", "4").get(0);
  }

  private void dismiss() {
    members.dismiss(project, bob.id);
  }

  private ValidatableResponse lease() {
    return bob().body("{}").post("/api/projects/" + project + "/tasks/lease").then();
  }

  private void leaseIs(int status) {
    lease().statusCode(status);
  }

  private ValidatableResponse rank(UUID task) {
    return bob().body(ranking(task)).put("/api/tasks/" + task + "/ranking").then();
  }

  private Submission ranking(UUID task) {
    List<List<String>> groups = new ArrayList<>();
    workplace
        .all("select completion_id from task_completion where task_id = ?1", task)
        .forEach(id -> groups.add(List.of(id.toString())));
    return new Submission(new ArrayList<>(groups), null, null, null, null, 5000L, null);
  }

  private long open() {
    return open(project, bob);
  }

  private long open(UUID in, Account whose) {
    return ((Number) workplace.one(OPEN, in, whose.id)).longValue();
  }

  private long count(String sql) {
    return ((Number) workplace.one(sql, project, bob.id)).longValue();
  }

  private Map<String, Object> change(Map<String, ?> change) {
    return patch(bob, change).statusCode(200).body("id", notNullValue()).extract().as(MAP);
  }

  private ValidatableResponse patch(Account account, Map<String, ?> change) {
    return as(administrator).body(change).patch("/api/annotators/" + account.id).then();
  }

  private List<Map<String, Object>> list(String query) {
    return as(administrator).get(path() + "?limit=1000" + query).jsonPath().getList("items");
  }

  private static Map<String, Object> of(Account account, List<Map<String, Object>> list) {
    return list.stream()
        .filter(one -> account.id.toString().equals(one.get("id")))
        .findFirst()
        .orElseThrow();
  }

  private String path() {
    return "/api/projects/" + project + "/members";
  }

  private String member(Account account) {
    return path() + "/" + account.id;
  }

  private RequestSpecification bob() {
    return RestAssured.given()
        .header("Authorization", "Bearer " + bobsToken)
        .contentType(ContentType.JSON);
  }

  private static RequestSpecification as(Account account) {
    return TestAccounts.as(account).contentType(ContentType.JSON);
  }

  private RequestSpecification html() {
    return TestAccounts.as(administrator).accept("text/html");
  }

  private RequestSpecification form() {
    return TestAccounts.as(administrator).redirects().follow(false);
  }
}
