package org.laurel.demonstration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.account.Account;
import org.laurel.dataset.DatasetSnapshot;
import org.laurel.dataset.Snapshots;

@QuarkusTest
class DemonstrationsTest extends WritingScene {
  @Inject Snapshots snapshots;
  @Inject ObjectMapper json;
  @TempDir Path folder;

  @Test
  void isStoredBeforeItIsAcknowledged() {
    UUID prompt = prompts(1).get(0);
    leased(ann);
    write(ann, prompt, "\n\n  **Seven** minutes.  \n", "unclear", "unclear")
        .statusCode(200)
        .body("text", equalTo("  **Seven** minutes."))
        .body("flags", equalTo(List.of("unclear")))
        .body("version", equalTo(1))
        .body("elapsedMs", equalTo(61_000));
    assertThat(workplace.one("select text from demonstration where prompt_id = ?1", prompt))
        .isEqualTo("  **Seven** minutes.");
    as(ann).get(path(prompt)).then().body("written.version", equalTo(1)).body("draft", nullValue());
  }

  @Test
  void refusesWhatIsNoDemonstration() {
    UUID prompt = prompts(1).get(0);
    write(ann, prompt, "not leased").statusCode(409).body("detail", containsString("not leased"));
    leased(ann);
    write(ann, prompt, " \n ").statusCode(422).body("errors[0].field", equalTo("text"));
    write(ann, prompt, "é".repeat(33_000)).statusCode(422).body("detail", containsString("bytes"));
    write(ann, prompt, "ok", "x".repeat(41)).statusCode(422);
    write(ann, prompt, "ok", " ").statusCode(422);
    as(ann).body("{\"text\": \"a\\u0000b\"}").put(path(prompt)).then().statusCode(422);
    as(ann).body("{\"text\": \"ok\", \"elapsedMs\": -1}").put(path(prompt)).then().statusCode(422);
    write(ann, UUID.randomUUID(), "ok").statusCode(404);
    counts().body("written", equalTo(0));
  }

  @Test
  void aChangeTakesThePlaceOfWhatWasBeforeAndTheSameAgainChangesNothing() {
    UUID prompt = prompts(1).get(0);
    leased(ann);
    String first = write(ann, prompt, "Seven minutes.").extract().path("id");
    write(ann, prompt, "Seven minutes.").body("id", equalTo(first)).body("version", equalTo(1));
    draft(ann, prompt, Map.of("text", "Eight")).statusCode(200).body("leaseExpiresAt", nullValue());
    String second =
        write(ann, prompt, "Eight minutes.").body("version", equalTo(2)).extract().path("id");
    write(ann, prompt, "Seven minutes.").body("version", equalTo(3));
    write(ann, prompt, "Seven minutes.", "unclear").body("version", equalTo(4));
    assertThat(second).isNotEqualTo(first);

    list("").body("items", hasSize(1)).body("items[0].version", equalTo(4));
    counts().body("written", equalTo(1)).body("flagged", equalTo(1));
    assertThat(exported(project, "alpaca").lines()).hasSize(1);
    setAside(UUID.fromString(first)).statusCode(409).body("detail", containsString("Look at it"));
    assertThat(
            workplace.one(
                "select string_agg(action, ' ' order by id) from audit_event where project_id = ?1",
                project))
        .isEqualTo(
            "demonstration.written demonstration.changed demonstration.changed"
                + " demonstration.changed");
  }

  @Test
  void whatIsSetAsideCountsNowhereAndThePromptWantsAnother() throws IOException {
    UUID prompt = prompts(1).get(0);
    UUID demonstration = written(ann, "Copied.");
    DatasetSnapshot before = snapshots.freezeDemonstrations(project, null);
    next(bob).then().statusCode(204);

    setAside(demonstration).statusCode(200);

    counts()
        .body("written", equalTo(0))
        .body("people", equalTo(0))
        .body("setAside", equalTo(1))
        .body("promptsLeft", equalTo(1));
    assertThat(exported(project, "alpaca")).isEmpty();
    assertThat(exported(project, "trl-prompt-completion")).isEmpty();
    assertThat(exported(project, "demonstrations")).contains("copied from a book");
    assertThat(snapshots.freezeDemonstrations(project, null).rowCount).isZero();
    assertThat(rows(before)).as("what was frozen stays").hasSize(1);
    list("?only=set-aside")
        .body("items[0].setAside.reason", equalTo("copied from a book"))
        .body("items[0].setAside.by", equalTo(reviewer.email));

    // what its writer makes of it stays aside, and others are asked
    String changed = write(ann, prompt, "Copied, too.").extract().path("id");
    counts().body("written", equalTo(0));
    assertThat(leased(bob)).isEqualTo(prompt);
    write(bob, prompt, "Seven minutes.").statusCode(200);
    counts().body("written", equalTo(1)).body("promptsLeft", equalTo(0));

    bringBack(UUID.fromString(changed)).statusCode(200);
    bringBack(UUID.fromString(changed)).statusCode(409);
    counts().body("written", equalTo(2)).body("people", equalTo(2)).body("setAside", equalTo(0));
  }

