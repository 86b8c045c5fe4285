package org.laurel.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class ImportsTest extends ImportScene {
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
  void anArrayIsTakenAsItsElementsAre() {
    send("prompts", "[{\"prompt\": \"a\"}, {\"prompt\": \"b\"},\n {\"prompt\": \"a\"}]")
        .statusCode(200)
        .body("imported", equalTo(2))
        .body("duplicates", equalTo(1));
  }

  @Test
  void faultsOfAnArrayAreNamedByLineAndPlace() {
    String file =
        """
        [
          {"prompt": "a"},
          {"prompt": [{"role": "user"}]},
          {
            "prompt": oops
          }, 7,
          {"prompt": "b"}""";
    send("prompts", file)
        .statusCode(422)
        .body(
            "detail",
            equalTo(
                "nothing was imported; line 3: [1].prompt[0] must have role and content, both"
                    + " texts, and 3 more lines are wrong"))
        .body("errors.line", contains(3, 5, 6, 7))
        .body("errors.field", contains("[1].prompt[0]", "[2]", "[3]", "[4]"))
        .body("errors[1].message", startsWith("is not valid JSON at column 19"))
        .body("errors[2].message", equalTo("is not a JSON object"))
        .body("errors[3].message", startsWith("is cut off"));
    assertThat(count("prompt")).isZero();
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
}
