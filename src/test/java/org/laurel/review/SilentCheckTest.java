package org.laurel.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.ranking.CheckFigures;
import org.laurel.ranking.ProjectStatistics;
import org.laurel.ranking.Statistics;

/** A task whose right order is known is marked as a check, and people are judged by it. */
@QuarkusTest
class SilentCheckTest extends ReviewScene {
  @Inject ProjectStatistics statistics;

  UUID task;
  List<UUID> right;

  @BeforeEach
  void twoAgree() {
    project = workplace.project("{\"checkPause\": 0}");
    task = workplace.tasks(project, 1, 4, THREE).get(0);
    right = answers(task);
    rank(task, ann, strict(right));
    rank(task, bob, strict(right));
  }

  @Test
  void whereAllAgreeTheirOrderBecomesTheRightOne() {
    assertThat(page("/rankings/" + task)).contains("All agree, so the right order is known");
    mark(task).statusCode(200).body("taskId", equalTo(task.toString()));
    mark(task).statusCode(200).body("markedAt", notNullValue());
    TestAccounts.as(reviewer)
        .get("/api/tasks/" + task + "/adjudication")
        .then()
        .statusCode(200)
        .body("version", equalTo(1))
        .body("by", equalTo(reviewer.email))
        .body("groups.flatten()", equalTo(right.stream().map(UUID::toString).toList()));
    lift().statusCode(204);
    lift().statusCode(404);
    assertThat(deeds()).isEqualTo("task.adjudicated, task.check-marked, task.check-lifted");
  }

  @Test
  void whereTheyDifferOrOneAloneRankedSomebodySettlesItFirst() {
    UUID alone = workplace.tasks(project, 1, 2, THREE).get(0);
    rank(alone, ann, strict(answers(alone)));
    mark(alone).statusCode(409).body("detail", containsString("give the order that counts first"));
    assertThat(page("/rankings/" + alone)).doesNotContain("check-switch");
    rank(alone, bob, List.of(answers(alone)));
    mark(alone).statusCode(409);
    settle(alone, strict(answers(alone)));
    mark(alone).statusCode(200);
  }

  @Test
  void anOrderThatTellsNothingApartIsNone() {
    settle(task, List.of(right));
    mark(task).statusCode(409).body("detail", containsString("tells no two answers apart"));
    assertThatThrownBy(this::markInTheDatabase).hasStackTraceContaining("has a right order");
    settle(task, strict(right));
    mark(task).statusCode(200);
    settle(task, List.of(List.of(right.get(0)), List.of(right.get(1), right.get(2))));
    assertThat(isCheck()).isTrue();
    settle(task, List.of(right));
    assertThat(isCheck()).as("nobody could fail it").isFalse();
    settle(task, strict(right));
    mark(task).statusCode(200);
    TestAccounts.as(reviewer).delete("/api/tasks/" + task + "/adjudication").then().statusCode(204);
    assertThat(isCheck()).as("without a right order").isFalse();
    assertThat((String) deeds()).endsWith("task.adjudication-withdrawn, task.check-lifted");
  }

  private void markInTheDatabase() {
    workplace.run(
        "insert into silent_check (task_id, project_id) select id, project_id from task"
            + " where id = ?1",
        task);
  }

  @Test
  void isForReviewersOfProjectsThatAreOpen() {
    TestAccounts.as(Role.ANNOTATOR).put("/api/tasks/" + task + "/check").then().statusCode(403);
    TestAccounts.as(Role.ANNOTATOR)
        .get("/api/projects/" + project + "/checks")
        .then()
        .statusCode(403);
    mark(UUID.randomUUID()).statusCode(404);
    workplace.run("update project set archived_at = now() where id = ?1", project);
    mark(task).statusCode(409);
  }

