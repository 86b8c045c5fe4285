package org.laurel.overview;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.TestTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.ranking.ProjectStatistics;
import org.laurel.task.Workplace;

@QuarkusTest
class ProjectPageTest {
  private static final String POLICY =
      "insert into policy_version (id, name, kind, project_id, artifact_hash, artifact_bytes)"
          + " values (:a, 'policy ' || cast(:a as text), 'ppo', :b, 'none', 0)";

  private static final String PASSED_OVER =
      "insert into sampling (policy_id, project_id, parameters, status, done, total, passed_over,"
          + " finished_at) values (:a, :b, '{}', 'finished', 4, 4, 3, now())";

  @Inject EntityManager entityManager;
  @Inject Workplace workplace;
  @Inject ProjectFacts facts;
  @Inject PromptTable prompts;
  @Inject ProjectStatistics statistics;

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
  void promptsThatWerePassedOverAreNotCountedAsAnswered() {
    UUID project = workplace.project("{}");
    UUID policy = UUID.randomUUID();
    sql(POLICY, policy, project);
    sql(PASSED_OVER, policy, project);
    page("/projects/" + project)
        .then()
        .body(containsString("1 of 4 prompts answered"))
        .body(containsString("3 passed over"));
  }

  @Test
  void aSamplingThatFindsNothingToAnswerSaysSo() {
    UUID project = workplace.project("{}");
    UUID policy = UUID.randomUUID();
    sql(POLICY, policy, project);
    sql(PASSED_OVER.replace("4, 4, 3", "0, 0, 0"), policy, project);
    page("/projects/" + project)
        .then()
        .body(containsString("has answered every prompt."))
        .body(not(containsString("0 of 0")));
  }

  @Test
  @TestTransaction
  void promptsThatThePolicyServedPassedOverAreNotSampledForEver() {
    UUID project = workplace.project("{}");
    UUID policy = UUID.randomUUID();
    workplace.prompts(project, 3, "Much too long ");
    execute(POLICY, policy, project);
    execute("insert into promotion (policy_id) select :a where :b is not null", policy, project);
    assertThat(Loop.of(facts(project)).next()).isEqualTo(Loop.Next.SAMPLE);

    execute(PASSED_OVER, policy, project);
    assertThat(Loop.of(facts(project)).next()).isEqualTo(Loop.Next.OTHER_PROMPTS);

    workplace.prompts(project, 1, "Short ");
    assertThat(Loop.of(facts(project)).next()).isEqualTo(Loop.Next.SAMPLE);
  }

  @Test
  void importedRankingsCountApartFromThoseThatPeopleAreAskedFor() {
    UUID project = workplace.project("{}");
    importOneComparison(project);
    page("/projects/" + project)
        .then()
        .body(containsString("<span class=\"value\">1</span><span class=\"note\">imported"))
        .body(containsString("Rankings that were imported: 1."))
        .body(not(containsString("of 0 wanted")));

    workplace.tasks(project, 2, 1, "yes", "no");
    page("/projects/" + project)
        .then()
        .body(containsString("of 2 wanted · 1 imported"))
        .body(containsString("0 of 2 rankings are in."));
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
        // on another machine, so that this server's queue leaves it alone
        "insert into run (project_id, round_id, kind, status, seed, machine, slot)"
            + " values (:b, :a, 'reward', 'running', 1, 'elsewhere', 1)",
        round,
        project);
    assertThat(loop(project).next()).isEqualTo(Loop.Next.WAIT_FOR_ROUND);
    assertThat(loop(project).current()).isEqualTo(Loop.Step.REWARD_MODEL);
    page("/projects/" + project).then().body(containsString("/rounds/" + round));

