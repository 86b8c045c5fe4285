package org.laurel.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.project.TestProjects;

/** Answers by other models become tasks in the project's queue. */
@QuarkusTest
class CompletionImportTest extends ImportScene {
  private static final String TWO_MODELS =
      """
      {"prompt": "How long do eggs keep?", "completions": [{"text": "Three weeks.", "model": "other-7b", "metadata": {"cost": 0.25}}, {"text": "For ever.", "model": "other-1b"}], "metadata": {"topic": "kitchen"}, "language": "en"}
      """;

  private final Account annotator = TestAccounts.create(Role.ANNOTATOR);

  @Test
  void eachLineIsATaskForAsManyPeopleAsTheProjectWants() {
    set("overlap = 3, completions_per_prompt = 4");
    String file =
        TWO_MODELS
            + """
            {"prompt": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello?"}], "completions": ["Hi.", "Hello.", {"role": "assistant", "content": "Yes?"}, [{"role": "assistant", "content": "Who is it?"}], "?"]}
            {"prompt": "\\n\\nHuman: Hello?\\n\\nAssistant:", "completions": [" Hi.", " Hello."]}
            """;

    send("completions", file)
        .statusCode(200)
        .body("imported", equalTo(3))
        .body("duplicates", equalTo(0))
        .body("rejected", equalTo(0));

    assertThat(
            query(
                "select string_agg(t.origin || t.priority || (select count(*) from task_seat s"
                    + " where s.task_id = t.id and s.submitted_at is null and s.seat <= 3)"
                    + " || (select string_agg(c.text, '|' order by c.text collate \"C\")"
                    + " from completion c join task_completion m on m.completion_id = c.id"
                    + " where m.task_id = t.id and c.origin = 'import'), ' / ' order by t.created_at)"
                    + " from task t where t.project_id = ? and t.closed_at is null"))
        .isEqualTo(
            "import03For ever.|Three weeks. / import03?|Hello.|Hi.|Who is it?|Yes? / import03Hello.|Hi.");
    assertThat(
            query(
                "select metadata->>'topic' || language from prompt where project_id = ?"
                    + " and text = 'How long do eggs keep?'"))
        .isEqualTo("kitchenen");
  }

