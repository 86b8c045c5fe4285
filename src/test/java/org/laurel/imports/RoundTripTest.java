package org.laurel.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

/** What leaves by a lossless format comes into another project as it was. */
@QuarkusTest
class RoundTripTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] TEXTS = {"four", "4", "about 4", "five"};

  @Inject Workplace workplace;

  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
  private UUID source;
  private UUID target;

  @BeforeEach
  void threePeopleRankTwoTasks() {
    source = workplace.project("{}");
    target = workplace.project("{}");
    workplace.tasks(source, 2, 3, TEXTS);
    workplace.run(
        "update prompt set language = 'en', metadata = '{\"topic\": {\"sums\": [1]}}'"
            + " where project_id = ?1",
        source);
    workplace.run(
        "update completion c set parameters = '{\"temperature\": 0.7}', seed = 9007199254740993,"
            + " logprob = -1.5, prompt_tokens = 7, completion_tokens = 3, finish_reason = 'stop',"
            + " source_policy = 'elsewhere-7', metadata = '{\"cost\": 0.25}'"
            + " from prompt p where p.id = c.prompt_id and p.project_id = ?1 and c.text = 'four'",
        source);
    for (int person = 0; person < 3; person++) {
      Account account = TestAccounts.create(Role.ANNOTATOR);
      rank(account, person);
      rank(account, person);
    }
    workplace.run(
        "update task_seat s set uncertainty = 0.75 from task t"
            + " where t.id = s.task_id and t.project_id = ?1 and s.seat = 2",
        source);
    setAsideOne();
    settleOne();
  }

  private void setAsideOne() {
    String ranking = rows(export(source)).get(1).get("rankingId").textValue();
    TestAccounts.as(TestAccounts.create(Role.REVIEWER))
        .contentType(ContentType.JSON)
        .body(Map.of("reason", "one second is no reading"))
        .post("/api/rankings/" + ranking + "/set-aside")
        .then()
        .statusCode(200);
  }

  /** A reviewer finds the third answer best. */
  private void settleOne() {
    JsonNode row = rows(export(source)).get(0);
    List<String> ids = new ArrayList<>();
    row.get("completions").forEach(completion -> ids.add(completion.get("id").textValue()));
    Collections.rotate(ids, 2);
    TestAccounts.as(TestAccounts.create(Role.REVIEWER))
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "ranking",
                Map.of("groups", ids.stream().map(List::of).toList(), "strength", 2),
                "reason",
                "All were in haste."))
        .put("/api/tasks/" + row.get("taskId").textValue() + "/adjudication")
        .then()
        .statusCode(200);
  }

  @Test
  void everythingComesBackExceptTheIds() {
    send(target, export(source)).statusCode(200).body("imported", equalTo(6));

    List<ObjectNode> before = rows(export(source));
    List<ObjectNode> after = rows(export(target));
    assertThat(after.stream().map(RoundTripTest::withoutIds).toList())
        .hasSize(6)
        .isEqualTo(before.stream().map(RoundTripTest::withoutIds).toList());
    assertThat(together(after)).isEqualTo(together(before));
    assertThat(ids(after)).doesNotContainAnyElementsOf(ids(before));
    assertThat(before)
        .as("the comparison would be idle if these were the same everywhere")
        .extracting(row -> row.get("uncertainty").isNull())
        .contains(true, false);
    assertThat(before)
        .extracting(row -> row.get("resolution").textValue())
        .containsOnly("adjudicated", "unresolved");
    assertThat(after)
        .as("who set one aside, and why")
        .filteredOn(row -> row.get("withheld").isTextual())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.get("withheldBy").textValue()).hasSize(36);
              assertThat(row.get("withheldNote").textValue()).contains("no reading");
            });
  }

  @Test
  void aSilentCheckComesBackAsOne() {
    String settled =
        rows(export(source)).stream()
            .filter(row -> row.get("adjudication").isObject())
            .map(row -> row.get("taskId").textValue())
            .findFirst()
            .orElseThrow();
    TestAccounts.as(Role.REVIEWER)
        .contentType(ContentType.JSON)
        .put("/api/tasks/" + settled + "/check")
        .then()
        .statusCode(200);
    List<ObjectNode> before = rows(export(source));
    assertThat(before)
        .extracting(row -> row.at("/adjudication/check").booleanValue())
        .contains(true, false);
    send(target, export(source)).statusCode(200).body("imported", equalTo(6));
    assertThat(rows(export(target)).stream().map(RoundTripTest::withoutIds).toList())
        .isEqualTo(before.stream().map(RoundTripTest::withoutIds).toList());
    assertThat(workplace.one("select count(*) from silent_check where project_id = ?1", target))
        .isEqualTo(1L);

    ObjectNode check =
        before.stream()
            .filter(row -> row.at("/adjudication/check").booleanValue())
            .findFirst()
            .orElseThrow();
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 21; i++) {
      many.append(with(check, "rankingId", "\"ranking %d\"".formatted(i))).append('\n');
    }
    send(target, many.toString()).statusCode(200).body("imported", equalTo(21));
  }

  @Test
  void peopleWhoAgreeCountAsOftenAsTheyVoted() {
    String pairs = "select count(*) from comparison where project_id = ?1";
    Object before = workplace.one(pairs, source);
    send(target, export(source)).statusCode(200);
    assertThat(workplace.one(pairs, target)).isEqualTo(before).isNotEqualTo(0L);
  }

  @Test
  void aFileBringsNothingTwice() {
    String file = export(source);
    String half = String.join("\n", file.lines().limit(3).toList());
    send(target, half).body("imported", equalTo(3));
    send(target, file).body("imported", equalTo(3)).body("duplicates", equalTo(3));
    send(target, file + file).body("imported", equalTo(0)).body("duplicates", equalTo(12));
    send(source, file).body("imported", equalTo(0)).body("duplicates", equalTo(6));
    assertThat(rows(export(target))).hasSize(6);
    assertThat(workplace.one("select count(*) from task where project_id = ?1", target))
        .isEqualTo(2L);
  }

  @Test
  void twoAtOnceBringNothingTwice() {
    String file = export(source);
    List<CompletableFuture<Integer>> both =
        Stream.of(file, file)
            .map(
                f ->
                    CompletableFuture.supplyAsync(
                        () -> send(target, f).statusCode(200).extract().<Integer>path("imported")))
            .toList();
    assertThat(both.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(6);
  }

  @Test
  void whatCannotBeIsNamed() {
    ObjectNode good = rows(export(source)).get(0);
    String file =
        Stream.of(
                with(good, "ratings", "{\"x\": 3}"),
                with(good, "ratings", "{\"%s\": 8}".formatted(completion(good))),
                with(good, "flags", "{\"%s\": [\" \"]}".formatted(completion(good))),
                with(good, "displayedOrder", "[\"%s\"]".formatted(completion(good))),
                with(good, "elapsedMs", "-1"),
                with(good, "uncertainty", "1.5"),
                with(good, "submittedAt", "\"yesterday\""),
                with(good, "updatedAt", "\"+999999-01-01T00:00:00Z\""),
                with(good, "rationale", "7"),
                with(good, "promptMetadata", "[]"),
                with(good, "adjudication", "[]"),
                with(good, "adjudication", "{\"groups\": [[\"%s\"]]}".formatted(completion(good))),
                with(good, "adjudication", "{\"unrankable\": true, \"check\": true}"))
            .map(line -> line + "\n")
            .reduce("", String::concat);
    send(target, file)
        .statusCode(422)
        .body(
            "errors.collect { it.field.tokenize('.')[0] + ' ' + it.message }",
            equalTo(
                List.of(
                    "ratings names a completion that is not there",
                    "ratings must be from 1 to 7",
                    "flags has a flag without a name",
                    "displayedOrder leaves out a completion",
                    "elapsedMs must be from 0 to 9223372036854775807",
                    "uncertainty must be from 0 to 1",
                    "submittedAt must be a time such as 2026-01-31T12:00:00Z",
                    "updatedAt must be a time of this century that has passed",
                    "rationale must be a text",
                    "promptMetadata must be an object",
                    "adjudication must be an object",
                    "adjudication leaves out a completion",
                    "adjudication has an order that tells no two completions apart")));
    assertThat(workplace.one("select count(*) from task where project_id = ?1", target))
        .isEqualTo(0L);
  }

  @Test
  void aTaskHasNoMoreThanTwentyRankings() {
    ObjectNode good = rows(export(source)).get(0);
    StringBuilder twenty = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      twenty.append(with(good, "rankingId", "\"ranking %d\"".formatted(i))).append('\n');
    }
    good.put("rankingId", "ranking 20");
    send(target, twenty + good.toString()).statusCode(422);
    assertThat(workplace.one("select count(*) from task where project_id = ?1", target))
        .isEqualTo(0L);
    good.put("taskId", "of the same texts");
    send(target, twenty + good.toString()).statusCode(200).body("imported", equalTo(21));
  }

  @Test
  void thumbsOfSeveralPeopleComeBackToo() {
    Account ann = TestAccounts.create(Role.REVIEWER);
    thumb(ann, true);
    thumb(TestAccounts.create(Role.REVIEWER), false);
    thumb(administrator, true);
    String file = export(source, "thumbs");
    assertThat(file.lines()).hasSize(3);

    post(target, "thumbs", file).statusCode(200).body("imported", equalTo(3));
    assertThat(export(target, "thumbs")).isEqualTo(file);
    post(target, "thumbs", file).body("imported", equalTo(0)).body("duplicates", equalTo(3));

    thumb(ann, false);
    post(source, "thumbs", file).body("imported", equalTo(0));
    post(target, "thumbs", export(source, "thumbs")).body("imported", equalTo(1));
    assertThat(export(target, "thumbs")).isEqualTo(export(source, "thumbs"));
  }

  private void thumb(Account account, boolean up) {
    TestAccounts.as(account)
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "prompt",
                List.of(Map.of("role", "user", "content", "Hello?")),
                "completion",
                "Hello.",
                "up",
                up))
        .put("/api/projects/" + source + "/thumb")
        .then()
        .statusCode(200);
  }

  private void rank(Account account, int person) {
    var task =
        TestAccounts.as(account)
            .contentType(ContentType.JSON)
            .body("{}")
            .post("/api/projects/" + source + "/tasks/lease")
            .then()
            .statusCode(200)
            .extract()
            .jsonPath();
    Map<String, String> ids = new HashMap<>();
    task.<Map<String, String>>getList("completions")
        .forEach(completion -> ids.put(completion.get("text"), completion.get("id")));
    List<String> best = Stream.of(TEXTS).map(ids::get).toList();
    Map<String, Object> ranking =
        person == 2
            ? Map.of("unrankable", true, "rationale", "All are wrong.", "elapsedMs", 5000)
            : Map.of(
                "groups",
                List.of(best.subList(0, 1), best.subList(1, 3), best.subList(3, 4)),
                "ratings",
                Map.of(best.get(0), 7, best.get(3), 1),
                "flags",
                Map.of(best.get(3), List.of("untrue", "rude")),
                "strength",
                3,
                "rationale",
                "Four it is.",
                "elapsedMs",
                12_345);
    TestAccounts.as(account)
        .contentType(ContentType.JSON)
        .body(ranking)
        .put("/api/tasks/" + task.getString("id") + "/ranking")
        .then()
        .statusCode(200);
  }

  private String export(UUID project) {
    return export(project, "rankings");
  }

  private String export(UUID project, String format) {
    return TestAccounts.as(administrator)
        .get("/api/projects/" + project + "/export?format=" + format)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  private ValidatableResponse send(UUID project, String file) {
    return post(project, "comparisons", file);
  }

  private ValidatableResponse post(UUID project, String what, String file) {
    return TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(file.getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + project + "/" + what)
        .then();
  }

  private static List<ObjectNode> rows(String file) {
    return file.lines().map(line -> (ObjectNode) read(line)).toList();
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  private static String with(ObjectNode row, String field, String value) {
    ObjectNode changed = row.deepCopy();
    changed.set(field, read(value));
    return changed.toString();
  }

  private static String completion(JsonNode row) {
    return row.get("completions").get(0).get("id").textValue();
  }

  /** Texts in the place of completions' ids; nothing of what names rows of one server alone. */
  private static JsonNode withoutIds(ObjectNode row) {
    Map<String, String> texts = new HashMap<>();
    List<String> writings = new ArrayList<>();
    for (JsonNode completion : row.get("completions")) {
      ObjectNode writing = completion.deepCopy();
      texts.put(completion.get("id").textValue(), completion.get("text").textValue());
      writings.add(writing.without(List.of("id", "origin")).toString());
    }
    Collections.sort(writings);
    ObjectNode bare = row.deepCopy();
    bare.remove(
        List.of(
            "rankingId",
            "taskId",
            "promptId",
            "completions",
            "version",
            "guidelinesVersion",
            "authorKind"));
    String json = bare.toString();
    for (Map.Entry<String, String> text : texts.entrySet()) {
      json = json.replace(text.getKey(), text.getValue());
    }
    bare = (ObjectNode) read(json);
    bare.putPOJO("completions", writings);
    return read(bare.toString());
  }

  /** For each row the number of the first row of its task. */
  private static List<Integer> together(List<ObjectNode> rows) {
    List<String> tasks = rows.stream().map(row -> row.get("taskId").textValue()).toList();
    return tasks.stream().map(tasks::indexOf).toList();
  }

  private static HashSet<String> ids(List<ObjectNode> rows) {
    HashSet<String> ids = new HashSet<>();
    for (ObjectNode row : rows) {
      ids.add(row.get("rankingId").textValue());
      ids.add(row.get("taskId").textValue());
      row.get("completions").forEach(completion -> ids.add(completion.get("id").textValue()));
    }
    return ids;
  }
}
