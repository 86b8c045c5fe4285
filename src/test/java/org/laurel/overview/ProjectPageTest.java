package org.laurel.overview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class ProjectPageTest {
  @Inject EntityManager entityManager;
  @Inject Workplace workplace;
  @Inject ProjectFacts facts;
  @Inject PromptTable prompts;

  @Test
  void anEmptyProjectProposesToBringPrompts() {
    UUID project = workplace.project("{}");
    page("/projects/" + project)
        .then()
        .statusCode(200)
        .body(containsString("Next: bring the questions."))
        .body(containsString("Nobody has ranked yet"));
    assertThat(loop(project)).isEqualTo(new Loop(Loop.Step.PROMPTS, 1, Loop.Next.IMPORT_PROMPTS));
  }

  @Test
  void tasksToRankAreTheNextStep() {
    UUID project = workplace.project("{}");
    workplace.tasks(project, 3, 2, "yes", "no", "<script>alert(1)</script>");
    page("/projects/" + project)
        .then()
        .statusCode(200)
        .body(containsString("Next: people rank."))
        .body(containsString("6 still wanted"))
        .body(not(containsString("<script>alert(1)")));
  }

  @Test
  void aRoundAndThenItsPolicyAreFollowed() {
    UUID project = workplace.project("{}");
    workplace.tasks(project, 1, 1, "yes", "no");
    UUID round = UUID.randomUUID();
    sql(
        "insert into round (id, project_id, number, seed, configuration, status)"
            + " values (:a, :b, 1, 1, '{}', 'running')",
        round,
        project);
    sql(
        "insert into run (project_id, round_id, kind, status, seed)"
            + " values (:b, :a, 'reward', 'queued', 1)",
        round,
        project);
    assertThat(loop(project).next()).isEqualTo(Loop.Next.WAIT_FOR_ROUND);
    assertThat(loop(project).current()).isEqualTo(Loop.Step.REWARD_MODEL);
    page("/projects/" + project).then().body(containsString("/rounds/" + round));

    sql("update round set status = 'finished' where id = :a and project_id = :b", round, project);
    UUID policy = UUID.randomUUID();
    sql(
        "insert into policy_version (id, name, kind, project_id, artifact_hash, artifact_bytes)"
            + " values (:a, 'policy ' || cast(:a as text), 'ppo', :b, 'none', 0)",
        policy,
        project);
    assertThat(loop(project)).isEqualTo(new Loop(Loop.Step.SERVED, 1, Loop.Next.PROMOTE));
    page("/projects/" + project).then().body(containsString("policy " + policy));
  }

  @Test
  void untilAPolicyIsPromotedTheStarterIsTheOneServed() {
    UUID project = workplace.project("{}");
    workplace.tasks(project, 2, 1, "yes", "no");
    UUID starter = UUID.randomUUID();
    sql(
        "insert into policy_version (id, name, kind, project_id, artifact_hash, artifact_bytes)"
            + " select :a, 'starter ' || cast(:a as text), 'starter', null, 'none', 0"
            + " where cast(:b as uuid) is not null",
        starter,
        project);
    Loop.Facts found = QuarkusTransaction.requiringNew().call(() -> facts.loop(project));
    sql(
        "delete from policy_version where id = :a and cast(:b as uuid) is not null",
        starter,
        project);
    assertThat(found.servedName()).isNotEmpty();
  }

  @Test
  void promptsAreFoundByTheirTextAndPaged() {
    UUID project = workplace.project("{}");
    workplace.tasks(project, 25, 1, "yes", "no");
    page("/projects/" + project + "/prompts?search=IS%2017%20PLUS")
        .then()
        .statusCode(200)
        .body(containsString("What is 17 plus 17?"))
        .body(containsString("1 prompt"))
        .body(not(containsString("What is 16")));
    page("/projects/" + project + "/prompts?search=100%25")
        .then()
        .body(containsString("No prompt"));

    PromptTable.Rows first =
        QuarkusTransaction.requiringNew().call(() -> prompts.find(project, "", null));
    PromptTable.Rows second =
        QuarkusTransaction.requiringNew().call(() -> prompts.find(project, "", first.next()));
    assertThat(first.total()).isEqualTo(25);
    assertThat(first.rows()).hasSize(PromptTable.PAGE);
    PromptTable.Rows third =
        QuarkusTransaction.requiringNew().call(() -> prompts.find(project, "", second.next()));
    assertThat(second.rows()).doesNotContainAnyElementsOf(first.rows());
    assertThat(third.rows()).hasSize(5).doesNotContainAnyElementsOf(second.rows());
    assertThat(third.next()).isNull();
  }

  @Test
  void everyVersionOfTheGuidelinesIsKept() {
    UUID project = workplace.project("{}");
    for (String text : new String[] {"Prefer kind answers.", "Prefer right answers."}) {
      TestAccounts.as(Role.ADMINISTRATOR)
          .contentType("application/json")
          .body(Map.of("guidelines", text))
          .patch("/api/projects/" + project)
          .then()
          .statusCode(200);
    }
    page("/projects/" + project + "/guidelines")
        .then()
        .statusCode(200)
        .body(containsString("Version 2"))
        .body(containsString("Prefer right answers."))
        .body(containsString("Prefer kind answers."));
  }

  @Test
  void annotatorsAreRefusedAndUnknownProjectsAreNotFound() {
    UUID project = workplace.project("{}");
    TestAccounts.as(Role.ANNOTATOR)
        .accept("text/html")
        .get("/projects/" + project)
        .then()
        .statusCode(403);
    page("/projects/" + UUID.randomUUID()).then().statusCode(404);
  }

  private static io.restassured.response.Response page(String path) {
    RequestSpecification administrator = TestAccounts.as(Role.ADMINISTRATOR).accept("text/html");
    return administrator.urlEncodingEnabled(false).get(path);
  }

  private Loop loop(UUID project) {
    return Loop.of(QuarkusTransaction.requiringNew().call(() -> facts.loop(project)));
  }

  private void sql(String sql, UUID a, UUID b) {
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                entityManager
                    .createNativeQuery(sql)
                    .setParameter("a", a)
                    .setParameter("b", b)
                    .executeUpdate());
  }
}
