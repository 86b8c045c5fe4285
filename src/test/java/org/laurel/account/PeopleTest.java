package org.laurel.account;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.laurel.database.Interleaving;

@QuarkusTest
class PeopleTest {
  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);

  @Test
  void anInvitedPersonGetsALinkThatOpens() {
    String email = UUID.randomUUID() + "@example.org";
    String page =
        TestAccounts.as(administrator)
            .formParam("email", email)
            .formParam("role", Role.REVIEWER)
            .formParam("language", "fr")
            .post("/people")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    Matcher link = Pattern.compile("id=\"issued\">([^<]+)<").matcher(page);
    assertThat(link.find()).isTrue();

    given().get(link.group(1)).then().statusCode(200).body(containsString(email));
    TestAccounts.as(administrator)
        .formParam("email", email)
        .post("/people")
        .then()
        .statusCode(409)
        .body(containsString("there is an account of"));
  }

  @Test
  void namesArePrintedAsTextNeverAsMarkup() {
    TestAccounts.as(administrator)
        .formParam("email", UUID.randomUUID() + "@example.org")
        .formParam("name", "<script>alert(1)</script>")
        .post("/people")
        .then()
        .statusCode(200)
        .body(containsString("&lt;script&gt;alert(1)"));
  }

  @Test
  void aRoleTakesEffectAtOnce() {
    Account person = TestAccounts.create(Role.ANNOTATOR);
    TestAccounts.as(person).accept("text/html").get("/people").then().statusCode(403);

    setRole(person, Role.ADMINISTRATOR).statusCode(303);
    TestAccounts.as(person).accept("text/html").get("/people").then().statusCode(200);
    setRole(person, "emperor").statusCode(422);
  }

  @Test
  void oneOfTwoAdministratorsWhoAreRemovedAtOnceStays() throws Exception {
    Account other = TestAccounts.create(Role.ADMINISTRATOR);
    List<UUID> rest = administratorsBut(administrator, other);
    setRoles(rest, Role.REVIEWER);
    try {
      int status =
          Interleaving.beforeCommit(
              () -> setRoles(List.of(other.id), Role.ANNOTATOR),
              1,
              () -> setRole(administrator, Role.ANNOTATOR).extract().statusCode());

      assertThat(status).isEqualTo(409);
      assertThat(roleOf(administrator)).isEqualTo(Role.ADMINISTRATOR);
    } finally {
      setRoles(rest, Role.ADMINISTRATOR);
    }
  }

  @Test
  void aRoleTakenMeanwhileDoesNotComeBackWithANewName() throws Exception {
    Account person = TestAccounts.create(Role.REVIEWER);

    int status =
        Interleaving.beforeCommit(
            () -> setRoles(List.of(person.id), Role.ANNOTATOR),
            1,
            () ->
                TestAccounts.as(person)
                    .formParam("name", "Renamed")
                    .redirects()
                    .follow(false)
                    .post("/account")
                    .statusCode());

    assertThat(status).isEqualTo(303);
    assertThat(roleOf(person)).isEqualTo(Role.ANNOTATOR);
  }

  @Test
  void whoIsDisabledStaysOutUntilEnabled() {
    Account person = TestAccounts.create(Role.ANNOTATOR);
    String token = TestAccounts.token(person);

    post("/people/" + person.id + "/disabling").statusCode(303);
    given().header("Authorization", "Bearer " + token).get("/account").then().statusCode(401);
    post("/people/" + person.id + "/enabling").statusCode(303);
    given().header("Authorization", "Bearer " + token).get("/account").then().statusCode(200);
  }

  @Test
  void aChangedPasswordEndsOtherSessions() {
    Account person = TestAccounts.create(Role.ANNOTATOR);
    String session =
        SignInTest.signIn(person.email, TestAccounts.PASSWORD, "/").cookie(SessionCookie.NAME);

    TestAccounts.as(person)
        .formParam("current", "wrong")
        .formParam("password", "another long password")
        .post("/account/password")
        .then()
        .statusCode(422);
    TestAccounts.as(person)
        .formParam("current", TestAccounts.PASSWORD)
        .formParam("password", "another long password")
        .redirects()
        .follow(false)
        .post("/account/password")
        .then()
        .statusCode(303);

    assertThat(QuarkusTransaction.requiringNew().call(() -> WebSession.valid(session))).isEmpty();
    assertThat(SignInTest.signIn(person.email, "another long password", "/").statusCode())
        .isEqualTo(303);
  }

  @Test
  void aRevokedTokenIsUseless() {
    Account person = TestAccounts.create(Role.ANNOTATOR);
    String token = TestAccounts.token(person);
    UUID id = QuarkusTransaction.requiringNew().call(() -> ApiToken.of(person.id).get(0).id);

    TestAccounts.as(administrator)
        .post("/account/tokens/" + id + "/revocation")
        .then()
        .statusCode(404);
    TestAccounts.as(person)
        .redirects()
        .follow(false)
        .post("/account/tokens/" + id + "/revocation")
        .then()
        .statusCode(303);
    given().header("Authorization", "Bearer " + token).get("/account").then().statusCode(401);
  }

  private ValidatableResponse setRole(Account person, String role) {
    return TestAccounts.as(administrator)
        .formParam("role", role)
        .redirects()
        .follow(false)
        .post("/people/" + person.id + "/role")
        .then();
  }

  private static List<UUID> administratorsBut(Account one, Account other) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                Account.<Account>list("role", Role.ADMINISTRATOR).stream()
                    .map(account -> account.id)
                    .filter(id -> !id.equals(one.id) && !id.equals(other.id))
                    .toList());
  }

  private static void setRoles(List<UUID> accounts, String role) {
    QuarkusTransaction.joiningExisting()
        .run(() -> Account.update("role = ?1 where id in ?2", role, accounts));
  }

  private static String roleOf(Account account) {
    return QuarkusTransaction.requiringNew().call(() -> Account.<Account>findById(account.id).role);
  }

  private ValidatableResponse post(String path) {
    return TestAccounts.as(administrator).redirects().follow(false).post(path).then();
  }
}
