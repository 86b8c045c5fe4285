package org.laurel.overview;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class PagesTest {
  @Inject EntityManager entityManager;
  @Inject Workplace workplace;

  @Test
  void pagesOfAdministrationAreForAdministratorsAlone() {
    UUID project = workplace.project("{}");
    UUID round = round(project);
    for (String path :
        List.of(
            "/models",
            "/rounds/" + round,
            "/projects/" + project + "/rounds",
            "/projects/" + project + "/export")) {
      given().accept("text/html").redirects().follow(false).get(path).then().statusCode(303);
      TestAccounts.as(Role.ANNOTATOR).accept("text/html").get(path).then().statusCode(403);
      TestAccounts.as(Role.ADMINISTRATOR)
          .accept("text/html")
          .get(path)
          .then()
          .statusCode(200)
          .body(containsString("aria-current=\"page\""));
    }
  }

  @Test
  void whatIsNotThereIsSaidInTheReadersLanguage() {
    Account french = TestAccounts.create(Role.ANNOTATOR);
    QuarkusTransaction.requiringNew()
        .run(() -> Account.update("language = 'fr' where id = ?1", french.id));
    String token = TestAccounts.token(french);
    for (String[] page :
        new String[][] {
          {"/projects/" + UUID.randomUUID() + "/tasks", "404", "Rien ici"},
          {"/models", "403", "Accès refusé"}
        }) {
      given()
          .header("Authorization", "Bearer " + token)
          .accept("text/html")
          .get(page[0])
          .then()
          .statusCode(Integer.parseInt(page[1]))
          .body(containsString("<h1>" + page[2] + "</h1>"))
          .body(containsString(">Accueil</a>"));
    }
    TestAccounts.as(Role.ANNOTATOR)
        .accept("text/html")
        .get("/models")
        .then()
        .body(containsString("Your account may not open this page"))
        .body(containsString("your role does not allow this"));
  }

  @Test
  void theRoundsOfAProjectAreListed() {
    UUID project = workplace.project("{}");
    UUID round = round(project);
    TestAccounts.as(Role.ADMINISTRATOR)
        .accept("text/html")
        .get("/projects/" + project + "/rounds")
        .then()
        .body(containsString("/rounds/" + round))
        .body(containsString("badge cancelled"));
  }

  @Test
  void everyFormatIsOfferedInEveryFileType() {
    UUID project = workplace.project("{}");
    TestAccounts.as(Role.ADMINISTRATOR)
        .accept("text/html")
        .get("/projects/" + project + "/export")
        .then()
        .body(containsString("format=rankings&amp;as=parquet"))
        .body(containsString("format=trl-preference&amp;as=csv"));
  }

  @Test
  void scriptsOfOthersAreServedFromHere() {
    for (String path :
        List.of(
            "/_static/htmx.org/2.0.2/dist/htmx.min.js",
            "/_static/echarts/6.0.0/dist/echarts.esm.min.js",
            "/icons.svg",
            "/css/tokens.css",
            "/fonts/newsreader.woff2")) {
      given().get(path).then().statusCode(200);
    }
    given()
        .accept("text/html")
        .get("/sign-in")
        .then()
        .header("Content-Security-Policy", containsString("default-src 'self'"))
        .header("X-Content-Type-Options", equalTo("nosniff"));
  }

  private UUID round(UUID project) {
    UUID round = UUID.randomUUID();
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                entityManager
                    .createNativeQuery(
                        "insert into round (id, project_id, number, seed, configuration, status)"
                            + " values (:round, :project, 1, 1, cast(:configuration as jsonb),"
                            + " 'cancelled')")
                    .setParameter("round", round)
                    .setParameter("project", project)
                    .setParameter(
                        "configuration",
                        "{\"steps\":[\"reward\",\"ppo\"],\"hyperparameters\":{},\"policy\":\""
                            + UUID.randomUUID()
                            + "\"}")
                    .executeUpdate());
    return round;
  }
}
