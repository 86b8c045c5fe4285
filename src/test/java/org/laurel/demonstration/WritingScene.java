package org.laurel.demonstration;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

/** A project that wants one demonstration per prompt, two who write, and who looks after them. */
abstract class WritingScene {
  private final Map<UUID, String> tokens = new HashMap<>();

  @Inject Workplace workplace;

  UUID project;
  Account ann;
  Account bob;
  Account reviewer;
  Account administrator;

  @BeforeEach
  void people() {
    project = workplace.project("{\"demonstrationsPerPrompt\": 1}");
    ann = TestAccounts.create(Role.ANNOTATOR);
    bob = TestAccounts.create(Role.ANNOTATOR);
    reviewer = TestAccounts.create(Role.REVIEWER);
    administrator = TestAccounts.create(Role.ADMINISTRATOR);
  }

  List<UUID> prompts(int count) {
    return workplace.prompts(project, count, "How do I boil an egg? ");
  }

  RequestSpecification as(Account account) {
    String token = tokens.computeIfAbsent(account.id, id -> TestAccounts.token(account));
    return RestAssured.given()
        .header("Authorization", "Bearer " + token)
        .contentType(ContentType.JSON);
  }

  Response next(Account who) {
    return as(who).body("{}").post("/api/projects/" + project + "/demonstrations/lease");
  }

  /** The prompt that somebody is given to write to. */
  UUID leased(Account who) {
    return UUID.fromString(next(who).then().statusCode(200).extract().path("id"));
  }

  static String path(UUID prompt) {
    return "/api/prompts/" + prompt + "/demonstration";
  }

  ValidatableResponse write(Account who, UUID prompt, String text, String... flags) {
    return as(who)
        .body(Map.of("text", text, "flags", List.of(flags), "elapsedMs", 61_000))
        .put(path(prompt))
        .then();
  }

  /** What somebody has written to the next prompt, by the id of the demonstration. */
  UUID written(Account who, String text, String... flags) {
    return UUID.fromString(
        write(who, leased(who), text, flags).statusCode(200).extract().path("id"));
  }

  ValidatableResponse draft(Account who, UUID prompt, Map<String, ?> work) {
    return as(who).body(work).put(path(prompt) + "/draft").then();
  }

  ValidatableResponse list(String query) {
    return as(reviewer)
        .get("/api/projects/" + project + "/demonstrations" + query)
        .then()
        .statusCode(200);
  }

  ValidatableResponse counts() {
    return as(reviewer)
        .get("/api/projects/" + project + "/demonstrations/counts")
        .then()
        .statusCode(200);
  }

  ValidatableResponse setAside(UUID demonstration) {
    return as(reviewer)
        .body(Map.of("reason", "copied from a book"))
        .post("/api/demonstrations/" + demonstration + "/set-aside")
        .then();
  }

  ValidatableResponse bringBack(UUID demonstration) {
    return as(reviewer)
        .body(Map.of("reason", "it is his own"))
        .post("/api/demonstrations/" + demonstration + "/restore")
        .then();
  }

  ValidatableResponse bring(UUID into, String lines) {
    return TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(lines.getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + into + "/demonstrations")
        .then();
  }

  String exported(UUID from, String format) {
    return TestAccounts.as(administrator)
        .get("/api/projects/" + from + "/export?format=" + format)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  /** Lets every lease of a prompt run out. */
  void expire(UUID prompt) {
    workplace.run(
        "update demonstration_seat set lease_expires_at = now() - interval '1 second'"
            + " where prompt_id = ?1 and lease_expires_at is not null",
        prompt);
  }

  long count(String sql, Object... parameters) {
    return ((Number) workplace.one(sql, parameters)).longValue();
  }
}
