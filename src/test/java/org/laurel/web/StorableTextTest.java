package org.laurel.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class StorableTextTest {
  private static final String NOWHERE = "/api/tasks/" + UUID.randomUUID();

  @Test
  void theFieldWithTheCharacterIsNamed() {
    refused("POST", "/api/projects", "{\"name\": \"a\\u0000b\"}")
        .body("errors[0].field", equalTo("name"));
    refused("POST", NOWHERE + "/skip", "{\"reason\": \"a\\u0000b\"}")
        .body("errors[0].field", equalTo("reason"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\ud800b", "\\udc00", "\\ude00\\ud83d"})
  void halfASurrogatePairIsRefusedToo(String name) {
    refused("half of a surrogate pair", "POST", "/api/projects", "{\"name\": \"" + name + "\"}")
        .body("errors[0].field", equalTo("name"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": 5}",
        "{\"name\": true}",
        "{\"name\": \"x\", \"overlap\": 1.5}",
        "{\"name\": \"x\", \"overlap\": \"2\"}",
        "{\"name\": \"x\", \"overlap\": \"\"}",
        "{\"name\": \"x\"}{\"name\": \"y\"}",
        "{\"name\": \"x\"} and more"
      })
  void nothingIsMadeOfWhatItIsNot(String project) {
    TestAccounts.as(Role.ADMINISTRATOR)
        .contentType(ContentType.JSON)
        .body(project)
        .post("/api/projects")
        .then()
        .statusCode(anyOf(is(400), is(422)))
        .contentType("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"rationale\": \"\\u0000\"",
        "\"flags\": {\"x\": [\"\\u0000\"]}",
        "\"flags\": {\"\\u0000\": [\"x\"]}",
        "\"groups\": [[\"\\u0000\"]]"
      })
  void noRankingHasIt(String field) {
    refused("PUT", NOWHERE + "/ranking", "{" + field + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\": [{\"b\": \"\\u0000\"}]}", "{\"a\": [{\"\\u0000\": 1}]}"})
  void noDraftHasItHoweverDeep(String draft) {
    refused("PUT", NOWHERE + "/draft", draft);
  }

  @Test
  void noFormAndNoAddressHasIt() {
    given()
        .accept("text/html")
        .contentType("application/x-www-form-urlencoded")
        .body("email=a%00b@example.org&password=x")
        .post("/sign-in")
        .then()
        .statusCode(422)
        .body(containsString("U+0000"));
    given().urlEncodingEnabled(false).get("/sign-in?to=/%00").then().statusCode(422);
  }

  @Test
  void theTextThatNamesItIsTextLikeAnyOther() {
    String name = "\\\\u0000 %00 " + UUID.randomUUID();
    TestAccounts.as(Role.ADMINISTRATOR)
        .contentType(ContentType.JSON)
        .body("{\"name\": \"" + name + "\"}")
        .post("/api/projects")
        .then()
        .statusCode(201);
    given().urlEncodingEnabled(false).get("/sign-in?to=/%2500").then().statusCode(200);
  }

  private static ValidatableResponse refused(String method, String path, String body) {
    return refused("the character U+0000", method, path, body);
  }

  private static ValidatableResponse refused(String what, String method, String path, String body) {
    return TestAccounts.as(Role.ADMINISTRATOR)
        .contentType(ContentType.JSON)
        .body(body)
        .request(method, path)
        .then()
        .statusCode(422)
        .contentType("application/problem+json")
        .body("detail", equalTo("text cannot have " + what));
  }
}
