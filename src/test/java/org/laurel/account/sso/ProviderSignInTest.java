package org.laurel.account.sso;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.account.Account;
import org.laurel.account.ProviderIdentity;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.database.Interleaving;

/** Who is let in by the provider's word. */
@QuarkusTest
class ProviderSignInTest extends SingleSignOnScene {
  @Test
  void aKnownAddressIsLinkedOnceAndItsPersonKnownBySubjectAfterwards() {
    Account account = TestAccounts.create(Role.REVIEWER);
    String subject = subject();

    provider.person(subject, account.email.toUpperCase(Locale.ROOT));
    assertThat(signedIn(signIn("/"))).isEqualTo(account.id);
    assertThat(deedsOf(account.id)).containsExactly("account.linked", "account.signed-in");

    provider.person(subject, address()).telling("email_verified", false);
    assertThat(signedIn(signIn("/"))).isEqualTo(account.id);
    assertThat(deedsOf(account.id))
        .containsExactly("account.linked", "account.signed-in", "account.signed-in");
    assertThat(
            TestAccounts.as(Role.ADMINISTRATOR)
                .get("/api/audit?subject=account/" + account.id)
                .asString())
        .contains("will be known by single sign-on of " + provider.issuer());
  }

  @Test
  void anInvitationIsAcceptedAndItsLinkEnds() {
    String email = address();
    Invited invited = invite(email);

    provider.person(subject(), email).telling("name", "Ada Lovelace");
    Response answer = signIn("/");

    assertThat(signedIn(answer)).isEqualTo(invited.id());
    given().get(invited.path()).then().statusCode(404);
    given()
        .formParam("password", TestAccounts.PASSWORD)
        .post(invited.path())
        .then()
        .statusCode(404);
    assertThat(deedsOf(invited.id()))
        .containsExactly("invitation.accepted", "account.linked", "account.signed-in");
    assertThat(workplace.one("select name from account where id = ?1", invited.id()))
        .isEqualTo("Ada Lovelace");
    assertThat(workplace.one("select role from account where id = ?1", invited.id()))
        .isEqualTo(Role.REVIEWER);
  }

  @Test
  void whoHasNoPasswordIsNotAskedForItAndCountsAsActive() {
    String email = address();
    UUID id = invite(email).id();
    assertThat(rowOf(email)).contains(">invited<");
    provider.person(subject(), email);
    String session = signIn("/").cookie(SESSION);

    assertThat(rowOf(email)).contains(">active<");
    String own = given().cookie(SESSION, session).accept("text/html").get("/account").asString();
    assertThat(own).contains("You sign in without a password").doesNotContain("name=\"current\"");
    assertThat(
            TestAccounts.as(account(id))
                .formParam("current", "")
                .formParam("password", TestAccounts.PASSWORD)
                .post("/account/password")
                .statusCode())
        .isEqualTo(422);

    String page =
        TestAccounts.as(Role.ADMINISTRATOR).post("/people/" + id + "/invitation").asString();
    assertThat(signedIn(signIn("/"))).isEqualTo(id);
    given()
        .formParam("password", TestAccounts.PASSWORD)
        .redirects()
        .follow(false)
        .post(linkIn(page))
        .then()
        .statusCode(303);
    assertThat(signedIn(signIn("/"))).isEqualTo(id);
  }

  private static Account account(UUID id) {
    Account account = new Account();
    account.id = id;
    return account;
  }

  /** Of the table of people. */
  private static String rowOf(String email) {
    String page = TestAccounts.as(Role.ADMINISTRATOR).accept("text/html").get("/people").asString();
    int start = page.indexOf("<strong>" + email);
    return page.substring(start, page.indexOf("</tr>", start));
  }

  @Test
  void peopleOfAListedDomainJoinAsAnnotators() {
    String email = "cy@" + domain;
    provider.person(subject(), email).telling("name", "Cy");

    UUID id = signedIn(new Browser().speaking("fr").signIn("/"));

    assertThat(
            workplace.one(
                "select concat_ws(' ', email, role, language, name) from account where id = ?1",
                id))
        .isEqualTo(email + " annotator fr Cy");
    assertThat(deedsOf(id))
        .containsExactly("account.joined", "account.linked", "account.signed-in");
    assertThat(
            TestAccounts.as(Role.ADMINISTRATOR).get("/api/audit?subject=account/" + id).asString())
        .contains("Cy joined by single sign-on of " + provider.issuer());
  }