  @Test
  void aRoundsSnapshotSaysWhoseDemonstrationsItHas() throws IOException {
    prompts(3);
    written(ann, "Seven minutes.");
    written(ann, "Eight minutes.");
    written(bob, "Nine minutes.");
    bring(project, "{\"prompt\": \"Hi?\", \"completion\": \"Hello.\"}").statusCode(200);

    DatasetSnapshot snapshot = snapshots.freezeDemonstrations(project, administrator.id);

    assertThat(snapshot.selection)
        .isEqualTo(
            Map.of("writers", Map.of(ann.id.toString(), 2, bob.id.toString(), 1), "unnamed", 1));
    assertThat(rows(snapshot))
        .extracting(row -> row.path("annotator").asText() + ": " + row.get("completion").asText())
        .containsExactlyInAnyOrder(
            ann.id + ": Seven minutes.",
            ann.id + ": Eight minutes.",
            bob.id + ": Nine minutes.",
            ": Hello.");
  }

  @Test
  void comeBackFromTheirExport() throws IOException {
    workplace.run(
        "update project set settings = '{\"demonstrationsPerPrompt\": 3}' where id = ?1", project);
    bring(project, "{\"prompt\": \"Hi?\", \"completion\": \"Hello.\", \"language\": \"en\"}");
    written(ann, "Good day.", "unclear");
    setAside(written(bob, "Good day.")).statusCode(200); // the prompt wants three
    String file = exported(project, "demonstrations");
    assertThat(file.lines()).hasSize(3);

    UUID other = workplace.project("{}");
    bring(other, file).statusCode(200).body("imported", equalTo(3));
    bring(other, file).body("imported", equalTo(0)).body("duplicates", equalTo(3));
    bring(project, file).body("imported", equalTo(0)).body("duplicates", equalTo(3));
    assertThat(told(exported(other, "demonstrations"))).isEqualTo(told(file));
    assertThat(exported(other, "alpaca")).isEqualTo(exported(project, "alpaca"));

    // without its writer it is the same text
    String plain = exported(project, "trl-prompt-completion");
    bring(project, plain).body("imported", equalTo(0)).body("duplicates", equalTo(2));
  }

  @Test
  void aLineThatTellsNonsenseIsRefused() {
    String line = "{\"prompt\": \"Hi?\", \"completion\": \"Hello.\", %s}";
    for (String field :
        List.of(
            "\"flags\": \"unclear\"",
            "\"flags\": [\"\"]",
            "\"withheld\": \"returned\"",
            "\"writtenAt\": \"soon\"",
            "\"elapsedMs\": -1")) {
      bring(project, line.formatted(field)).statusCode(422).body("errors[0].line", equalTo(1));
    }
  }

