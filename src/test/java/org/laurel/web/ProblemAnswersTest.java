package org.laurel.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class ProblemAnswersTest {
  @Inject AgroalDataSource database;

  @Test
  void malformedJsonNamesLineAndColumn() {
    problem(post("{\n \"name\": \"a\",\n \"overlap\" 2}"), 400)
        .body("detail", containsString("line 3"));
  }

  @Test
  void aWrongTypeAndAnUnknownFieldAreNamed() {
    problem(post("{\"name\": \"a\", \"overlap\": \"many\"}"), 400)
        .body("errors[0].field", equalTo("overlap"));
    problem(post("{\"name\": \"a\", \"colour\": 1}"), 400)
        .body("errors[0].field", equalTo("colour"));
  }

  @Test
  void nothingAtTheAddressIsAProblemToo() {
    problem(TestAccounts.as(Role.ADMINISTRATOR).get("/api/nothing").then(), 404);
    problem(TestAccounts.as(Role.ADMINISTRATOR).get("/api/projects/not-an-id").then(), 404);
    problem(TestAccounts.as(Role.ADMINISTRATOR).delete("/api/projects").then(), 405);
    problem(
        TestAccounts.as(Role.ADMINISTRATOR)
            .contentType("text/csv")
            .body("a")
            .post("/api/projects")
            .then(),
        415);
  }

  @Test
  void aMethodThatIsNotTakenComesWithThoseThatAre() {
    Account admin = TestAccounts.create(Role.ADMINISTRATOR);
    problem(TestAccounts.as(admin).delete("/api/projects").then(), 405)
        .header("Allow", "GET, HEAD, OPTIONS, POST");
    String project = "/api/projects/" + new UUID(0, 0);
    problem(TestAccounts.as(admin).delete(project + "/prompts").then(), 405)
        .header("Allow", "GET, HEAD, OPTIONS, POST");
    problem(TestAccounts.as(admin).get(project + "/completions").then(), 405)
        .header("Allow", "OPTIONS, POST");
    problem(TestAccounts.as(admin).put(project).then(), 405)
        .header("Allow", "GET, HEAD, OPTIONS, PATCH");
  }

  @Test
  void aQueryThatCannotBeReadNamesItsField() {
    Account admin = TestAccounts.create(Role.ADMINISTRATOR);
    problem(TestAccounts.as(admin).get("/api/projects?limit=abc").then(), 400)
        .body("errors[0].field", equalTo("limit"))
        .body("detail", containsString("whole number"));
    problem(TestAccounts.as(admin).get("/api/policies?after=xyz").then(), 400)
        .body("errors[0].field", equalTo("after"));
    problem(
            TestAccounts.as(admin)
                .contentType("application/x-ndjson")
                .body(new byte[0])
                .post("/api/projects/" + new UUID(0, 0) + "/prompts?partial=perhaps")
                .then(),
            400)
        .body("errors[0].field", equalTo("partial"));
  }

  @Test
  void aPersonGetsThePageOfTheProblem() {
    TestAccounts.as(Role.ADMINISTRATOR)
        .accept("text/html")
        .get("/projects/" + new UUID(0, 0) + "/prompts?after=xyz")
        .then()
        .statusCode(400)
        .contentType("text/html")
        .body(containsString("after must be an id, not"));
  }

  @Test
  void withoutATokenOrWithAWrongOneTheAnswerIs401() {
    problem(given().get("/api/projects").then(), 401).header("WWW-Authenticate", "Bearer");
    problem(given().header("Authorization", "Bearer nonsense").get("/api/projects").then(), 401)
        .body("detail", containsString("unknown, expired or revoked"));
  }

  @Test
  void peopleAreSentToTheSignInAndBack() {
    given()
        .accept("text/html")
        .redirects()
        .follow(false)
        .get("/people?x=1")
        .then()
        .statusCode(303)
        .header("Location", containsString("/sign-in?to=%2Fpeople%3Fx%3D1"));
  }

  @Test
  void noErrorShowsTheInside() {
    for (String body :
        List.of("{\"name\": 1", "[]", "7", "\"text\"", "{\"name\": \"a\" 1}", "{a: 1}")) {
      problem(post(body), 400)
          .body("detail", not(containsString("laurel")))
          .body("detail", not(containsString("jackson")))
          .body("detail", not(containsString("deserialize")))
          .body("detail", not(containsString("code ")))
          .body("detail", not(containsString("token")));
    }
    problem(post(""), 422).body("detail", equalTo("the request needs a body"));
    problem(post("null"), 422).body("detail", equalTo("the request needs a body"));
  }

  @Test
  void anElementThatIsNullIsNamedByItsPlace() {
    problem(
            TestAccounts.as(Role.ADMINISTRATOR)
                .contentType(ContentType.JSON)
                .body("{\"items\": [null]}")
                .post("/api/reward-models/" + UUID.randomUUID() + "/score")
                .then(),
            422)
        .body("errors[0].field", equalTo("items[0]"));
  }

  /** The check before it sees no project yet; the database's constraint waits, and then speaks. */
  @Test
  void whatSomebodyElseMadeJustNowIsAConflictInPlainWords() throws Exception {
    String name = "project " + UUID.randomUUID();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("insert into project (name) values ('" + name + "')");
      CompletableFuture<ValidatableResponse> second =
          CompletableFuture.supplyAsync(() -> post("{\"name\": \"" + name + "\"}"));
      while (!isWaiting(statement)) {
        Thread.sleep(20);
      }
      connection.commit();
      problem(second.get(), 409)
          .body("detail", containsString("this exists already"))
          .body("detail", not(containsString("project_name")));
    }
  }

  private static boolean isWaiting(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("select 1 from pg_locks where not granted")) {
      return row.next();
    }
  }

  private static ValidatableResponse post(String body) {
    return TestAccounts.as(Role.ADMINISTRATOR)
        .contentType(ContentType.JSON)
        .body(body)
        .post("/api/projects")
        .then();
  }

  private static ValidatableResponse problem(ValidatableResponse answer, int status) {
    return answer
        .statusCode(status)
        .contentType("application/problem+json")
        .body("status", equalTo(status))
        .body("title", not(equalTo("")))
        .body("detail", not(equalTo("")));
  }
}
