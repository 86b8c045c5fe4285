package org.laurel.account.sso;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

/** A provider, a server that knows it, and browsers that go between both. */
public abstract class SingleSignOnScene {
  static final String SESSION = "laurel-session";
  static final String BACK = ProviderSignIn.PATH + "/callback";

  @Inject protected Workplace workplace;

  protected final LocalProvider provider = new LocalProvider();

  /** At a domain whose people join. */
  protected final String domain = "d" + UUID.randomUUID() + ".example.org";

  @BeforeEach
  void aProvider() {
    System.setProperty("laurel.oidc.issuer", provider.issuer());
    System.setProperty("laurel.oidc.client-id", LocalProvider.CLIENT);
    System.setProperty("laurel.oidc.client-secret", LocalProvider.SECRET);
    System.setProperty("laurel.oidc.name", "Acme <Login>");
    System.setProperty("laurel.oidc.join-domains", domain);
  }

  @AfterEach
  void stop() {
    provider.close();
    List.of("issuer", "client-id", "client-secret", "name", "trust-email", "join-domains")
        .forEach(name -> System.clearProperty("laurel.oidc." + name));
    // so that the failures of one test do not brake the next one
    workplace.run("delete from login_attempt where email = ''");
  }

  /** Goes all the way, and gives the last answer. */
  static Response signIn(String to) {
    return new Browser().signIn(to);
  }

  protected static String subject() {
    return UUID.randomUUID().toString();
  }

  protected static String address() {
    return "person-" + UUID.randomUUID() + "@example.org";
  }

  /** An account that an administrator has made, and the path of its link. */
  record Invited(UUID id, String path) {}

  Invited invite(String email) {
    String page =
        TestAccounts.as(Role.ADMINISTRATOR)
            .formParam("email", email)
            .formParam("role", Role.REVIEWER)
            .post("/people")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    return new Invited(idOf(email), linkIn(page));
  }

  static String linkIn(String page) {
    Matcher link = Pattern.compile("id=\"issued\">https?://[^/]+([^<]+)<").matcher(page);
    assertThat(link.find()).isTrue();
    return link.group(1);
  }

  protected UUID idOf(String email) {
    return (UUID) workplace.one("select id from account where email = ?1", email);
  }

  protected long accountsOf(String email) {
    return ((Number) workplace.one("select count(*) from account where email = ?1", email))
        .longValue();
  }

  long identitiesOf(UUID account) {
    return ((Number)
            workplace.one("select count(*) from provider_identity where account_id = ?1", account))
        .longValue();
  }

  /** What the account did, as the audit tells it, oldest first. */
  List<String> deedsOf(UUID account) {
    return workplace
        .all("select action from audit_event where account_id = ?1 order by id", account)
        .stream()
        .map(Object::toString)
        .toList();
  }

  /** Whom the answer has signed in. */
  static UUID signedIn(Response answer) {
    assertThat(answer.statusCode()).as(answer.header("Location")).isEqualTo(303);
    assertThat(answer.cookie(SESSION)).as(answer.header("Location")).isNotNull();
    return UUID.fromString(
        RestAssured.given()
            .cookie(SESSION, answer.cookie(SESSION))
            .get("/api/session")
            .then()
            .statusCode(200)
            .extract()
            .path("accountId"));
  }

  /** That nobody was signed in, but sent to the sign-in page, which says so. */
  static void assertRefused(Response answer, String failure, String sentence) {
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.cookie(SESSION)).isNull();
    assertThat(answer.header("Location")).contains("/sign-in?failure=" + failure + "&to=%2F");
    String page =
        RestAssured.given()
            .urlEncodingEnabled(false)
            .accept("text/html")
            .get(answer.header("Location"))
            .asString();
    assertThat(page).contains("role=\"alert\"").contains(sentence);
  }

  static void setDisabled(Account account, boolean disabled) {
    TestAccounts.as(Role.ADMINISTRATOR)
        .redirects()
        .follow(false)
        .post("/people/" + account.id + (disabled ? "/disabling" : "/enabling"))
        .then()
        .statusCode(303);
  }

  /** With a cookie of its own. */
  static final class Browser {
    private @Nullable String cookie;
    private String language = "en";

    Browser speaking(String language) {
      this.language = language;
      return this;
    }

    Response signIn(String to) {
      return get(atProvider(leave(to)));
    }

    Response leave(String to) {
      Response answer = own().urlEncodingEnabled(true).queryParam("to", to).get("/sign-in/sso");
      cookie = answer.cookie(ProviderSignIn.COOKIE);
      return answer;
    }

    /** Where the provider sends the browser. */
    String atProvider(Response left) {
      assertThat(left.statusCode()).isEqualTo(303);
      Response answer = request().get(left.header("Location"));
      assertThat(answer.statusCode()).as(left.header("Location")).isEqualTo(302);
      return answer.header("Location");
    }

    Response get(String address) {
      return own().get(address);
    }

    private RequestSpecification own() {
      RequestSpecification request = request();
      return cookie == null ? request : request.cookie(ProviderSignIn.COOKIE, cookie);
    }

    private RequestSpecification request() {
      return RestAssured.given()
          .urlEncodingEnabled(false)
          .accept("text/html")
          .header("Accept-Language", language)
          .redirects()
          .follow(false);
    }
  }
}
