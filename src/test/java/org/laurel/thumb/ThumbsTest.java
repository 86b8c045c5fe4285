package org.laurel.thumb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.dataset.DatasetSnapshot;
import org.laurel.dataset.Snapshots;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;
import org.laurel.task.Workplace;

@QuarkusTest
class ThumbsTest {
  @Inject Workplace workplace;
  @Inject Snapshots snapshots;
  @TempDir Path folder;

  private final Account reviewer = TestAccounts.create(Role.REVIEWER);

  @Test
  void aPersonHasOneThumbOnACompletionAndASnapshotKeepsWhatItHeld() {
    UUID project = workplace.project("{}");
    put(reviewer, project, "Good.", true).statusCode(200).body("up", equalTo(true));
    put(reviewer, project, "Good.", true).statusCode(200);
    assertThat(thumbs(project)).as("pressed again").isEqualTo(1);
    put(TestAccounts.create(Role.REVIEWER), project, "Good.", false).statusCode(200);
    assertThat(snapshots.freezeThumbs(project, null).rowCount).isEqualTo(2);

    put(reviewer, project, "Good.", false).statusCode(200);
    put(reviewer, project, "Good.", null).statusCode(200);

    assertThat(snapshots.freezeThumbs(project, null).rowCount).isEqualTo(1);
    assertThat(
            workplace.one(
                "select count(*) from dataset_snapshot_thumb s join thumb t on t.id = s.thumb_id"
                    + " join prompt p on p.id = t.prompt_id where p.project_id = ?1",
                project))
        .isEqualTo(3L);
    assertThatThrownBy(
            () ->
                workplace.run(
                    "update thumb set up = not up where prompt_id in"
                        + " (select id from prompt where project_id = ?1)",
                    project))
        .hasStackTraceContaining("never change");
  }

  @Test
  void eachCompletionHasAThumbOfItsOwnAndKnowsItsPolicy() {
    UUID project = workplace.project("{}");
    PolicyVersion policy = TestPolicies.create(61);
    put(reviewer, project, "Good.", true).statusCode(200);
    put(reviewer, project, "Bad.", false).statusCode(200);
    Map<String, Object> opinion =
        Map.of(
            "prompt",
            List.of(Map.of("role", "user", "content", "How are you?")),
            "completion",
            "Fair.",
            "up",
            true,
            "policy",
            policy.name);
    TestAccounts.as(reviewer)
        .contentType(ContentType.JSON)
        .body(opinion)
        .put("/api/projects/" + project + "/thumb")
        .then()
        .statusCode(200);
    assertThat(snapshots.freezeThumbs(project, null).rowCount).isEqualTo(3);
    assertThat(
            workplace.one(
                "select count(*) from thumb where text = 'Fair.' and policy_id = ?1", policy.id))
        .isEqualTo(1L);
  }

  private long thumbs(UUID project) {
    return (Long)
        workplace.one(
            "select count(*) from thumb t join prompt p on p.id = t.prompt_id"
                + " where p.project_id = ?1",
            project);
  }

  @Test
  void clicksAtOnceLeaveOneThumb() throws Exception {
    UUID project = workplace.project("{}");
    List<Thread> clicks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      boolean up = i % 2 == 0;
      Thread click = new Thread(() -> put(reviewer, project, "Fast.", up));
      clicks.add(click);
      click.start();
    }
    for (Thread click : clicks) {
      click.join();
    }
    assertThat(
            workplace.one(
                "select count(*) from thumb t join prompt p on p.id = t.prompt_id"
                    + " where p.project_id = ?1 and t.withdrawn_at is null",
                project))
        .isEqualTo(1L);
  }

  @Test
  void theContraryThumbOfALaterImportReplacesTheEarlierOne() throws IOException {
    UUID project = workplace.project("{}");
    Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
    put(administrator, project, "Clicked.", false).statusCode(200);
    String good = thumb("Good.", true);
    send(administrator, project, good + good + thumb("Clicked.", false) + thumb("Bad.", false))
        .body("imported", equalTo(2))
        .body("duplicates", equalTo(2));

    send(administrator, project, thumb("Good.", false) + thumb("Clicked.", true))
        .body("imported", equalTo(2))
        .body("duplicates", equalTo(0));
    send(administrator, project, good + thumb("Good.", false) + good)
        .body("imported", equalTo(3))
        .body("duplicates", equalTo(0));
    send(TestAccounts.create(Role.ADMINISTRATOR), project, thumb("Good.", false))
        .body("imported", equalTo(1));

    DatasetSnapshot snapshot = snapshots.freezeThumbs(project, null);
    assertThat(Files.readAllLines(snapshots.write(snapshot, folder)))
        .extracting(
            line ->
                JsonPath.from(line).getString("completion")
                    + JsonPath.from(line).getBoolean("label"))
        .containsExactlyInAnyOrder("Good.true", "Good.false", "Clicked.true", "Bad.false");
  }

  @Test
  void thumbsLeaveAsTheyCame() {
    UUID project = workplace.project("{}");
    Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
    String conversation =
        """
        {"prompt": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}, \
        {"role": "user", "content": "Bye"}], "completion": "Ciao", "label": true, "language": "en"}
        """;
    send(administrator, project, conversation + thumb("Good.", true) + thumb("Bad.", false))
        .body("imported", equalTo(3));
    put(administrator, project, "Taken back.", true).statusCode(200);
    put(administrator, project, "Taken back.", null).statusCode(200);

    for (String format : List.of("thumbs", "trl-unpaired")) {
      String exported =
          TestAccounts.as(administrator)
              .get("/api/projects/" + project + "/export?format=" + format)
              .then()
              .statusCode(200)
              .extract()
              .asString();
      assertThat(exported.lines()).as(format).hasSize(3).last().asString().contains("Bad.");
      send(administrator, project, exported)
          .body("imported", equalTo(0))
          .body("duplicates", equalTo(3));
    }
  }

  private static String thumb(String completion, boolean up) {
    return "{\"prompt\": \"How are you?\", \"completion\": \"%s\", \"label\": %s}%n"
        .formatted(completion, up);
  }

  private static ValidatableResponse send(Account who, UUID project, String file) {
    return TestAccounts.as(who)
        .contentType("application/x-ndjson")
        .body(file.getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + project + "/thumbs")
        .then()
        .statusCode(200);
  }

  @Test
  void onlyThoseWhoReviewGiveThumbsAndThePromptIsChecked() {
    UUID project = workplace.project("{}");
    put(TestAccounts.create(Role.ANNOTATOR), project, "Good.", true).statusCode(403);
    put(reviewer, project, " ", true).statusCode(422);
    Map<String, Object> backwards =
        Map.of(
            "prompt",
            List.of(Map.of("role", "assistant", "content", "Hi")),
            "completion",
            "x",
            "up",
            true);
    TestAccounts.as(reviewer)
        .contentType(ContentType.JSON)
        .body(backwards)
        .put("/api/projects/" + project + "/thumb")
        .then()
        .statusCode(422)
        .body("detail", containsString("must end with a user's message"));
  }

  private static ValidatableResponse put(
      Account who, UUID project, String completion, @Nullable Boolean up) {
    Map<String, @Nullable Object> opinion = new HashMap<>();
    opinion.put("prompt", List.of(Map.of("role", "user", "content", "How are you?")));
    opinion.put("completion", completion);
    opinion.put("up", up);
    return TestAccounts.as(who)
        .contentType(ContentType.JSON)
        .body(opinion)
        .put("/api/projects/" + project + "/thumb")
        .then();
  }
}