  @Test
  void isListedForReviewersOfTheProject() {
    prompts(3);
    written(ann, "Seven minutes.", "unclear");
    written(bob, "Eight minutes.");
    bring(project, "{\"prompt\": \"Hi?\", \"completion\": \"Hello.\"}").statusCode(200);

    list("").body("items.text", equalTo(List.of("Hello.", "Eight minutes.", "Seven minutes.")));
    list("?only=written&limit=1")
        .body("items[0].writer", equalTo(bob.email))
        .body("items[0].prompt[0].content", containsString("boil"));
    String next = list("?limit=2").extract().path("next");
    list("?after=" + next).body("items.text", equalTo(List.of("Seven minutes.")));
    list("?only=flagged").body("items.flags", equalTo(List.of(List.of("unclear"))));
    list("?only=imported").body("items[0].writer", nullValue()).body("items", hasSize(1));
    list("?writer=" + ann.id).body("items.text", equalTo(List.of("Seven minutes.")));
    counts()
        .body("perPrompt", equalTo(1))
        .body("written", equalTo(2))
        .body("people", equalTo(2))
        .body("imported", equalTo(1))
        .body("promptsLeft", equalTo(1));

    String path = "/api/projects/" + project + "/demonstrations";
    as(reviewer).get(path + "?only=good").then().statusCode(422);
    as(reviewer).get(path + "?after=" + UUID.randomUUID()).then().statusCode(400);
    for (String part : List.of("", "/counts")) {
      as(ann).get(path + part).then().statusCode(403);
    }
    String one = list("?limit=1").extract().path("items[0].id");
    as(ann).body(Map.of("reason", "no")).post("/api/demonstrations/" + one + "/set-aside").then();
    list("?only=set-aside").body("items", hasSize(0));

    workplace.run("update account set all_projects = false where id = ?1", reviewer.id);
    as(reviewer).get(path).then().statusCode(404);
    setAside(UUID.fromString(one)).statusCode(404);
  }

  @Test
  void nobodyDecidesInAnArchivedProject() {
    prompts(1);
    UUID demonstration = written(ann, "Seven minutes.");
    workplace.run("update project set archived_at = now() where id = ?1", project);
    setAside(demonstration).statusCode(409);
    setAside(UUID.randomUUID()).statusCode(404);
  }

  @Test
  void drawsWhatSomebodyWritesAsAnswersAreDrawn() {
    as(ann)
        .body(Map.of("text", "**bold** <script>alert(1)</script> $x^2$"))
        .post("/api/markdown")
        .then()
        .statusCode(200)
        .body("html", containsString("<strong>bold</strong> &lt;script&gt;"));
    as(ann).body(Map.of("text", "x".repeat(70_000))).post("/api/markdown").then().statusCode(422);
  }

  @Test
  void pagesAreForThoseWhoMayUseThem() {
    prompts(2);
    written(ann, "<b>Seven</b> **minutes**.", "unclear");
    assertThat(page(ann, "/projects/" + project + "/demonstrations", 200))
        .contains("id=\"text\"", "aria-current=\"page\">Write</a>");
    page(ann, "/projects/" + project + "/demonstrations/all", 403);
    String all = page(reviewer, "/projects/" + project + "/demonstrations/all", 200);
    assertThat(all)
        .contains("1 written here by 1 person", "1 prompt wants more", ann.email, "unclear")
        .contains("&lt;b&gt;Seven&lt;/b&gt; <strong>minutes</strong>")
        .doesNotContain("<b>Seven");
    assertThat(page(reviewer, "/projects/" + project + "/demonstrations/all?only=set-aside", 200))
        .contains("No such demonstration");
    assertThat(page(reviewer, "/projects/" + project, 200))
        .contains("id=\"demonstrations\"", "by 1 person", "want 1 each");
    assertThat(page(ann, "/", 200)).contains("/projects/" + project + "/demonstrations\"");

    UUID silent = workplace.project("{}");
    assertThat(page(reviewer, "/projects/" + silent, 200))
        .doesNotContain("id=\"demonstrations\"", "/demonstrations\"");
    assertThat(page(ann, "/projects/" + silent + "/demonstrations", 200))
        .contains("asks for no written answers");
    workplace.run("update account set all_projects = false where id = ?1", ann.id);
    page(ann, "/projects/" + project + "/demonstrations", 404);
  }

  private String page(Account who, String path, int status) {
    return as(who).accept("text/html").get(path).then().statusCode(status).extract().asString();
  }

  private List<JsonNode> rows(DatasetSnapshot snapshot) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(snapshots.write(snapshot, folder))) {
      rows.add(json.readTree(line));
    }
    return rows;
  }

  /** What comes back of each line: all but ids, versions and how it came here. */
  private List<JsonNode> told(String file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : file.lines().toList()) {
      lines.add(
          json.<ObjectNode>valueToTree(json.readTree(line))
              .without(
                  List.of(
                      "demonstrationId",
                      "promptId",
                      "version",
                      "guidelinesVersion",
                      "authorKind")));
    }
    return lines;
  }
}
