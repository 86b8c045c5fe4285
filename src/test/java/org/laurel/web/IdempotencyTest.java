package org.laurel.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.database.Servers;
import org.laurel.task.Workplace;

@QuarkusTest
class IdempotencyTest {
  @Inject Workplace workplace;
  @Inject IdempotencyKeys keys;
  @Inject Servers servers;
  @Inject DataSource database;

  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);

  @Test
  void theSameKeyAndBodyGetTheFirstAnswerAgain() {
    String key = UUID.randomUUID().toString();
    String body = body();

    Response first = post(key, body);
    Response again = post(key, body);

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.asString()).isEqualTo(first.asString());
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(again.contentType()).isEqualTo(first.contentType());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
  }

  @Test
  void aRefusalIsRepeatedToo() {
    String key = UUID.randomUUID().toString();

    assertThat(post(key, "{\"name\": \"\"}").statusCode()).isEqualTo(422);
    Response again = post(key, "{\"name\": \"\"}");

    assertThat(again.statusCode()).isEqualTo(422);
    assertThat(again.contentType()).startsWith("application/problem+json");
  }

  @Test
  void whatIsJustBeingAnsweredIsForgottenOnlyWhenNoServerIsThereToAnswerIt() {
    IdempotencyKeys.Use use =
        new IdempotencyKeys.Use(
            administrator.id, UUID.randomUUID().toString(), "POST", "/api/projects", new byte[0]);
    assertThat(keys.claim(use)).isTrue();
    anotherServerStarts();
    assertThat(keys.earlier(use.account(), use.key())).isNotNull();
    servers.leave(); // as PostgreSQL sees a server that was killed
    anotherServerStarts();
    assertThat(keys.earlier(use.account(), use.key())).isNull();
    servers.arrive(() -> {});
  }

  private void anotherServerStarts() {
    Servers others = new Servers(database);
    new IdempotencyKeys(database, others).forgetInterrupted(new StartupEvent());
    others.leave();
  }

  @Test
  void theSameKeyWithAnotherBodyIsRefused() {
    String key = UUID.randomUUID().toString();
    post(key, body());

    post(key, body())
        .then()
        .statusCode(422)
        .contentType("application/problem+json")
        .body("errors[0].field", equalTo("Idempotency-Key"));
  }

  @Test
  void theSameKeyOfAnotherAccountIsAnotherKey() {
    String key = UUID.randomUUID().toString();
    String body = body();
    post(key, body);

    TestAccounts.as(Role.ADMINISTRATOR)
        .header("Idempotency-Key", key)
        .contentType(ContentType.JSON)
        .body(body)
        .post("/api/projects")
        .then()
        .statusCode(409);
  }

  @Test
  void simultaneousRequestsDoItOnce() throws Exception {
    String key = UUID.randomUUID().toString();
    String body = body();
    String token = TestAccounts.token(administrator);
    Callable<Response> request = () -> post(token, key, body);

    var threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Response>> answers = threads.invokeAll(Collections.nCopies(8, request));
      List<String> texts = new ArrayList<>();
      for (Future<Response> answer : answers) {
        assertThat(answer.get().statusCode()).isEqualTo(201);
        texts.add(answer.get().asString());
      }
      assertThat(texts.stream().distinct()).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatStoodInTheWayMayHaveGone() {
    String key = UUID.randomUUID().toString();
    String body = body();
    post(UUID.randomUUID().toString(), body);
    assertThat(post(key, body).statusCode()).isEqualTo(409);

    String id =
        TestAccounts.as(administrator)
            .get("/api/projects?limit=1000")
            .jsonPath()
            .getString("items.find { it.name == '" + body.substring(10, 46) + "' }.id");
    TestAccounts.as(administrator)
        .contentType(ContentType.JSON)
        .body("{\"name\": \"" + UUID.randomUUID() + "\"}")
        .patch("/api/projects/" + id)
        .then()
        .statusCode(200);
    assertThat(post(key, body).statusCode()).isEqualTo(201);
  }

  @Test
  void aTokenIsKeptForNobodyButWhoAskedForIt() {
    String token = TestAccounts.token(administrator);
    String key = UUID.randomUUID().toString();
    String body = "{\"email\": \"" + UUID.randomUUID() + "@example.org\"}";

    Response first = post(token, "/api/annotators", key, body);
    Response again = post(token, "/api/annotators", key, body);

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(again.asString()).isEqualTo(first.asString());
    byte[] kept =
        (byte[])
            workplace.one(
                "select response from idempotency_key where key = ?1 and status = 201", key);
    assertThat(new String(kept, StandardCharsets.ISO_8859_1))
        .doesNotContain(first.jsonPath().getString("token"))
        .doesNotContain("invitation");
    post(TestAccounts.token(administrator), "/api/annotators", key, body)
        .then()
        .statusCode(409)
        .body("detail", containsString("another token"));
  }

  private Response post(String key, String body) {
    return post(TestAccounts.token(administrator), key, body);
  }

  private static Response post(String token, String key, String body) {
    return post(token, "/api/projects", key, body);
  }

  private static Response post(String token, String path, String key, String body) {
    return RestAssured.given()
        .header("Authorization", "Bearer " + token)
        .header("Idempotency-Key", key)
        .contentType(ContentType.JSON)
        .body(body)
        .post(path);
  }

  private static String body() {
    return "{\"name\": \"" + UUID.randomUUID() + "\"}";
  }
}
