package org.laurel.audit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class AuditTest {
  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);

  @Inject Workplace workplace;

  Account bob;
  UUID project;

  @BeforeEach
  void deeds() {
    workplace.run("update account set name = 'Ada' where id = ?1", administrator.id);
    bob = TestAccounts.create(Role.ANNOTATOR);
    workplace.run("update account set name = '<i>Bob</i>' where id = ?1", bob.id);
    project = workplace.project("{}");
    as().contentType("application/json").body(Map.of("role", "reviewer")).patch(account());
    as().put("/api/projects/" + project + "/members/" + bob.id);
    as().contentType("application/json")
        .body(Map.of("overlap", 2))
        .patch("/api/projects/" + project);
  }

  @Test
  void tellsWhoDidWhatToWhomNewestFirst() {
    List<String> told = own("").extract().path("items.summary");
    String name = workplace.one("select name from project where id = ?1", project).toString();
    assertThat(told)
        .containsExactly(
            "Ada changed " + name + ": overlap",
            "Ada let <i>Bob</i> into " + name,
            "Ada gave <i>Bob</i> the role of reviewer (before: annotator)");
  }

  @Test
  void findsByPersonKindProjectSubjectAndDay() {
    assertThat(actions("&action=account.role-changed")).containsExactly("account.role-changed");
    assertThat(actions("&project=" + project))
        .containsExactly("project.changed", "project.member-admitted");
    assertThat(actions("&subject=account/" + bob.id)).containsExactly("account.role-changed");
    assertThat(actions("&subject=project/" + UUID.randomUUID())).isEmpty();
    assertThat(actions("&from=2000-01-01&until=2000-01-02")).isEmpty();
    String today =
        workplace.one("select to_char(now() at time zone 'UTC', 'YYYY-MM-DD')").toString();
    assertThat(actions("&from=" + today + "&until=" + today)).hasSize(3);
    assertThat(actions("&from=" + today + "T00:00:00Z&until=2999-01-01T00:00:00Z")).hasSize(3);
    assertThat(actions("&until=" + today + "T00:00:00Z")).isEmpty();

    for (String wrong :
        List.of(
            "account=bob",
            "project=x",
            "subject=bob",
            "from=soon",
            "until=2026-13-01",
            "after=x")) {
      String field = wrong.substring(0, wrong.indexOf('='));
      for (String path : List.of("/api/audit?", "/api/audit/lines?")) {
        if (!path.contains("lines") || !field.equals("after")) {
          as().get(path + wrong).then().statusCode(400).body("errors.field", hasItem(field));
        }
      }
    }
  }

  @Test
  void aRankingIsFoundByItsProject() {
    UUID task = workplace.tasks(project, 1, 1, "four", "4").get(0);
    var annotator = TestAccounts.as(bob).contentType("application/json");
    annotator.body("{}").post("/api/projects/" + project + "/tasks/lease").then().statusCode(200);
    List<List<String>> groups = new ArrayList<>();
    workplace
        .all("select completion_id from task_completion where task_id = ?1", task)
        .forEach(id -> groups.add(List.of(id.toString())));
    TestAccounts.as(bob)
        .contentType("application/json")
        .body(Map.of("groups", groups, "elapsedMs", 5000))
        .put("/api/tasks/" + task + "/ranking")
        .then()
        .statusCode(200);
    as().get("/api/audit?project=" + project + "&account=" + bob.id)
        .then()
        .body("items.action", hasItem("ranking.submitted"))
        .body("items.summary", hasItem(containsString("<i>Bob</i> ranked a task of project")));
  }

  @Test
  void pagesWithoutLossAndDownloadsTheSame() throws IOException {
    List<Long> paged = new ArrayList<>();
    Object after = "";
    while (after != null) {
      var page = own("&limit=2" + (after.equals("") ? "" : "&after=" + after)).extract();
      page.<List<Number>>path("items.id").forEach(id -> paged.add(id.longValue()));
      after = page.path("next");
    }
    assertThat(paged).hasSize(3).isSortedAccordingTo((a, b) -> Long.compare(b, a));

    String file =
        as().get("/api/audit/lines?account=" + administrator.id)
            .then()
            .statusCode(200)
            .contentType("application/x-ndjson")
            .header("Content-Disposition", containsString("audit.jsonl"))
            .extract()
            .asString();
    List<Long> lines = new ArrayList<>();
    for (String line : file.split("\n")) {
      JsonNode entry = new ObjectMapper().readTree(line);
      assertThat(entry.path("by").asText()).isEqualTo("Ada");
      lines.add(entry.path("id").asLong());
    }
    assertThat(lines).isEqualTo(paged);
  }

  @Test
  void isForAdministratorsAlone() {
    for (String path : List.of("/api/audit", "/api/audit/lines", "/audit")) {
      TestAccounts.as(Role.REVIEWER).accept("*/*").get(path).then().statusCode(403);
      given().redirects().follow(false).get(path).then().statusCode(401);
    }
  }

  @Test
  void thePageTellsTheSameAsTextNeverAsMarkup() {
    page("?account=" + administrator.id)
        .statusCode(200)
        .body(containsString("Ada gave &lt;i&gt;Bob&lt;/i&gt; the role of reviewer"))
        .body(not(containsString("<i>Bob")))
        .body(containsString("<option value=\"" + administrator.id + "\" selected"))
        .body(containsString("/api/audit/lines?account=" + administrator.id))
        .body(not(containsString("after=")));
    page("?subject=account/" + bob.id).body(containsString("Only about"));
    page("?from=soon").statusCode(400);
    page("?action=%22%3E%3Cb%3E").statusCode(200).body(not(containsString("\"><b>")));
  }

  @Test
  void thePageGoesOnWithWhatWasSought() {
    workplace.run(
        "insert into audit_event (account_id, action, subject_kind, subject_id, at)"
            + " select cast(?1 as uuid), 'account.signed-in', 'account', cast(?1 as text),"
            + " now() - make_interval(secs => n) from generate_series(1, 60) n",
        bob.id.toString());
    String query = "?account=" + bob.id + "&action=account.signed-in";
    String first = page(query).extract().asString();
    Matcher older = Pattern.compile("href=\"(/audit\\?[^\"]*after=\\d+)\"").matcher(first);
    assertThat(older.find()).isTrue();
    assertThat(first.split("<details>", -1)).hasSize(51);
    String second =
        html()
            .get(older.group(1).replace("&amp;", "&"))
            .then()
            .statusCode(200)
            .extract()
            .asString();
    assertThat(second.split("<details>", -1)).hasSize(11);
    assertThat(second).contains("Newest").doesNotContain("after=");
  }

  /** Whoever notes a new kind of deed says here how it is told. */
  @Test
  void everyKindOfDeedHasASentence() throws IOException {
    Pattern action =
        Pattern.compile(
            "\"((?:account|invitation|project|prompts?|completions|comparisons|demonstrations?|thumbs|ranking"
                + "|sampling|evaluation|judging|round|rubric|policy)\\.[a-z]+(?:-[a-z]+)*)\"");
    Set<String> noted = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        Matcher found = action.matcher(source.contains("audit.record(") ? source : "");
        while (found.find()) {
          noted.add(found.group(1));
        }
      }
    }
    assertThat(noted).hasSizeGreaterThan(25).allMatch(Deeds::isKnown);
    assertThat(
            Deeds.told(
                null, "moon.landed", "moon", null, null, JsonNodeFactory.instance.objectNode()))
        .isEqualTo("The server: moon.landed (moon)");
  }

  private List<String> actions(String query) {
    return own(query).extract().path("items.action");
  }

  private ValidatableResponse own(String query) {
    return as().get("/api/audit?account=" + administrator.id + query).then().statusCode(200);
  }

  private ValidatableResponse page(String query) {
    return html().get("/audit" + query).then();
  }

  private RequestSpecification html() {
    return as().accept("text/html").urlEncodingEnabled(false);
  }

  private RequestSpecification as() {
    return TestAccounts.as(administrator);
  }

  private String account() {
    return "/api/annotators/" + bob.id;
  }
}