  @Test
  void aStrangerIsToldPlainlyAndMakesNoAccount() {
    String email = "a&b" + address();
    provider.person(subject(), email);

    Response answer = signIn("/");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.cookie(SESSION)).isNull();
    assertThat(answer.asString())
        .contains(email.replace("&", "&amp;") + " has been invited")
        .contains("Ask an administrator");
    assertThat(accountsOf(email)).isZero();
  }

  @Test
  void whereTheProviderIsTrustedAnAddressOfWhichItSaysNothingCounts() {
    System.setProperty("laurel.oidc.trust-email", "true");
    Account known = TestAccounts.create(Role.ANNOTATOR);
    provider.person(subject(), known.email).telling("email_verified", false);
    assertRefused(signIn("/"), "sso-unverified", "address is confirmed, so");
    provider.person(subject(), known.email).telling("email_verified", null);
    assertThat(signedIn(signIn("/"))).isEqualTo(known.id);
  }

  @Test
  void anAddressThatIsNotVerifiedOpensNothing() {
    Account known = TestAccounts.create(Role.ADMINISTRATOR);
    String invited = address();
    Invited invitation = invite(invited);

    for (String email : new String[] {known.email, invited, "cy@" + domain}) {
      for (Object verified : new Object[] {false, "false", 1, "yes"}) {
        provider.person(subject(), email).telling("email_verified", verified);
        assertRefused(signIn("/"), "sso-unverified", "address is confirmed, so");
      }
      provider.person(subject(), email).telling("email_verified", null);
      assertRefused(signIn("/"), "sso-unverified", "address is confirmed, so");
    }
    provider.person(subject(), null);
    assertRefused(signIn("/"), "sso-unverified", "address is confirmed, so");
    provider.person(subject(), null).telling("email", "no address").telling("email_verified", true);
    assertRefused(signIn("/"), "sso-unverified", "address is confirmed, so");
    provider.person(subject(), "\0@" + domain);
    assertRefused(signIn("/"), "sso-unverified", "address is confirmed, so");

    assertThat(identitiesOf(known.id) + identitiesOf(invitation.id())).isZero();
    assertThat(accountsOf("cy@" + domain)).isZero();
    given().get(invitation.path()).then().statusCode(200);
  }

  @Test
  void someProvidersSendTheWordTrue() {
    Account known = TestAccounts.create(Role.ANNOTATOR);
    provider.person(subject(), known.email).telling("email_verified", "true");

    assertThat(signedIn(signIn("/"))).isEqualTo(known.id);
  }

  @Test
  void aDisabledAccountStaysShut() {
    Account account = TestAccounts.create(Role.ANNOTATOR);
    provider.person(subject(), account.email);
    setDisabled(account, true);
    assertRefused(signIn("/"), "sso-disabled", "account here is disabled");
    assertThat(identitiesOf(account.id)).isZero();

    setDisabled(account, false);
    assertThat(signedIn(signIn("/"))).isEqualTo(account.id);
    setDisabled(account, true);
    assertRefused(signIn("/"), "sso-disabled", "account here is disabled");
  }

  @Test
  void whoGetsSomebodysAddressGetsTheAccountByANewLinkAlone() {
    Account account = TestAccounts.create(Role.ANNOTATOR);
    provider.person(subject(), account.email);
    String before = signIn("/").cookie(SESSION);
    String successor = subject();

    provider.person(successor, account.email);
    assertRefused(signIn("/"), "sso-taken", "belongs to somebody else");
    assertThat(given().cookie(SESSION, before).get("/api/session").statusCode()).isEqualTo(200);

    TestAccounts.as(Role.ADMINISTRATOR).post("/people/" + account.id + "/invitation");
    assertThat(signedIn(signIn("/"))).isEqualTo(account.id);
    assertThat(given().cookie(SESSION, before).get("/api/session").statusCode()).isEqualTo(401);
    assertThat(
            workplace.one(
                "select subject from provider_identity where account_id = ?1", account.id))
        .isEqualTo(successor);
  }

  @Test
  void whoSignsInTwiceAtTheSameTimeJoinsOnce() throws Exception {
    String subject = subject();
    String email = "cy@" + domain;
    provider.person(subject, email);
    Browser browser = new Browser();
    String back = browser.atProvider(browser.leave("/"));

    Response answer =
        Interleaving.beforeCommit(
            () -> {
              Account first = Account.create(email, Role.ANNOTATOR);
              first.flush();
              ProviderIdentity.link(provider.issuer(), subject, first);
            },
            1,
            () -> browser.get(back));

    assertThat(signedIn(answer)).isEqualTo(idOf(email));
    assertThat(accountsOf(email)).isEqualTo(1);
    assertThat(identitiesOf(idOf(email))).isEqualTo(1);
  }

  @Test
  void twoPeopleWithOneAddressCannotShareAnAccount() throws Exception {
    Account account = TestAccounts.create(Role.ANNOTATOR);
    provider.person(subject(), account.email);
    Browser browser = new Browser();
    String back = browser.atProvider(browser.leave("/"));

    Response answer =
        Interleaving.beforeCommit(
            () -> ProviderIdentity.link(provider.issuer(), subject(), account),
            1,
            () -> browser.get(back));

    assertRefused(answer, "sso-taken", "belongs to somebody else");
    assertThat(identitiesOf(account.id)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/account", "/projects?archived=true&q=a%20b", "/"})
  void whereSomebodyCameFromIsKept(String to) {
    provider.person(subject(), TestAccounts.create(Role.ANNOTATOR).email);

    assertThat(signIn(to).header("Location")).endsWith(to);
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "/sign-in"
  })
  void anotherSiteIsNoPlaceToReturnTo(String to) {
    provider.person(subject(), TestAccounts.create(Role.ANNOTATOR).email);

    Response answer = signIn(to);
    signedIn(answer);
    assertThat(answer.header("Location")).matches("http://[a-z0-9.:]+/");
  }
}
