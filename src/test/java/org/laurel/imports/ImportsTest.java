package org.laurel.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.project.TestProjects;

@QuarkusTest
class ImportsTest {
  @Inject AgroalDataSource database;

  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
  private final UUID project = TestProjects.create().id;

  @Test
  void promptsAreTakenOnceEach() {
    String file =
        """
        {"prompt": "How do I boil an egg?", "metadata": {"topic": "kitchen"}}

        {"prompt": [{"role": "user", "content": "How do I boil an egg?"}]}
        {"prompt": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello?"}], "language": "en"}
        """;

    send("prompts", file)
        .statusCode(200)
        .body("imported", equalTo(2))
        .body("duplicates", equalTo(1));
    send("prompts", file)
        .statusCode(200)
        .body("imported", equalTo(0))
        .body("duplicates", equalTo(3));
    TestAccounts.as(administrator)
        .get("/api/projects/" + project + "/prompts")
        .then()
        .body("items", hasSize(2))
        .body("items[0].metadata.topic", equalTo("kitchen"))
        .body("items[1].prompt[0].role", equalTo("system"))
        .body("next", nullValue());
  }

  @Test
  void numbersOfMetadataStayWhatTheyAre() {
    String metadata =
        "{\"id\":12345678901234567890123,\"tiny\":1E-400,\"sum\":0.1234567890123456789}";
    send("prompts", "{\"prompt\": \"p\", \"metadata\": " + metadata + "}").statusCode(200);
    assertThat(
            query(
                "select (metadata->>'id') || ' ' || (metadata->>'tiny')::numeric * 1e400 || ' '"
                    + " || (metadata->>'sum') from prompt where project_id = ?"))
        .startsWith("12345678901234567890123 1.")
        .endsWith(" 0.1234567890123456789");
  }

  @Test
  void aMalformedLine17IsNamedAndNothingIsImported() {
    String file = lines(16) + "{\"prompt\": \"seventeen\"\n" + lines(3);

    send("prompts", file)
        .statusCode(422)
        .contentType("application/problem+json")
        .body("errors", hasSize(1))
        .body("errors[0].line", equalTo(17))
        .body("errors[0].message", containsString("not valid JSON at column"))
        .body("detail", containsString("line 17"));
    assertThat(count("prompt")).isZero();
  }

  @Test
  void thePartialImportTakesTheGoodLines() {
    String file =
        lines(16) + "{\"prompt\": 17}\n" + lines(3) + "{\"promt\": \"x\"}\n{\"prompt\": \" \"}\n";

    send("prompts?partial=true", file)
        .statusCode(200)
        .body("imported", equalTo(19))
        .body("rejected", equalTo(3))
        .body("errors.line", equalTo(List.of(17, 21, 22)))
        .body("errors[0].field", equalTo("prompt"))
        .body("errors[1].message", equalTo("is missing"));
    assertThat(count("prompt")).isEqualTo(19);
  }

  @Test
  void aFaultAfterManyLinesUndoesThemToo() {
    send("prompts", lines(1200) + "nonsense\n")
        .statusCode(422)
        .body("errors[0].line", equalTo(1201));
    assertThat(count("prompt")).isZero();
  }

  @Test
  void aPromptOf10MegabytesIsRefused() {
    String huge = "{\"prompt\": \"" + "x".repeat(10_000_000) + "\"}\n";
    String large = "{\"prompt\": \"" + "x".repeat(100_000) + "\"}\n";

    send("prompts", lines(1) + huge + large)
        .statusCode(422)
        .body("errors.line", equalTo(List.of(2, 3)))
        .body("errors[0].message", containsString("has 10000014 bytes"))
        .body("errors[1].message", containsString("has 100000 bytes; at most 65536 are taken"));
  }

  @Test
  void invalidUtf8IsNamedByItsLine() {
    byte[] good = lines(2).getBytes(StandardCharsets.UTF_8);
    byte[] bad = "{\"prompt\": \"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = new byte[good.length + bad.length];
    System.arraycopy(good, 0, file, 0, good.length);
    System.arraycopy(bad, 0, file, good.length, bad.length);

    TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(file)
        .post("/api/projects/" + project + "/prompts")
        .then()
        .statusCode(422)
        .body("errors[0].line", equalTo(3))
        .body("errors[0].message", equalTo("is not UTF-8 at byte 16"));
  }