    sql("update round set status = 'finished' where id = :a and project_id = :b", round, project);
    UUID policy = UUID.randomUUID();
    sql(POLICY, policy, project);
    assertThat(loop(project)).isEqualTo(new Loop(Loop.Step.SERVED, 1, Loop.Next.PROMOTE));
    page("/projects/" + project).then().body(containsString("policy " + policy));
  }

  @Test
  void rankingsThatWereLearntWithoutARewardModelAreNotProposedAgain() {
    UUID project = workplace.project("{}");
    importOneComparison(project);
    assertThat(loop(project).next()).isEqualTo(Loop.Next.LAUNCH_ROUND);

    UUID snapshot = UUID.randomUUID();
    sql(
        "insert into dataset_snapshot (id, project_id, kind, row_count, content_hash)"
            + " values (:a, :b, 'preference', 1, sha256(''))",
        snapshot,
        project);
    sql(
        "insert into dataset_snapshot_ranking (snapshot_id, ranking_id, version)"
            + " select :a, id, version from ranking where project_id = :b",
        snapshot,
        project);
    sql(
        "insert into run (snapshot_id, project_id, kind, status, seed)"
            + " values (:a, :b, 'dpo', 'finished', 1)",
        snapshot,
        project);
    assertThat(loop(project).next()).isEqualTo(Loop.Next.SAMPLE);
  }

  @Test
  void ofASettledTaskThereIsOneOrderToLearn() {
    UUID project = workplace.project("{}");
    workplace.rankings(project, workplace.annotator(), 3, 7000);
    workplace.run(
        "insert into task_completion select r.task_id, c.completion_id from ranking r"
            + " join task t on t.prompt_id = r.prompt_id join task_completion c on c.task_id = t.id"
            + " where r.project_id = ?1",
        project);
    UUID snapshot = UUID.randomUUID();
    workplace.run(
        "insert into dataset_snapshot (id, project_id, kind, row_count, content_hash)"
            + " values (?1, ?2, 'preference', 3, sha256(''))",
        snapshot,
        project);
    workplace.run(
        "insert into dataset_snapshot_ranking (snapshot_id, ranking_id, version)"
            + " select ?1, id, version from ranking where project_id = ?2",
        snapshot,
        project);
    assertThat(facts(project).newRankings()).isEqualTo(3);
    workplace.run(
        "insert into run (snapshot_id, project_id, kind, status, seed)"
            + " values (?1, ?2, 'dpo', 'finished', 1)",
        snapshot,
        project);
    assertThat(facts(project).newRankings()).isZero();
    settle(project, false);
    assertThat(facts(project).newRankings()).isEqualTo(1);
    workplace.run(
        "insert into dataset_snapshot_adjudication select ?1, id from adjudication"
            + " where project_id = ?2",
        snapshot,
        project);
    workplace.run("alter table dataset_snapshot disable trigger dataset_snapshot_frozen");
    workplace.run("update dataset_snapshot set row_count = 4 where id = ?1", snapshot);
    workplace.run("alter table dataset_snapshot enable trigger dataset_snapshot_frozen");
    assertThat(facts(project).newRankings()).isZero();
    workplace.run("update adjudication set withdrawn_at = now() where project_id = ?1", project);
    assertThat(facts(project).newRankings()).isZero();
    settle(project, true);
    assertThat(facts(project).newRankings()).isZero();
  }

  /** Of one task, that nothing can be ranked or that all answers are alike. */
  private void settle(UUID project, boolean unrankable) {
    workplace.run(
        """
        with given as (
          insert into adjudication (task_id, version, project_id, prompt_id, unrankable)
          select task_id, 1 + (select count(*) from adjudication o where o.task_id = r.task_id),
                 project_id, prompt_id, ?2 from ranking r where project_id = ?1
           order by task_id limit 1 returning id, task_id, unrankable)
        insert into adjudication_place
        select g.id, g.task_id, c.completion_id, 1
          from given g join task_completion c on c.task_id = g.task_id where not g.unrankable
        """,
        project,
        unrankable);
  }

  @Test
  void whatCannotBeRankedIsNothingToLearnFrom() {
    UUID project = workplace.project("{}");
    workplace.rankings(project, workplace.annotator(), 3, 7000);
    long rankings = facts(project).newRankings();
    assertThat(rankings).isPositive();
    workplace.run("update ranking set unrankable = true where project_id = ?1", project);
    assertThat(facts(project).newRankings()).isZero();
    assertThat(loop(project).next()).isNotEqualTo(Loop.Next.LAUNCH_ROUND);
  }

  @Test
  @TestTransaction
  void untilAPolicyIsPromotedTheNewestStarterIsTheOneServed() {
    UUID project = workplace.project("{}");
    UUID starter = UUID.randomUUID();
    entityManager.createNativeQuery("delete from promotion").executeUpdate();
    entityManager
        .createNativeQuery(
            "insert into policy_version (id, name, kind, artifact_hash, artifact_bytes, created_at)"
                + " values (:id, 'newest starter', 'starter', 'none', 0, now() + interval '1 day')")
        .setParameter("id", starter)
        .executeUpdate();
    assertThat(facts(project).servedName()).isEqualTo("newest starter");

    entityManager
        .createNativeQuery(
            "insert into policy_version (id, name, kind, project_id, artifact_hash, artifact_bytes)"
                + " values (:id, 'promoted', 'ppo', :project, 'none', 0)")
        .setParameter("id", project)
        .setParameter("project", project)
        .executeUpdate();
    entityManager
        .createNativeQuery("insert into promotion (policy_id) values (:id)")
        .setParameter("id", project)
        .executeUpdate();
    assertThat(facts(project).servedName()).isEqualTo("promoted");
  }

  @Test
  void thePageOfManyRankingsComesAtOnceAndAsksForTheirFigures() {
    UUID project = workplace.project("{}");
    workplace.rankings(project, workplace.annotator(), 5001, 7000);
    String page = "/projects/" + project;
    String asking = "hx-get=\"" + page + "?counted=true\"";

    page(page)
        .then()
        .body(containsString(asking))
        .body(containsString("appear here once all rankings are worked through"))
        .body(containsString("of 5\u202f002 wanted"))
        .body(containsString("data-label=\"Rankings\">5001<"))
        .body(not(containsString("7 s")));
    page(page + "?counted=true")
        .then()
        .body(not(containsString(asking)))
        .body(containsString("7 s"));
    page(page).then().body(not(containsString(asking))).body(containsString("7 s"));

    workplace.run(
        "update ranking set updated_at = now() where task_id in"
            + " (select id from task where project_id = ?1 limit 2)",
        project);
    page(page)
        .then()
        .body(containsString(asking))
        .body(containsString("of 5\u202f001 earlier rankings"))
        .body(containsString("7 s"));
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
  void aCheckIsWantedOfAPromptOnlyOnceItIsSent() {
    UUID project = workplace.project("{}");
    UUID task = workplace.tasks(project, 1, 2, "yes", "no").get(0);
    workplace.check(task);
    workplace.beginCheck(task, workplace.annotator());
    assertThat(onlyPrompt(project).seats()).isEqualTo(2);

    workplace.run(
        "update task_seat set submitted_at = now() where task_id = ?1 and checking", task);
    assertThat(onlyPrompt(project).seats()).isEqualTo(3);
  }

  private PromptTable.Row onlyPrompt(UUID project) {
    return QuarkusTransaction.requiringNew()
        .call(() -> prompts.find(project, "", null))
        .rows()
        .get(0);
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
        .body(containsString("Prefer kind answers."))
        .body(not(containsString("name=\"uncertainFirst\" checked")));
    TestAccounts.as(Role.ADMINISTRATOR)
        .contentType("application/json")
        .body(Map.of("settings", Map.of("uncertainFirst", true)))
        .patch("/api/projects/" + project)
        .then()
        .statusCode(200);
    page("/projects/" + project + "/guidelines")
        .then()
        .body(containsString("name=\"uncertainFirst\" checked"));
  }

  @Test
  void reviewersReadWhatAdministratorsMayChange() {
    UUID project = workplace.project("{}");
    workplace.tasks(project, 1, 2, "yes", "no");
    Account reviewer = TestAccounts.create(Role.REVIEWER);
    String read =
        TestAccounts.as(reviewer)
            .accept("text/html")
            .get("/projects/" + project)
            .then()
            .statusCode(200)
            .extract()
            .asString();
    assertThat(read)
        .contains("of 2 wanted", "What is 0 plus 0?", "aria-current=\"page\"")
        .doesNotContain("data-open", "<dialog", "project.js", "/guidelines\"");
    for (String part : List.of("/prompts", "/samplings")) {
      assertThat(status(reviewer, "/projects/" + project + part)).as(part).isEqualTo(200);
    }
    assertThat(status(reviewer, "/projects/" + project + "/guidelines")).isEqualTo(403);
    TestAccounts.as(reviewer)
        .accept("text/html")
        .get("/")
        .then()
        .body(containsString("href=\"/projects/" + project + "\""));

    QuarkusTransaction.requiringNew()
        .run(() -> Account.update("allProjects = false where id = ?1", reviewer.id));
    for (String part : List.of("", "/prompts", "/samplings")) {
      assertThat(status(reviewer, "/projects/" + project + part)).as(part).isEqualTo(404);
    }
  }

  private static int status(Account account, String path) {
    return TestAccounts.as(account).accept("text/html").get(path).statusCode();
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

  private static void importOneComparison(UUID project) {
    TestAccounts.as(Role.ADMINISTRATOR)
        .contentType("application/x-ndjson")
        .body("{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}\n".getBytes(UTF_8))
        .post("/api/projects/" + project + "/comparisons?format=trl-preference")
        .then()
        .statusCode(200);
  }

  private static Response page(String path) {
    RequestSpecification administrator = TestAccounts.as(Role.ADMINISTRATOR).accept("text/html");
    return administrator.urlEncodingEnabled(false).get(path);
  }

  private Loop loop(UUID project) {
    return Loop.of(QuarkusTransaction.requiringNew().call(() -> facts(project)));
  }

  private Loop.Facts facts(UUID project) {
    return facts.loop(project, statistics.of(project).counts());
  }

  private void sql(String sql, UUID a, UUID b) {
    QuarkusTransaction.requiringNew().run(() -> execute(sql, a, b));
  }

  private void execute(String sql, UUID a, UUID b) {
    entityManager.createNativeQuery(sql).setParameter("a", a).setParameter("b", b).executeUpdate();
  }
}
