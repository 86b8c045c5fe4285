package org.laurel.account;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.arc.ClientProxy;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SignInTest {
  @Inject FirstAdministrator administrator;

  @Test
  void aPasswordOpensASessionAndSigningOutEndsIt() {
    Account account = TestAccounts.create(Role.ANNOTATOR);

    Response signedIn =
        signIn(account.email.toUpperCase(Locale.ROOT), TestAccounts.PASSWORD, "/account");
    assertThat(signedIn.statusCode()).isEqualTo(303);
    assertThat(signedIn.header("Location")).endsWith("/account");
    String cookie = signedIn.header("Set-Cookie");
    assertThat(cookie).containsIgnoringCase("HttpOnly").containsIgnoringCase("SameSite=Lax");

    String session = signedIn.cookie(SessionCookie.NAME);
    String csrf = csrf(session);
    given()
        .cookie(SessionCookie.NAME, session)
        .formParam("csrfToken", csrf)
        .redirects()
        .follow(false)
        .post("/sign-out")
        .then()
        .statusCode(303);
    assertThat(QuarkusTransaction.requiringNew().call(() -> WebSession.valid(session))).isEmpty();
  }

  @Test
  void aWrongPasswordAndAnUnknownEmailAreToldAlike() {
    Account account = TestAccounts.create(Role.ANNOTATOR);

    Response wrong = signIn(account.email, "something else", "/");
    Response unknown =
        signIn("nobody-" + UUID.randomUUID() + "@example.org", "something else", "/");

    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(wrong.body().asString()).contains("do not belong together");
    assertThat(unknown.body().asString()).contains("do not belong together");
  }

  @Test
  void afterFiveFailuresEvenTheRightPasswordHasToWait() {
    Account account = TestAccounts.create(Role.ANNOTATOR);
    for (int i = 0; i < LoginAttempt.PER_EMAIL; i++) {
      assertThat(signIn(account.email, "guess " + i, "/").statusCode()).isEqualTo(401);
    }

    Response right = signIn(account.email, TestAccounts.PASSWORD, "/");

    assertThat(right.statusCode()).isEqualTo(429);
    assertThat(right.header("Retry-After")).isEqualTo("900");
    assertThat(right.body().asString()).contains("Wait 15 minutes");
    assertThat(right.cookie(SessionCookie.NAME)).isNull();
  }

  @Test
  void aServerThatIsNotSetUpSaysWhereItsLinkIs() {
    FirstAdministrator first = ClientProxy.unwrap(administrator);
    String before = first.setUpToken;
    List<UUID> disabled = QuarkusTransaction.requiringNew().call(SignInTest::disableAdministrators);
    first.setUpToken = "of the link";
    try {
      assertThat(page()).contains("not set up yet").doesNotContain("Forgot the password");

      TestAccounts.create(Role.ADMINISTRATOR);
      assertThat(page()).doesNotContain("not set up yet").contains("Forgot the password");
    } finally {
      first.setUpToken = before;
      QuarkusTransaction.requiringNew()
          .run(() -> Account.update("disabledAt = null where id in ?1", disabled));
    }
  }

  private static String page() {
    return given().accept("text/html").header("Accept-Language", "en").get("/sign-in").asString();
  }

  /** For a moment nobody can run the server. */
  private static List<UUID> disableAdministrators() {
    List<UUID> active =
        Account.<Account>list("role = ?1 and disabledAt is null", Role.ADMINISTRATOR).stream()
            .map(account -> account.id)
            .toList();
    Account.update("disabledAt = current_timestamp where id in ?1", active);
    return active;
  }

  @Test
  void anotherSitesAddressIsNoPlaceToReturnTo() {
    Account account = TestAccounts.create(Role.ANNOTATOR);

    for (String foreign :
        new String[] {"https://evil.example", "//evil.example", "/\\evil.example", "x"}) {
      assertThat(signIn(account.email, TestAccounts.PASSWORD, foreign).header("Location"))
          .as(foreign)
          .doesNotContain("evil")
          .endsWith("/");
    }
  }

  @Test
  void aSessionNeedsItsCsrfTokenForChanges() {
    Account account = TestAccounts.create(Role.ANNOTATOR);
    String session = signIn(account.email, TestAccounts.PASSWORD, "/").cookie(SessionCookie.NAME);

    given().cookie(SessionCookie.NAME, session).post("/sign-out").then().statusCode(403);
    given()
        .cookie(SessionCookie.NAME, session)
        .header("X-CSRF-Token", "guess")
        .post("/sign-out")
        .then()
        .statusCode(403);
    given()
        .cookie(SessionCookie.NAME, session)
        .header("X-CSRF-Token", csrf(session))
        .redirects()
        .follow(false)
        .post("/sign-out")
        .then()
        .statusCode(303);
  }

  @Test
  void anOpenPageLearnsTheTokenOfTheSessionThatFollowedItsOwn() {
    Account account = TestAccounts.create(Role.ANNOTATOR);
    String session = signIn(account.email, TestAccounts.PASSWORD, "/").cookie(SessionCookie.NAME);

    given()
        .cookie(SessionCookie.NAME, session)
        .get("/api/session")
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .body("accountId", equalTo(account.id.toString()))
        .body("csrfToken", equalTo(csrf(session)));
    given().get("/api/session").then().statusCode(401);
    TestAccounts.as(account)
        .get("/api/session")
        .then()
        .statusCode(200)
        .body("accountId", equalTo(account.id.toString()))
        .body("csrfToken", nullValue());
  }

  @Test
  void whatWasRefusedForItsTokenIsDoneOnceTheTokenIsRight() {
    Account account = TestAccounts.create(Role.ADMINISTRATOR);
    String session = signIn(account.email, TestAccounts.PASSWORD, "/").cookie(SessionCookie.NAME);
    RequestSpecification request =
        new RequestSpecBuilder()
            .addCookie(SessionCookie.NAME, session)
            .addHeader("Idempotency-Key", UUID.randomUUID().toString())
            .setContentType("application/json")
            .setBody("{\"name\": \"project %s\"}".formatted(UUID.randomUUID()))
            .build();

    given(request)
        .header("X-CSRF-Token", "of an earlier session")
        .post("/api/projects")
        .then()
        .statusCode(403);
    given(request)
        .header("X-CSRF-Token", csrf(session))
        .post("/api/projects")
        .then()
        .statusCode(201);
  }

  @Test
  void anotherSitesFormCannotSignSomebodyIn() {
    given()
        .header("Sec-Fetch-Site", "cross-site")
        .formParam("email", "a@b.c")
        .post("/sign-in")
        .then()
        .statusCode(403);
  }

  @Test
  void aDisabledAccountIsOutAtOnce() {
    Account account = TestAccounts.create(Role.ANNOTATOR);
    String session = signIn(account.email, TestAccounts.PASSWORD, "/").cookie(SessionCookie.NAME);
    assertThat(csrf(session)).isNotEmpty();

    QuarkusTransaction.requiringNew().run(() -> Account.<Account>findById(account.id).disable());

    assertThat(csrf(session)).isEmpty();
    assertThat(signIn(account.email, TestAccounts.PASSWORD, "/").statusCode()).isEqualTo(401);
  }

  @Test
  void anInvitationSetsAPasswordOnceAndSignsIn() {
    Account account =
        QuarkusTransaction.requiringNew()
            .call(
                () ->
                    Account.create(
                        "invited-" + UUID.randomUUID() + "@example.org", Role.ANNOTATOR));
    String path =
        QuarkusTransaction.requiringNew().call(() -> Invitation.path(Account.findById(account.id)));

    given().get(path).then().statusCode(200).body(containsString(account.email));
    given().formParam("password", "short").post(path).then().statusCode(422);
    given()
        .formParam("password", TestAccounts.PASSWORD)
        .redirects()
        .follow(false)
        .post(path)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/"))
        .cookie(SessionCookie.NAME);
    given().formParam("password", "another password").post(path).then().statusCode(404);
    assertThat(signIn(account.email, TestAccounts.PASSWORD, "/").statusCode()).isEqualTo(303);
  }

  @Test
  void everyAnswerCarriesTheContentSecurityPolicy() {
    given()
        .get("/sign-in")
        .then()
        .statusCode(200)
        .header("Content-Security-Policy", containsString("default-src 'self'"))
        .header("X-Content-Type-Options", equalTo("nosniff"));
  }

  static Response signIn(String email, String password, String to) {
    return given()
        .formParam("email", email)
        .formParam("password", password)
        .formParam("to", to)
        .redirects()
        .follow(false)
        .post("/sign-in");
  }

  /** The token that pages of this session carry; empty when the session is not signed in. */
  private static String csrf(String session) {
    String page = given().cookie(SessionCookie.NAME, session).get("/sign-in").asString();
    var found = Pattern.compile("csrf-token\" content=\"([^\"]*)\"").matcher(page);
    assertThat(found.find()).isTrue();
    return found.group(1);
  }
}