  @Test
  void whatPostgresCannotStoreIsRefusedByLine() {
    send(
            "prompts",
            "{\"prompt\": \"a\\u0000b\"}\n{\"prompt\": \"\\ud800\"}\n{\"prompt\": \"a\", \"metadata\": {\"k\": \"\\u0000\"}}\n")
        .statusCode(422)
        .body("errors.line", equalTo(List.of(1, 2, 3)))
        .body("errors[2].field", equalTo("metadata"));
  }

  @Test
  void onlyAdministratorsImport() {
    for (String role : new String[] {Role.ANNOTATOR, Role.REVIEWER}) {
      TestAccounts.as(role)
          .contentType("application/x-ndjson")
          .body(lines(1).getBytes(StandardCharsets.UTF_8))
          .post("/api/projects/" + project + "/prompts")
          .then()
          .statusCode(403);
    }
    TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(lines(1).getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + UUID.randomUUID() + "/prompts")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
  }

  @Test
  void aFormIsNoFile() {
    TestAccounts.as(administrator)
        .contentType("application/x-www-form-urlencoded")
        .body(lines(1))
        .post("/api/projects/" + project + "/prompts")
        .then()
        .statusCode(415);
  }

  @Test
  void demonstrationsComeInThreeShapes() {
    String file =
        """
        {"prompt": "Say hi.", "completion": "Hi!"}
        {"messages": [{"role": "user", "content": "Say hi."}, {"role": "assistant", "content": "Hello!"}]}
        {"instruction": "Add.", "input": "1 and 1", "output": "2"}
        {"prompt": "Say hi.", "completion": "Hi!"}
        """;

    send("demonstrations", file)
        .statusCode(200)
        .body("imported", equalTo(3))
        .body("duplicates", equalTo(1));
    assertThat(count("prompt")).isEqualTo(2);
  }

  @Test
  void everyPreferenceFormatIsToldFromItsFields() {
    String file =
        """
        {"prompt": "p1", "chosen": "good", "rejected": "bad"}
        {"prompt": [{"role": "user", "content": "p2"}], "chosen": [{"role": "assistant", "content": "good"}], "rejected": [{"role": "assistant", "content": "bad"}]}
        {"chosen": [{"role": "user", "content": "p3"}, {"role": "assistant", "content": "good"}], "rejected": [{"role": "user", "content": "p3"}, {"role": "assistant", "content": "bad"}]}
        {"chosen": "\\n\\nHuman: p4\\n\\nAssistant: good", "rejected": "\\n\\nHuman: p4\\n\\nAssistant: bad"}
        {"conversations": [{"from": "human", "value": "p5"}], "chosen": {"from": "gpt", "value": "good"}, "rejected": {"from": "gpt", "value": "bad"}}
        {"instruction": "p6", "input": "", "chosen": "good", "rejected": "bad"}
        {"prompt": "p7", "completions": ["bad", "good", "fair", "as fair"], "groups": [[1], [2, 3], [0]], "strength": 3}
        """;

    send("comparisons", file)
        .statusCode(200)
        .body("imported", equalTo(7))
        .body("rejected", equalTo(0));
    send("comparisons", file)
        .statusCode(200)
        .body("imported", equalTo(0))
        .body("duplicates", equalTo(7));

    assertThat(
            query(
                "select string_agg(p.text || ':' || a.text || '>' || b.text, ' ' order by p.text) from comparison c"
                    + " join prompt p on p.id = c.prompt_id join completion a on a.id = c.chosen_id"
                    + " join completion b on b.id = c.rejected_id"
                    + " where c.project_id = ? and a.text = 'good' and b.text = 'bad' and not c.tie"))
        .isEqualTo(
            "p1:good>bad p2:good>bad p3:good>bad p4:good>bad p5:good>bad p6:good>bad p7:good>bad");
    assertThat(query("select count(*) from comparison where project_id = ? and tie"))
        .isEqualTo("1");
    assertThat(query("select count(*) from task where project_id = ? and closed_at is null"))
        .isEqualTo("0");
  }

