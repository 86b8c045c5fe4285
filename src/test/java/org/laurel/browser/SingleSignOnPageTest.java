package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.sso.SingleSignOnScene;

/** Somebody goes to the provider and comes back, in a browser that keeps cookies as it will. */
@QuarkusTest
class SingleSignOnPageTest extends SingleSignOnScene {
  private Chromium chromium;
  private Visit visit;
  private Page page;

  @BeforeEach
  void open() {
    chromium = new Chromium();
    visit = Visit.onAPhone(chromium);
    page = visit.page();
  }

  @AfterEach
  void close() {
    visit.close();
    chromium.close();
    assertThat(visit.scriptErrors()).isEmpty();
  }

  @Test
  void comesBackToThePageThatWasAskedFor() {
    String email = "cy@" + domain;
    provider.person(subject(), email);
    page.navigate("/account");
    assertThat(page.locator("h1")).hasText("Sign in");
    Accessibility.check(page);

    page.getByText("Sign in with Acme <Login>").press("Enter");
    page.waitForURL("**/account");
    assertThat(page.locator("main")).containsText(email);
    assertThat(page.locator("main")).containsText("You sign in without a password");
    Accessibility.check(page);
  }

  @Test
  void aStrangerLearnsWhoToAsk() {
    String email = address();
    provider.person(subject(), email);
    page.navigate("/sign-in");

    page.getByText("Sign in with Acme <Login>").click();
    assertThat(page.locator("main")).containsText(email + " has been invited");
    Accessibility.check(page);
    assertThat(accountsOf(email)).isZero();
  }
}
