package org.laurel.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class ProblemAnswersTest {
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
    post("{\"name\": 1")
        .body(not(containsString("org.laurel")))
        .body(not(containsString("jackson")));
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