  /** Rows of the kinds that the published data has beside the plain ones. */
  @Test
  void hhRlhfIsTakenAsItIs() {
    String file =
        """
        {"chosen": "\\n\\nHuman: p1\\n\\nAssistant: good", "rejected": "\\n\\nHuman: p1\\n\\nAssistant:"}
        {"chosen": "\\n\\nHuman: p2\\n\\nAssistant: a\\n\\nHuman: b\\n\\nAssistant: good", "rejected": "\\n\\nHuman: p2\\n\\nAssistant: c\\n\\nHuman: d\\n\\nAssistant: bad"}
        {"chosen": "\\n\\nHuman: p3\\n\\nAssistant: good", "rejected": "\\n\\nHuman: p3\\n\\nAssistant: bad\\n\\nHuman: why?"}
        {"chosen": "\\n\\nHuman: p4\\n\\nHuman: more\\n\\nAssistant: good", "rejected": "\\n\\nHuman: p4\\n\\nHuman: more\\n\\nAssistant: \\n\\nAssistant: bad"}
        {"chosen": "\\n\\nHuman: p5\\n\\nAssistant: same", "rejected": "\\n\\nHuman: p5\\n\\nAssistant: same "}
        {"chosen": "\\n\\nHuman: p6\\n\\nAssistant:", "rejected": "\\n\\nHuman: p6\\n\\nAssistant:"}
        {"chosen": "\\n\\nHuman: p7\\n\\nAssistant: good\\n\\nHuman: thanks\\n\\nAssistant: bye", "rejected": "\\n\\nHuman: p7\\n\\nAssistant: good"}
        """;

    send("comparisons?format=hh-rlhf", file)
        .statusCode(200)
        .body("imported", equalTo(5))
        .body("duplicates", equalTo(2))
        .body("rejected", equalTo(0));
    assertThat(
            query(
                "select string_agg(p.text || ':' || a.text || '>' || b.text, '|' order by p.text) from comparison c"
                    + " join prompt p on p.id = c.prompt_id join completion a on a.id = c.chosen_id"
                    + " join completion b on b.id = c.rejected_id where c.project_id = ?"))
        .isEqualTo(
            """
            p1:good>|p2:a

            Human: b

            Assistant: good>c

            Human: d

            Assistant: bad|p3:good>bad

            Human: why?|p4

            more:good>bad|p7:good

            Human: thanks

            Assistant: bye>good""");
    String exported = export("hh-rlhf");
    assertThat(exported)
        .contains("\\n\\nHuman: p2\\n\\nAssistant: a\\n\\nHuman: b\\n\\nAssistant: good");
    send("comparisons?format=hh-rlhf", exported).body("imported", equalTo(0));
    send("comparisons", export("rankings")).body("imported", equalTo(0));

    send(
            "comparisons?format=hh-rlhf",
            "{\"chosen\": \"\\n\\nHuman: a\\n\\nAssistant: b\", \"rejected\": \"\\n\\nHuman: c\\n\\nAssistant: d\"}")
        .statusCode(422)
        .body("errors[0].message", equalTo("must begin with the same human's turn as chosen"));
  }

  @Test
  void theBlankBeforeAnAnswerToATranscriptIsNoPartOfIt() {
    send(
            "comparisons",
            "{\"prompt\": \"\\n\\nHuman: p\\n\\nAssistant:\", \"chosen\": \" good\", \"rejected\": \" bad\"}")
        .body("imported", equalTo(1));
    send(
            "comparisons",
            "{\"chosen\": \"\\n\\nHuman: p\\n\\nAssistant: good\", \"rejected\": \"\\n\\nHuman: p\\n\\nAssistant: bad\"}")
        .body("duplicates", equalTo(1));
  }

  @Test
  void aContradictionIsAnotherJudgment() {
    send("comparisons", "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}\n")
        .body("imported", equalTo(1));
    send("comparisons", "{\"prompt\": \"p\", \"chosen\": \"b\", \"rejected\": \"a\"}\n")
        .body("imported", equalTo(1));
  }

  @Test
  void whatCouldNotBeRankedComesBackAsThat() {
    String line =
        "{\"prompt\": \"p\", \"completions\": [\"%s\", \"%s\"], \"groups\": [], \"unrankable\": true}%n";
    send("comparisons?format=rankings", line.formatted("a", "b") + line.formatted("c", "d"))
        .statusCode(200)
        .body("imported", equalTo(2));
    send("comparisons?format=rankings", line.formatted("b", "a"))
        .body("imported", equalTo(0))
        .body("duplicates", equalTo(1));
    assertThat(export("rankings").lines())
        .hasSize(2)
        .allMatch(row -> row.contains("\"unrankable\":true"));
  }

