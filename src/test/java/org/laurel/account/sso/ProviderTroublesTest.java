package org.laurel.account.sso;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.quarkus.arc.ClientProxy;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.database.Interleaving;

/** What may not be believed, and what may go wrong on the way. */
@QuarkusTest
class ProviderTroublesTest extends SingleSignOnScene {
  @Inject Admissions admissions;
  @Inject OpenIdProvider openId;

  private final Account account = TestAccounts.create(Role.ANNOTATOR);

  @BeforeEach
  void somebody() {
    provider.person(subject(), account.email);
  }

  @ParameterizedTest
  @CsvSource({"nonce, of another sign-in", "aud, another client", "iss, https://login.example.org"})
  void aTokenForSomethingElseIsNotTaken(String claim, String lie) {
    provider.lying(claim, lie);
    assertRefused(signIn("/"), "sso-failed", "did not work");
  }

  @Test
  void clocksMayDifferByAMinuteAndNoMore() {
    long now = Instant.now().getEpochSecond();
    provider.lying("iat", now - 300).lying("exp", now - 30);
    assertThat(signedIn(signIn("/"))).isEqualTo(account.id);
    provider.lying("exp", now - 75);
    assertRefused(signIn("/"), "sso-failed", "did not work");
    provider.lying("exp", now + 300).lying("iat", now + 120);
    assertRefused(signIn("/"), "sso-failed", "did not work");
  }

