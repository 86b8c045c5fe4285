package org.laurel.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.SessionFactory;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

/** The contract of lease, ranking and skip, as a program sees it. */
@QuarkusTest
class RankingApiTest {

  private static final String SKIP = "{\"reason\":\"unclear\"}";

  @Inject Workplace workplace;
  @Inject SessionFactory sessions;

  UUID project;
  Account ann;

  @BeforeEach
  void people() {
    project = workplace.project("{}");
    ann = TestAccounts.create(Role.ANNOTATOR);
  }

  @Test
  void leasesRanksAndSaysWhenNothingIsLeft() {
    workplace.tasks(project, 1, 1, "four", "4", "<b>five</b> ![x](http://evil.example/p.png)");
    Response task = lease(ann);
    task.then()
        .statusCode(200)
        .body("prompt", equalTo("What is 0 plus 0?"))
        .body("completions", hasSize(3))
        .body("completions[0].html", equalTo(null))
        .body("leaseExpiresAt", notNullValue());
    List<String> ids = task.jsonPath().getList("completions.id");
    Map<String, Object> ranking =
        Map.of(
            "groups",
            List.of(List.of(ids.get(1)), List.of(ids.get(0), ids.get(2))),
            "ratings",
            Map.of(ids.get(1), 7),
            "flags",
            Map.of(ids.get(2), List.of("untrue")),
            "strength",
            4,
            "rationale",
            "It is the sum.",
            "elapsedMs",
            12_345);
    rank(ann, id(task), ranking)
        .then()
        .statusCode(200)
        .body("version", equalTo(1))
        .body("groups[1]", hasSize(2))
        .body("displayOrder", equalTo(ids))
        .body("ratings.'" + ids.get(1) + "'", equalTo(7))
        .body("elapsedMs", equalTo(12_345));
    lease(ann).then().statusCode(204);
    as(ann)
        .get("/api/projects/" + project + "/progress")
        .then()
        .statusCode(200)
        .body("submitted", equalTo(1))
        .body("pending", equalTo(0));
    as(ann)
        .get("/api/projects/" + project + "/queue?status=submitted")
        .then()
        .statusCode(200)
        .body("items.taskId", hasItem(id(task)));
  }

  @Test
  void rendersMarkdownSafelyOnRequest() {
    workplace.tasks(
        project, 1, 1, "**bold** <script>alert(1)</script>", "[x](javascript:alert(1))");
    String body =
        as(ann)
            .body("{}")
            .post("/api/projects/" + project + "/tasks/lease?render=html")
            .then()
            .statusCode(200)
            .body("messages[0].role", equalTo("user"))
            .body("completions.html", hasItem(containsString("<strong>bold</strong>")))
            .body("completions.html", hasItem(containsString("&lt;script&gt;")))
            .extract()
            .asString();
    assertThat(body).doesNotContain("href=\\\"javascript").contains("href=\\\"\\\"");
  }

  @Test
  void namesAnUnknownCompletionOneThatIsTwiceAndOneThatIsMissing() {
    workplace.tasks(project, 1, 1, "four", "4");
    Response task = lease(ann);
    List<String> ids = task.jsonPath().getList("completions.id");
    String stranger = UUID.randomUUID().toString();
    refused(task, List.of(List.of(ids.get(0)), List.of(ids.get(1)), List.of(stranger)), stranger);
    refused(task, List.of(List.of(ids.get(0)), List.of(ids.get(1)), ids), "twice");
    refused(task, List.of(List.of(ids.get(0))), ids.get(1));
    refused(task, List.of(), "missing");
    rank(ann, id(task), Map.of("groups", List.of(ids), "elapsedMs", 1)).then().statusCode(200);
  }

  private void refused(Response task, List<List<String>> groups, String named) {
    rank(ann, id(task), Map.of("groups", groups, "elapsedMs", 1))
        .then()
        .statusCode(422)
        .contentType("application/problem+json")
        .body("status", equalTo(422))
        .body("detail", containsString(named))
        .body("errors.message", hasItem(containsString(named)));
  }

