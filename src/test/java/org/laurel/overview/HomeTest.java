package org.laurel.overview;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class HomeTest {
  @Inject EntityManager entityManager;
  @Inject ProjectCards cards;
  @Inject Workplace workplace;

  @Test
  void aStrangerIsSentToTheSignIn() {
    given()
        .accept("text/html")
        .redirects()
        .follow(false)
        .get("/")
        .then()
        .statusCode(303)
        .header("Location", containsString("/sign-in"));
  }

  @Test
  void administratorsSeeProjectsToOpenAndAnnotatorsSeeWork() {
    String name = "Home <b>" + UUID.randomUUID();
    project(name, 2);

    TestAccounts.as(Role.ADMINISTRATOR)
        .accept("text/html")
        .get("/")
        .then()
        .statusCode(200)
        .body(containsString("New project"))
        .body(containsString(name.replace("<", "&lt;").replace(">", "&gt;")))
        .body(not(containsString(name)));
    TestAccounts.as(Role.ANNOTATOR)
        .accept("text/html")
        .header("Accept-Language", "en")
        .get("/")
        .then()
        .statusCode(200)
        .body(containsString("waiting for you"))
        .body(not(containsString("New project")));
  }

  @Test
  void theFirstPageSpeaksTheAnnotatorsLanguage() {
    Account account = TestAccounts.create(Role.ANNOTATOR);
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                entityManager
                    .createNativeQuery("update account set language = 'fr' where id = :id")
                    .setParameter("id", account.id)
                    .executeUpdate());
    TestAccounts.as(account)
        .accept("text/html")
        .get("/")
        .then()
        .statusCode(200)
        .body(containsString("<html lang=\"fr\">"))
        .body(containsString("Votre travail"));
  }

  @Test
  void onlyTasksThatThePersonMayBeGivenAreWaiting() {
    UUID project = project("Waiting " + UUID.randomUUID(), 3);
    Account one = TestAccounts.create(Role.ANNOTATOR);
    Account other = TestAccounts.create(Role.ANNOTATOR);
    assertThat(card(project, one).waiting()).isEqualTo(3);

    seat(project, one, "submitted_at = now()");
    workplace.run(
        "insert into ranking (task_id, seat, project_id, prompt_id, annotator_id)"
            + " select t.id, s.seat, t.project_id, t.prompt_id, s.annotator_id"
            + " from task t join task_seat s on s.task_id = t.id"
            + " where t.project_id = ?1 and s.submitted_at is not null",
        project);
    seat(project, other, "leased_at = now(), lease_expires_at = now() + interval '1 hour'");

    assertThat(card(project, one).waiting()).isEqualTo(1);
    assertThat(card(project, other).waiting()).isEqualTo(2);
    assertThat(card(project, one).ranked()).isEqualTo(1);
    assertThat(card(project, one).percent()).isEqualTo(33);
  }

  @Test
  void aCheckThatSomebodyHasBegunIsNoWorkForOthers() {
    UUID project = project("Checks " + UUID.randomUUID(), 2);
    workplace.run("update project set settings = '{\"checkShare\": 0}' where id = ?1", project);
    UUID checked =
        (UUID) workplace.one("select min(id::text)::uuid from task where project_id = ?1", project);
    workplace.check(checked);
    workplace.beginCheck(checked, TestAccounts.create(Role.ANNOTATOR).id);
    Account one = TestAccounts.create(Role.ANNOTATOR);
    assertThat(card(project, one).seats()).isEqualTo(2);
    assertThat(card(project, one).waiting()).isEqualTo(2);

    workplace.run(
        "update task_seat set annotator_id = ?2, leased_at = now(),"
            + " lease_expires_at = now() + interval '1 hour' where task_id = ?1 and seat = 1",
        checked,
        TestAccounts.create(Role.ANNOTATOR).id);
    assertThat(card(project, one).waiting()).isEqualTo(1);
  }

  private ProjectCards.Card card(UUID project, Account account) {
    return QuarkusTransaction.requiringNew().call(() -> cards.of(account.email)).stream()
        .filter(card -> card.id().equals(project))
        .findFirst()
        .orElseThrow();
  }

  /** Takes the first free seat of the project for the account. */
  private void seat(UUID project, Account account, String change) {
    int changed =
        QuarkusTransaction.requiringNew()
            .call(
                () ->
                    entityManager
                        .createNativeQuery(
                            "update task_seat set annotator_id = :account, "
                                + change
                                + " where task_id = (select t.id from task t join task_seat s"
                                + " on s.task_id = t.id where t.project_id = :project"
                                + " and s.annotator_id is null limit 1)")
                        .setParameter("account", account.id)
                        .setParameter("project", project)
                        .executeUpdate());
    assertThat(changed).isEqualTo(1);
  }

  /** A project with so many tasks of one seat. */
  private UUID project(String name, int tasks) {
    String id =
        TestAccounts.as(Role.ADMINISTRATOR)
            .contentType("application/json")
            .body(Map.of("name", name))
            .post("/api/projects")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    workplace.tasks(UUID.fromString(id), tasks, 1, "one answer", "another");
    return UUID.fromString(id);
  }

  @Test
  void anAddressThatIsNotThereIsToldInsideTheFrame() {
    TestAccounts.as(Role.ANNOTATOR)
        .accept("text/html")
        .get("/nothing-here")
        .then()
        .statusCode(404)
        .contentType(startsWith("text/html"))
        .body(containsString("class=\"masthead\""));
  }
}