  @Test
  void aForeignSignatureIsNotTaken() {
    provider.forging();
    assertRefused(signIn("/"), "sso-failed", "did not work");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "HS256"})
  void aSignatureThatEverybodyCanMakeIsNotTaken(String algorithm) {
    provider.signingBy(algorithm);
    assertRefused(signIn("/"), "sso-failed", "did not work");
  }

  @Test
  void aNewKeyOfTheProviderIsLearnt() {
    assertThat(signedIn(signIn("/"))).isEqualTo(account.id);
    provider.withNextKey();
    assertThat(signedIn(signIn("/"))).isEqualTo(account.id);
  }

  @Test
  void aBriefTokenIsCompletedByTheUserInfoOfTheSamePerson() {
    String subject = subject();
    provider.person(subject, account.email).brief(subject);
    assertThat(signedIn(signIn("/"))).isEqualTo(account.id);

    Account other = TestAccounts.create(Role.ANNOTATOR);
    provider.person(subject(), other.email).brief(subject());
    assertRefused(signIn("/"), "sso-failed", "did not work");
    provider.brief("");
    assertRefused(signIn("/"), "sso-failed", "did not work");
    assertThat(identitiesOf(other.id)).isZero();
  }

  @Test
  void aStateWorksOnce() {
    Browser browser = new Browser();
    String back = browser.atProvider(browser.leave("/"));
    signedIn(browser.get(back));

    assertRefused(browser.get(back), "sso-ended", "used before");
  }

  @Test
  void aStateIsThatOfOneBrowser() {
    Browser browser = new Browser();
    String back = browser.atProvider(browser.leave("/"));
    Browser other = new Browser();
    other.leave("/");

    assertRefused(other.get(back), "sso-ended", "another browser");
    assertRefused(new Browser().get(back), "sso-ended", "another browser");
    signedIn(browser.get(back));
  }

  @Test
  void twoTabsOfABrowserSignInAtOnce() {
    String subject = subject();
    provider.person(subject, "cy@" + domain);
    Browser browser = new Browser();
    String first = browser.atProvider(browser.leave("/account"));
    String second = browser.atProvider(browser.leave("/"));

    Response answer = browser.get(second);
    UUID id = signedIn(answer);
    assertThat(answer.header("Location")).endsWith("/");
    answer = browser.get(first);
    assertThat(signedIn(answer)).isEqualTo(id);
    assertThat(answer.header("Location")).endsWith("/account");
    assertRefused(browser.get(first), "sso-ended", "another browser");
  }

  @Test
  void aStateLivesTenMinutes() {
    Browser browser = new Browser();
    Response left = browser.leave("/");
    assertThat(left.header("Set-Cookie"))
        .containsIgnoringCase("HttpOnly")
        .containsIgnoringCase("SameSite=Lax")
        .containsIgnoringCase("Path=/sign-in/sso")
        .containsIgnoringCase("Max-Age=600");
    assertThat(left.header("Cache-Control")).isEqualTo("no-store");
    String back = browser.atProvider(left);
    assertThat(
            workplace.one(
                "select count(*) from provider_visit where expires_at between"
                    + " now() + interval '590 s' and now() + interval '600 s'"))
        .isNotEqualTo(0L);
    workplace.run("update provider_visit set expires_at = now() - interval '1 s'");

    assertRefused(browser.get(back), "sso-ended", "took too long");
    admissions.tidy();
    assertThat(workplace.one("select count(*) from provider_visit")).isEqualTo(0L);
  }

  @Test
  void anAnswerThatNobodyAskedForIsNotTaken() {
    assertRefused(new Browser().get(BACK), "sso-ended", "Try again");
    assertRefused(new Browser().get(BACK + "?state=x&code=y"), "sso-ended", "Try again");
  }

  @Test
  void anAnswerInTheNameOfAnotherProviderIsNotTaken() {
    Browser browser = new Browser();
    String back = browser.atProvider(browser.leave("/"));
    assertRefused(
        browser.get(back + "&iss=https%3A%2F%2Flogin.example.org"), "sso-failed", "did not work");
    String own = browser.atProvider(browser.leave("/"));
    signedIn(
        browser.get(own + "&iss=" + provider.issuer().replace(":", "%3A").replace("/", "%2F")));
  }

  @ParameterizedTest
  @CsvSource({
    "access_denied, sso-denied, was cancelled or refused",
    "server_error, sso-failed, did not work"
  })
  void whatTheProviderSaysIsToldInOurWords(String error, String failure, String sentence) {
    provider.refusing(error);
    Response answer = signIn("/");
    assertRefused(answer, failure, sentence);
    assertThat(answer.header("Location")).doesNotContain(error).doesNotContain("words");
  }

  @Test
  void aFailureKeepsWhereSomebodyCameFrom() {
    provider.refusing("access_denied");
    assertThat(signIn("/account?a=b").header("Location"))
        .endsWith("/sign-in?failure=sso-denied&to=%2Faccount%3Fa%3Db");
  }

  @Test
  void aProviderThatIsDownStopsNothingElse() {
    provider.close();

    assertRefused(new Browser().leave("/"), "sso-unreachable", "cannot be reached now");
    given()
        .accept("text/html")
        .get("/sign-in")
        .then()
        .statusCode(200)
        .body(containsString("Acme &lt;Login&gt;"));
    given()
        .formParam("email", account.email)
        .formParam("password", TestAccounts.PASSWORD)
        .redirects()
        .follow(false)
        .post("/sign-in")
        .then()
        .statusCode(303)
        .cookie(SESSION);
  }

  @Test
  void nobodyIsSentToAProviderThatWentDownAMinuteAgo() {
    signedIn(signIn("/"));
    assertThat(provider.waiting()).isEqualTo(1);
    provider.close();
    OpenIdProvider asked = ClientProxy.unwrap(openId);
    Discovery found = Objects.requireNonNull(asked.found);
    asked.found =
        new Discovery(
            found.settings(),
            found.authorization(),
            found.token(),
            found.userInfo(),
            found.clientAuthentication(),
            found.validator(),
            found.readAt().minusSeconds(60));

    assertRefused(new Browser().leave("/"), "sso-unreachable", "cannot be reached now");
  }

  @Test
  void aProviderThatIsSlowHoldsFewThreads() throws Exception {
    provider.pausing();
    ExecutorService patient = Executors.newCachedThreadPool();
    try {
      List<Future<Response>> leaving =
          IntStream.range(0, 16)
              .mapToObj(i -> patient.submit(() -> new Browser().leave("/")))
              .toList();
      Interleaving.await(() -> provider.waiting() == 16);

      assertRefused(new Browser().leave("/"), "sso-unreachable", "cannot be reached now");
      provider.goOn();
      for (Future<Response> left : leaving) {
        assertThat(left.get().header("Location")).startsWith(provider.issuer());
      }
    } finally {
      patient.shutdownNow();
    }
  }

  @Test
  void aProviderThatGoesDownMeanwhileIsSaidToBeSo() {
    Browser browser = new Browser();
    String back = browser.atProvider(browser.leave("/"));
    provider.close();

    assertRefused(browser.get(back), "sso-unreachable", "cannot be reached now");
  }

  @Test
  void theSecretGoesInAHeaderAndAWrongOneIsRefused() {
    System.setProperty("laurel.oidc.client-secret", "wrong");
    assertRefused(signIn("/"), "sso-failed", "did not work");
    assertThat(provider.authorizations()).singleElement().asString().startsWith("Basic ");
  }

  @Test
  void aPublicClientNeedsNoSecret() {
    System.clearProperty("laurel.oidc.client-secret");
    provider.withoutSecret();

    assertThat(signedIn(signIn("/"))).isEqualTo(account.id);
    assertThat(provider.authorizations()).isEqualTo(List.of("null"));
  }

  @Test
  void tooManyFailuresBrakeThisWayAsWell() {
    for (int i = 0; i < 50; i++) {
      new Browser().get(BACK + "?state=guess&code=guess");
    }
    assertRefused(signIn("/"), "throttled", "Too many failed attempts");
  }

  @Test
  void thePageOffersItByNameInBothLanguages() {
    assertThat(page("en", "/account?a=b"))
        .contains("Sign in with Acme &lt;Login&gt;")
        .contains("href=\"/sign-in/sso?to=%2Faccount%3Fa%3Db\"");
    assertThat(page("fr", "/")).contains("Se connecter avec Acme &lt;Login&gt;");
    System.clearProperty("laurel.oidc.name");
    assertThat(page("en", "/")).contains("Sign in with single sign-on");
  }

  @Test
  void whereItIsOffNothingSpeaksOfIt() {
    stop();
    assertThat(page("en", "/")).doesNotContain("/sign-in/sso").contains("autofocus");
    given().get("/sign-in/sso").then().statusCode(404);
    given().get(BACK).then().statusCode(404);
  }

  @Test
  void anUnknownFailureInTheAddressSaysNothing() {
    given()
        .accept("text/html")
        .queryParam("failure", "Your account is stolen")
        .get("/sign-in")
        .then()
        .statusCode(200)
        .body(not(containsString("stolen")))
        .body(not(containsString("role=\"alert\"")));
  }

  private static String page(String language, String to) {
    return given()
        .accept("text/html")
        .header("Accept-Language", language)
        .queryParam("to", to)
        .get("/sign-in")
        .asString();
  }
}