  @Test
  void refusesAnExpiredLeaseUntilItIsTakenUpAgain() {
    UUID task = workplace.tasks(project, 1, 1, "four", "4").get(0);
    List<String> ids = lease(ann).jsonPath().getList("completions.id");
    workplace.expire(task);
    Map<String, Object> ranking = Map.of("groups", List.of(ids), "elapsedMs", 1);
    rank(ann, task.toString(), ranking)
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("detail", containsString("POST /api/tasks/" + task + "/lease"));
    as(ann).body("{}").post("/api/tasks/" + task + "/lease").then().statusCode(200);
    rank(ann, task.toString(), ranking).then().statusCode(200);
  }

  @Test
  void refusesSomebodyElsesLeaseAndHidesHisAnswer() {
    UUID task = workplace.tasks(project, 1, 2, "four", "4").get(0);
    List<String> ids = lease(ann).jsonPath().getList("completions.id");
    Account bob = TestAccounts.create(Role.ANNOTATOR);
    Map<String, Object> ranking = Map.of("groups", List.of(ids), "elapsedMs", 1);
    rank(bob, task.toString(), ranking).then().statusCode(409);
    as(bob).body("{\"reason\":\"no\"}").post("/api/tasks/" + task + "/skip").then().statusCode(409);
    as(bob).body("{}").put("/api/tasks/" + task + "/draft").then().statusCode(409);
    rank(ann, task.toString(), ranking).then().statusCode(200);
    as(bob).get("/api/tasks/" + task + "/ranking").then().statusCode(404);
    as(bob).get("/api/tasks/" + task).then().statusCode(404);
  }

  @Test
  void skipsWithAReason() {
    UUID task = workplace.tasks(project, 1, 1, "four", "4").get(0);
    lease(ann);
    as(ann).body("{\"reason\":\" \"}").post("/api/tasks/" + task + "/skip").then().statusCode(422);
    as(ann).body(SKIP).post("/api/tasks/" + task + "/skip").then().statusCode(204);
    lease(ann).then().statusCode(204);
    as(ann)
        .get("/api/projects/" + project + "/queue?status=skipped")
        .then()
        .body("items[0].reason", equalTo("unclear"));
  }

  @Test
  void whoWorksInTheProjectNoMoreNeitherReadsNorSkipsTheTaskHeHeld() {
    UUID task = workplace.tasks(project, 1, 1, "four", "4").get(0);
    workplace.run("update account set all_projects = false where id = ?1", ann.id);
    as(ann).body(SKIP).post("/api/tasks/" + task + "/skip").then().statusCode(404);
    workplace.run("insert into project_member values (?1, ?2)", project, ann.id);
    lease(ann).then().statusCode(200);
    as(ann).get("/api/tasks/" + task).then().statusCode(200);

    workplace.run("delete from project_member where account_id = ?1", ann.id);

    as(ann).get("/api/tasks/" + task).then().statusCode(404);
    as(ann).body(SKIP).post("/api/tasks/" + task + "/skip").then().statusCode(404);
  }

  @Test
  void keepsStatisticsFromAnnotators() {
    as(ann).get("/api/projects/" + project + "/statistics").then().statusCode(403);
  }

