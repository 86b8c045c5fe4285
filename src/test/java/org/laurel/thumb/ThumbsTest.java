package org.laurel.thumb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.dataset.Snapshots;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;
import org.laurel.task.Workplace;

@QuarkusTest
class ThumbsTest {
  @Inject Workplace workplace;
  @Inject Snapshots snapshots;

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
