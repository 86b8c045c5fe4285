package org.laurel.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class IdempotencyTest {
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

  private Response post(String key, String body) {
    return post(TestAccounts.token(administrator), key, body);
  }

  private static Response post(String token, String key, String body) {
    return RestAssured.given()
        .header("Authorization", "Bearer " + token)
        .header("Idempotency-Key", key)
        .contentType(ContentType.JSON)
        .body(body)
        .post("/api/projects");
  }

  private static String body() {
    return "{\"name\": \"" + UUID.randomUUID() + "\"}";
  }
}