  @Test
  void countsAgreementTimeAndPeople() {
    workplace.tasks(project, 5, 2, "four", "4", "about four");
    Account bob = TestAccounts.create(Role.ANNOTATOR);
    for (Account person : List.of(ann, bob)) {
      for (Response task = lease(person); task.statusCode() == 200; task = lease(person)) {
        List<String> ids =
            task.jsonPath().<String>getList("completions.id").stream().sorted().toList();
        List<List<String>> groups = ids.stream().map(List::of).toList();
        rank(person, id(task), Map.of("groups", groups, "elapsedMs", 20_000))
            .then()
            .statusCode(200);
      }
    }
    TestAccounts.as(Role.REVIEWER)
        .get("/api/projects/" + project + "/statistics")
        .then()
        .statusCode(200)
        .body("counts.rankings", equalTo(10))
        .body("counts.comparisons", equalTo(30))
        .body("agreement.pairs", equalTo(15))
        .body("agreement.rate", equalTo(1.0f))
        .body("agreement.alpha", equalTo(1.0f))
        .body("agreement.low", greaterThan(0.5f))
        .body("time.medianMs", equalTo(20_000))
        .body("annotators", hasSize(2))
        .body("annotators[0].agreement.rate", equalTo(1.0f))
        .body("days", hasSize(1));
    // one changes an order: what was known of the others no longer holds
    Response changed = as(bob).get("/api/projects/" + project + "/queue?status=submitted");
    String task = changed.jsonPath().getString("items[0].taskId");
    List<String> backwards =
        as(bob).get("/api/tasks/" + task).jsonPath().<String>getList("completions.id").stream()
            .sorted(Comparator.reverseOrder())
            .toList();
    rank(bob, task, Map.of("groups", backwards.stream().map(List::of).toList()))
        .then()
        .statusCode(200);
    TestAccounts.as(Role.REVIEWER)
        .get("/api/projects/" + project + "/statistics")
        .then()
        .body("counts.rankings", equalTo(10))
        .body("agreement.rate", equalTo(0.8f));
    Response page = rankings("");
    page.then().body("items", hasSize(6)).body("items[0].texts", aMapWithSize(3));
    rankings("&after=" + page.jsonPath().getString("next")).then().body("items", hasSize(4));
    rankings("&annotator=" + bob.id)
        .then()
        .body("items", hasSize(5))
        .body("items.annotator", everyItem(equalTo(bob.email)));
  }

  @Test
  void aLongPageOfRankingsTakesFewQueries() {
    workplace.rankings(project, workplace.annotator(), 300, 7000);
    Statistics statistics = sessions.getStatistics();
    statistics.setStatisticsEnabled(true);
    try {
      statistics.clear();
      page(300).then().body("items", hasSize(300));
      assertThat(statistics.getPrepareStatementCount())
          .as("with what the server does beside it")
          .isBetween(1L, 150L);
    } finally {
      statistics.setStatisticsEnabled(false);
    }
  }

  @Test
  void anAdministratorOnceInvitedToAnotherProjectWorksAndReadsHereToo() {
    workplace.tasks(project, 1, 1, "four", "4");
    Account invited = TestAccounts.create(Role.ADMINISTRATOR);
    workplace.run("update account set all_projects = false where id = ?1", invited.id);

    lease(invited).then().statusCode(200);
    for (String path : List.of("/statistics", "/rankings")) {
      as(invited).get("/api/projects/" + project + path).then().statusCode(200);
    }
  }

  @Test
  void anArchivedProjectIsReadAndNotWorkedIn() {
    workplace.tasks(project, 1, 1, "four", "4");
    workplace.run("update project set archived_at = now() where id = ?1", project);

    Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
    for (String path : List.of("/statistics", "/rankings", "/samplings")) {
      as(administrator).get("/api/projects/" + project + path).then().statusCode(200);
    }
    as(administrator)
        .contentType("application/json")
        .body("{}")
        .post("/api/projects/" + project + "/samplings")
        .then()
        .statusCode(409);
    lease(administrator).then().statusCode(404);
  }

  @Test
  void framesTheWorkInAPage() {
    as(ann)
        .accept("text/html")
        .get("/projects/" + project + "/tasks")
        .then()
        .statusCode(200)
        .body(containsString("data-project=\"" + project + "\""))
        .body(containsString("None can be ranked"))
        .body(not(containsString("{task:")));
  }

  private Response page(int limit) {
    return TestAccounts.as(Role.REVIEWER)
        .get("/api/projects/" + project + "/rankings?limit=" + limit);
  }

  private Response rankings(String query) {
    return TestAccounts.as(Role.REVIEWER)
        .get("/api/projects/" + project + "/rankings?limit=6" + query);
  }

  private static String id(Response task) {
    return task.jsonPath().getString("id");
  }

  private Response lease(Account person) {
    return as(person).body("{}").post("/api/projects/" + project + "/tasks/lease");
  }

  private static Response rank(Account person, String task, Map<String, Object> ranking) {
    return as(person).body(ranking).put("/api/tasks/" + task + "/ranking");
  }

  private static RequestSpecification as(Account person) {
    return TestAccounts.as(person).contentType(ContentType.JSON);
  }
}