  @Test
  void aRetiredPromptThatIsImportedAgainIsBack() {
    String prompt = "{\"prompt\": \"wanted again\"}\n";
    send("prompts", prompt).body("imported", equalTo(1));
    String id =
        TestAccounts.as(administrator)
            .get("/api/projects/" + project + "/prompts")
            .path("items[0].id");
    TestAccounts.as(administrator).delete("/api/prompts/" + id).then().statusCode(204);
    TestAccounts.as(administrator)
        .get("/api/prompts/" + id)
        .then()
        .body("retiredAt", notNullValue());

    send("prompts", prompt + prompt).body("imported", equalTo(1)).body("duplicates", equalTo(1));

    TestAccounts.as(administrator).get("/api/prompts/" + id).then().body("retiredAt", nullValue());
  }

  @Test
  void wrongJudgmentsAreNamed() {
    String file =
        """
        {"prompt": "p", "chosen": "same", "rejected": "same"}
        {"prompt": "p", "chosen": "", "rejected": "b"}
        {"chosen": "no transcript", "rejected": "\\n\\nHuman: p\\n\\nAssistant: b"}
        {"prompt": "p", "completions": ["a", "b"], "groups": [[0], [0]]}
        {"prompt": "p", "completions": ["a", "b"], "groups": [[0]]}
        {"prompt": "p", "rejected": "b"}
        {"prompt": "p", "completions": [{"id": "x", "text": "a"}, {"id": "x", "text": "b"}], "groups": [["x"]]}
        """;

    send("comparisons", file)
        .statusCode(422)
        .body("errors.line", equalTo(List.of(1, 2, 3, 4, 5, 6, 7)))
        .body(
            "errors.message",
            equalTo(
                List.of(
                    "is the same text as chosen",
                    "is empty",
                    "is no transcript of \\n\\nHuman: and \\n\\nAssistant: turns",
                    "names a completion a second time",
                    "leaves out a completion",
                    "is missing",
                    "has the id of another completion")));
    send("comparisons?format=csv", file).statusCode(422).body("errors[0].field", equalTo("format"));
  }

  @Test
  void theSameLinesInAnotherOrderWaitForEachOther() throws Exception {
    List<String> there = new ArrayList<>(lines(1500).lines().toList());
    String forth = String.join("\n", there);
    Collections.reverse(there);
    String back = String.join("\n", there);
    ExecutorService both = Executors.newFixedThreadPool(2);
    int imported = 0;
    for (Future<Integer> one :
        both.invokeAll(
            List.<Callable<Integer>>of(
                () -> send("prompts", forth).statusCode(200).extract().path("imported"),
                () -> send("prompts", back).statusCode(200).extract().path("imported")))) {
      imported += one.get();
    }
    both.shutdown();
    assertThat(imported).isEqualTo(1500);
  }

  /** Sixty are more than the database has connections for. */
  @Test
  void whoSendsSlowlyHoldsNoConnection() throws Exception {
    List<Socket> slow = new ArrayList<>();
    String head =
        "POST /api/projects/%s/prompts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000\r\n\r\n%s"
            .formatted(project, TestAccounts.token(administrator), lines(1));
    try {
      for (int i = 0; i < 60; i++) {
        Socket socket = new Socket("localhost", RestAssured.port);
        slow.add(socket);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
      }
      Thread.sleep(1000);
      send("prompts", lines(1)).statusCode(200).body("imported", equalTo(1));
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void aRepeatedImportWithItsKeyIsAnsweredAgain() {
    String key = UUID.randomUUID().toString();
    byte[] file = lines(3).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 2; i++) {
      TestAccounts.as(administrator)
          .header("Idempotency-Key", key)
          .contentType("application/x-ndjson")
          .body(file)
          .post("/api/projects/" + project + "/prompts")
          .then()
          .statusCode(200)
          .body("imported", equalTo(3));
    }
  }

  private ValidatableResponse send(String what, String file) {
    return TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(file.getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + project + "/" + what)
        .then();
  }

  private String export(String format) {
    return TestAccounts.as(administrator)
        .get("/api/projects/" + project + "/export?format=" + format)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  private static String lines(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append("{\"prompt\": \"").append(UUID.randomUUID()).append("\"}\n");
    }
    return lines.toString();
  }

  private int count(String table) {
    return Integer.parseInt(query("select count(*) from " + table + " where project_id = ?"));
  }

  private String query(String sql) {
    try (var connection = database.getConnection();
        var select = connection.prepareStatement(sql)) {
      select.setObject(1, project);
      try (var row = select.executeQuery()) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