  @Test
  void ofManyAtOnceOneMarks() {
    List<CompletableFuture<Integer>> all =
        Stream.generate(
                () -> CompletableFuture.supplyAsync(() -> mark(task).extract().statusCode()))
            .limit(4)
            .toList();
    assertThat(all.stream().map(CompletableFuture::join)).containsOnly(200);
    assertThat(deeds()).isEqualTo("task.adjudicated, task.check-marked");
  }

  @Test
  void judgesWhatIsSentAfterItWasMarkedByTheOrderInForce() {
    UUID cara = workplace.annotator();
    UUID dan = workplace.annotator();
    mark(task).statusCode(200);
    assertThat(figures(ann)).as("ranked it before").isNull();
    rank(task, cara, strict(right));
    rank(task, dan, strict(List.of(right.get(2), right.get(1), right.get(0))));
    assertThat(figures(cara)).isEqualTo(new CheckFigures(1, 1, 1, List.of(), 0));
    assertThat(figures(dan)).isEqualTo(new CheckFigures(1, 0, 0, List.of(task), 1));
    assertThat(page("/rankings/" + task)).contains("Silent check</h2>", "1 of 2 passed.");
    assertThat(page("?counted=true")).contains("Checks: ", "#person-" + dan, "0 of 1<", "(0%)");
    list()
        .body("items.size()", equalTo(1))
        .body("items[0].taskId", equalTo(task.toString()))
        .body("items[0].done", equalTo(2))
        .body("items[0].passed", equalTo(1))
        .body("items[0].markedBy", equalTo(reviewer.email));
    TestAccounts.as(reviewer)
        .get("/api/projects/" + project + "/statistics")
        .then()
        .body("annotators.find { it.id == '" + dan + "' }.checks.done", equalTo(1))
        .body("annotators.find { it.id == '" + dan + "' }.checks.passed", equalTo(0))
        .body("annotators.find { it.id == '" + ann + "' }.checks", equalTo(null));

    rankings.submit(task, dan, submission(List.of(), 60_000, Map.of(), null));
    assertThat(figures(dan))
        .as("nothing told apart")
        .isEqualTo(new CheckFigures(1, 0, 0.5, List.of(task), 1));
    rankings.submit(task, dan, submission(strict(right), 60_000, Map.of(), null));
    assertThat(figures(dan)).as("revised").isEqualTo(new CheckFigures(1, 1, 1, List.of(), 0));
    settle(task, strict(List.of(right.get(2), right.get(1), right.get(0))));
    assertThat(figures(cara))
        .as("settled anew")
        .isEqualTo(new CheckFigures(1, 0, 0, List.of(task), 1));
    lift().statusCode(204);
    assertThat(figures(cara)).as("no check any more").isNull();
    list().body("items.size()", equalTo(0));
  }

  private @Nullable CheckFigures figures(UUID annotator) {
    return statistics.of(project).annotators().stream()
        .filter(row -> row.id().equals(annotator))
        .map(Statistics.AnnotatorRow::checks)
        .toList()
        .get(0);
  }

  private ValidatableResponse mark(UUID of) {
    return TestAccounts.as(reviewer)
        .contentType(ContentType.JSON)
        .put("/api/tasks/" + of + "/check")
        .then();
  }

  private ValidatableResponse lift() {
    return TestAccounts.as(reviewer).delete("/api/tasks/" + task + "/check").then();
  }

  private ValidatableResponse list() {
    return TestAccounts.as(reviewer)
        .get("/api/projects/" + project + "/checks")
        .then()
        .statusCode(200);
  }

  private void settle(UUID of, List<List<UUID>> groups) {
    TestAccounts.as(reviewer)
        .contentType(ContentType.JSON)
        .body(Map.of("ranking", Map.of("groups", groups)))
        .put("/api/tasks/" + of + "/adjudication")
        .then()
        .statusCode(200);
  }

  private boolean isCheck() {
    return !workplace.all("select 1 from silent_check where task_id = ?1", task).isEmpty();
  }

  private Object deeds() {
    return workplace.one(
        "select string_agg(action, ', ' order by at, id) from audit_event where subject_id = ?1",
        task.toString());
  }
}