  @Test
  void tasksAreHandedOutInTheOrderOfTheFileAndTheMoreUrgentFirst() {
    send("completions", tasks("later", 20)).body("imported", equalTo(20));
    send("completions?priority=7&overlap=2", tasks("urgent", 2)).body("imported", equalTo(2));

    List<String> given = new ArrayList<>();
    for (int i = 0; i < 22; i++) {
      given.add(rank(lease().extract().jsonPath()));
    }
    assertThat(given.subList(0, 2)).containsExactly("urgent 0", "urgent 1");
    assertThat(given.subList(2, 22))
        .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "later " + i).toList());
    assertThat(
            query(
                "select string_agg(distinct t.priority || ':' || (select count(*) from task_seat s"
                    + " where s.task_id = t.id), ' ') from task t where t.project_id = ?"))
        .isEqualTo("0:1 7:2");
  }

  @Test
  void theIdsOfTasksAreInNoOrder() {
    send("completions", tasks("p", 40));
    assertThat(
            query(
                "select string_agg(split_part(p.text, ' ', 2), ' ' order by t.id)"
                    + " from task t join prompt p on p.id = t.prompt_id where t.project_id = ?"))
        .isNotEqualTo(
            IntStream.range(0, 40).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
  }

  @Test
  void theSameTextsOfAPromptAreADuplicateWhoeverWroteThem() {
    send("prompts", "{\"prompt\": \"p\"}").body("imported", equalTo(1));
    String line =
        "{\"prompt\": \"p\", \"completions\": [\"a\", {\"text\": \"b\", \"model\": \"m\"}]}\n";
    String turned = "{\"prompt\": \"p\", \"completions\": [\"b\", \"a \"]}\n";
    String more = "{\"prompt\": \"p\", \"completions\": [\"a\", \"b\", \"c\"]}\n";

    send("completions", line + turned).body("imported", equalTo(1)).body("duplicates", equalTo(1));
    send("completions", line + more).body("imported", equalTo(1)).body("duplicates", equalTo(1));
    assertThat(count("prompt")).isEqualTo(1);
    assertThat(count("task")).isEqualTo(2);
    assertThat(
            query(
                "select count(*) from completion c join prompt p on p.id = c.prompt_id"
                    + " where p.project_id = ?"))
        .isEqualTo("5");

    send("comparisons", "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}\n")
        .body("imported", equalTo(1));
  }

  @Test
  void twoAtOnceOpenNothingTwice() {
    String file = tasks("p", 600);
    List<CompletableFuture<Integer>> both =
        Stream.of(file, file)
            .map(
                f ->
                    CompletableFuture.supplyAsync(
                        () ->
                            send("completions", f)
                                .statusCode(200)
                                .extract()
                                .<Integer>path("imported")))
            .toList();
    assertThat(both.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(600);
    assertThat(count("task")).isEqualTo(600);
  }

  @Test
  void everyFaultIsNamedByLineAndFieldAndNothingIsTaken() {
    String good = "{\"prompt\": \"good\", \"completions\": [\"a\", \"b\"]}\n";
    String file =
        good
            + """
            {"completions": ["a", "b"]}
            {"prompt": "p"}
            {"prompt": "p", "completions": ["a"]}
            {"prompt": "p", "completions": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]}
            {"prompt": "p", "completions": ["a", " "]}
            {"prompt": "p", "completions": ["a", "b", "a "]}
            {"prompt": "p", "completions": ["a", {"model": "m"}]}
            {"prompt": "p", "completions": ["a", {"text": 7}]}
            {"prompt": "p", "completions": ["a", 7]}
            {"prompt": "p", "completions": ["a", {"text": "b", "model": 7}]}
            {"prompt": "p", "completions": ["a", {"text": "b", "metadata": []}]}
            {"prompt": "p", "completions": ["a", {"role": "user", "content": "b"}]}
            {"prompt": [{"role": "user", "content": "p"}, {"role": "assistant", "content": "c"}], "completions": ["a", "b"]}
            {"prompt": "p", "completions": ["a", "b\\u0000"]}
            """;

    send("completions", file)
        .statusCode(422)
        .contentType("application/problem+json")
        .body(
            "errors.collect { it.line + ' ' + it.field + ' ' + it.message }",
            equalTo(
                List.of(
                    "2 prompt is missing",
                    "3 completions is missing",
                    "4 completions must be a list of 2 to 9",
                    "5 completions must be a list of 2 to 9",
                    "6 completions[1] is empty",
                    "7 completions[2] is the same text as completions[0]",
                    "8 completions[1].text is missing",
                    "9 completions[1].text must be a text",
                    "10 completions[1] must be a text",
                    "11 completions[1].model must be a text",
                    "12 completions[1].metadata must be an object",
                    "13 completions[1] must be the assistant's",
                    "14 prompt must end with a user's message",
                    "15 completions[1] contains the character U+0000")));
    assertThat(count("task") + count("prompt")).isZero();

    send("completions?partial=true", file)
        .statusCode(200)
        .body("imported", equalTo(1))
        .body("rejected", equalTo(14));
    assertThat(count("task")).isEqualTo(1);
  }

  @Test
  void aLineWithItsRightOrderIsASilentCheck() {
    String file =
        """
        {"prompt": "p", "completions": ["a", "b", "c"], "gold": [[1], [0, 2]]}
        {"prompt": "q", "completions": [{"id": "x", "text": "a"}, {"id": "y", "text": "b"}], "gold": [["y"], ["x"]]}
        {"prompt": "r", "completions": ["a", "b"], "gold": null}
        """;
    send("completions", file).statusCode(200).body("imported", equalTo(3));
    send("completions", file).statusCode(200).body("duplicates", equalTo(3));
    assertThat(
            query(
                "select string_agg(p.text || ':' || (select string_agg(c.text || g.place, ''"
                    + " order by g.place, c.text) from adjudication_place g"
                    + " join completion c on c.id = g.completion_id where g.task_id = t.id), ' '"
                    + " order by p.text) from silent_check k join task t on t.id = k.task_id"
                    + " join prompt p on p.id = t.prompt_id where k.project_id = ?"
                    + " and t.closed_at is not null and not exists (select 1 from task_seat s"
                    + " where s.task_id = t.id)"))
        .isEqualTo("p:b1a2c2 q:b1a2");
    assertThat(
            query(
                "select string_agg(p.text, ' ') from task t join prompt p on p.id = t.prompt_id"
                    + " where t.project_id = ? and t.closed_at is null"))
        .isEqualTo("r");
  }

  @Test
  void aRightOrderThatIsNoneIsRefused() {
    Map<String, String> faults =
        Map.of(
            "[[0, 1]]", "tells no two completions apart",
            "[[0]]", "leaves out a completion",
            "[[0], [2]]", "names a completion that is not there",
            "[[0], [1, 0]]", "names a completion a second time",
            "[[0], []]", "is empty",
            "\"b\"", "must be a list of lists, best first");
    faults.forEach(
        (gold, fault) ->
            send(
                    "completions",
                    "{\"prompt\": \"ok\", \"completions\": [\"a\", \"b\"]}\n"
                        + "{\"prompt\": \"p\", \"completions\": [\"a\", \"b\"], \"gold\": %s}"
                            .formatted(gold))
                .statusCode(422)
                .body("errors[0].line", equalTo(2))
                .body("errors[0].field", containsString("gold"))
                .body("errors[0].message", equalTo(fault)));
    assertThat(query("select count(*)::text from task where project_id = ?")).isEqualTo("0");
  }

  @Test
  void anOverlapOrPriorityBeyondTheBoundsIsNamed() {
    for (String query : List.of("overlap=0", "overlap=21", "priority=1001", "priority=-1001")) {
      send("completions?" + query, tasks("p", 1))
          .statusCode(422)
          .body("errors", hasSize(1))
          .body("errors[0].field", equalTo(query.split("=")[0]));
    }
    send("completions?overlap=two", tasks("p", 1)).statusCode(400);
    assertThat(count("task")).isZero();
  }

  @Test
  void onlyAdministratorsBringThem() {
    for (String role : List.of(Role.ANNOTATOR, Role.REVIEWER)) {
      TestAccounts.as(role)
          .contentType("application/x-ndjson")
          .body(TWO_MODELS.getBytes(StandardCharsets.UTF_8))
          .post("/api/projects/" + project + "/completions")
          .then()
          .statusCode(403);
    }
  }

  @Test
  void whoWroteACompletionIsKeptAndExportedButNotToldToAnnotators() {
    send("completions", TWO_MODELS).body("imported", equalTo(1));
    ValidatableResponse task = lease().body(not(containsString("other-7b")));
    task.body(not(containsString("cost")));
    rank(task.extract().jsonPath());

    TestAccounts.as(administrator)
        .get("/api/projects/" + project + "/statistics")
        .then()
        .body("models.size()", equalTo(2))
        .body("models.sum { it.pairs }", equalTo(2))
        .body("models.collect { it.rate }", equalTo(List.of(1f, 0f)));
    String file = export("rankings");
    assertThat(byText(file))
        .containsEntry("Three weeks.", "other-7b {cost=0.25}")
        .containsEntry("For ever.", "other-1b {}");

    UUID other = TestProjects.create().id;
    as("/api/projects/" + other + "/comparisons", file).body("imported", equalTo(1));
    String again =
        TestAccounts.as(administrator)
            .get("/api/projects/" + other + "/export?format=rankings")
            .asString();
    assertThat(byText(again)).isEqualTo(byText(file));
  }

  @Test
  void rankingsOfElsewhereCanBeRankedOnceMore() {
    send("completions", TWO_MODELS).body("imported", equalTo(1));
    rank(lease().extract().jsonPath());
    UUID other = TestProjects.create().id;

    as("/api/projects/" + other + "/completions", export("rankings")).body("imported", equalTo(1));

    assertThat(
            query(
                "select count(*) from completion c where c.source_policy = 'other-7b'"
                    + " and c.metadata ->> 'cost' = '0.25' and ?::uuid is not null"
                    + " and exists (select 1 from task t join task_completion m on m.task_id = t.id"
                    + " where m.completion_id = c.id and t.closed_at is null and t.project_id = '"
                    + other
                    + "')"))
        .isEqualTo("1");
  }

  private static Map<String, String> byText(String file) {
    Map<String, String> found = new HashMap<>();
    for (Map<String, Object> completion :
        JsonPath.from(file).<Map<String, Object>>getList("completions")) {
      found.put(
          String.valueOf(completion.get("text")),
          completion.get("policy") + " " + completion.get("metadata"));
    }
    return found;
  }

  private ValidatableResponse as(String path, String file) {
    return TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(file.getBytes(StandardCharsets.UTF_8))
        .post(path)
        .then()
        .statusCode(200);
  }

  private ValidatableResponse lease() {
    return TestAccounts.as(annotator)
        .contentType(ContentType.JSON)
        .body("{}")
        .post("/api/projects/" + project + "/tasks/lease")
        .then()
        .statusCode(200);
  }

  /** The prompt of the task, which has its ranking now. */
  private String rank(JsonPath task) {
    List<List<String>> groups =
        task.<String>getList("completions.id").stream().map(List::of).toList();
    TestAccounts.as(annotator)
        .contentType(ContentType.JSON)
        .body(Map.of("groups", groups, "elapsedMs", 5000))
        .put("/api/tasks/" + task.getString("id") + "/ranking")
        .then()
        .statusCode(200);
    return task.getString("prompt");
  }

  private static String tasks(String prompt, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> "{\"prompt\": \"%s %d\", \"completions\": [\"a\", \"b\"]}\n".formatted(prompt, i))
        .collect(Collectors.joining());
  }

  private void set(String columns) {
    try (var connection = database.getConnection();
        var update =
            connection.prepareStatement("update project set " + columns + " where id = ?")) {
      update.setObject(1, project);
      update.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
