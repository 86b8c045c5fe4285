package org.laurel.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

/** A project, an endpoint that judges, and what an administrator asks of both. */
abstract class JudgingScene {
  @Inject Workplace workplace;

  final LocalJudge server = new LocalJudge();
  final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
  UUID project;

  @BeforeEach
  void anEndpoint() {
    project = workplace.project("{}");
    System.setProperty("laurel.judge.endpoint", server.address());
    System.setProperty("laurel.judge.key", LocalJudge.KEY);
    System.setProperty("laurel.judge.model", "judge-model");
    System.setProperty("laurel.judge.pause", "PT0.001S");
  }

  @AfterEach
  void stop() {
    server.close();
    List.of("endpoint", "key", "model", "pause")
        .forEach(name -> System.clearProperty("laurel.judge." + name));
  }

  /**
   * People who choose the greater number, but for every fourth pair. The judge likes the first
   * place by 1.5, so pairs that are 1 apart become ties, and those 2 and 3 apart are decided.
   */
  final void pairsOfPeople(int count) {
    IntFunction<String> greater = i -> String.valueOf(10 + i + 1 + i % 3);
    IntFunction<String> smaller = i -> String.valueOf(10 + i);
    comparisons(
        count,
        i -> (i % 4 == 0 ? smaller : greater).apply(i),
        i -> (i % 4 == 0 ? greater : smaller).apply(i));
  }

  /** Comparisons by people, each on a prompt of its own. */
  final void comparisons(int count, IntFunction<String> chosen, IntFunction<String> rejected) {
    String lines =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    "{\"prompt\": \"Ask %d\", \"chosen\": \"%s\", \"rejected\": \"%s\"}"
                        .formatted(i, chosen.apply(i), rejected.apply(i)))
            .collect(Collectors.joining("\n"));
    as().contentType("text/plain")
        .body(lines)
        .post("/api/projects/" + project + "/comparisons")
        .then()
        .statusCode(200)
        .body("imported", equalTo(count));
  }

  final ValidatableResponse plan(Map<String, Object> request) {
    return as().contentType(ContentType.JSON)
        .body(request)
        .post("/api/projects/" + project + "/judgings/plan")
        .then()
        .statusCode(200);
  }

  final ValidatableResponse rubric(String text) {
    return as().contentType(ContentType.JSON)
        .body(Map.of("text", text))
        .put("/api/projects/" + project + "/rubric")
        .then();
  }

  final ValidatableResponse begin(Map<String, Object> request) {
    return as().contentType(ContentType.JSON)
        .body(request)
        .post("/api/projects/" + project + "/judgings")
        .then();
  }

  final JsonPath end(ValidatableResponse begun) {
    String id = begun.statusCode(202).extract().path("id");
    return await(id, json -> json.get("finishedAt") != null);
  }

  interface Until {
    boolean holds(JsonPath judging);
  }

  final JsonPath await(String id, Until until) {
    return await("/api/judgings/" + id, Duration.ofMinutes(1), until);
  }

  final JsonPath await(String path, Duration patience, Until until) {
    Instant deadline = Instant.now().plus(patience);
    while (true) {
      JsonPath json = as().get(path).jsonPath();
      if (until.holds(json)) {
        return json;
      }
      assertThat(Instant.now()).as(json.prettify()).isBefore(deadline);
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  final RequestSpecification as() {
    return TestAccounts.as(administrator);
  }
}
