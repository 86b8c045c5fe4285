package org.laurel.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.restassured.RestAssured;
import java.util.ArrayList;
import java.util.List;
import org.laurel.account.Account;
import org.laurel.account.TestAccounts;

/** Somebody at the server under test, with a window, and what went wrong in it. */
final class Visit implements AutoCloseable {
  /** How long a busy machine may take to show what is expected. */
  private static final int MILLISECONDS = 20_000;

  private final List<String> complaints = new ArrayList<>();
  private final List<String> scriptErrors = new ArrayList<>();
  private final Chromium chromium;
  private final BrowserContext context;
  private final Page page;

  private Visit(Chromium chromium, int width, int height) {
    this.chromium = chromium;
    context =
        chromium
            .browser()
            .newContext(
                new Browser.NewContextOptions()
                    .setBaseURL("http://localhost:" + RestAssured.port)
                    .setLocale("en")
                    .setViewportSize(width, height));
    page = context.newPage();
    page.setDefaultTimeout(MILLISECONDS);
    PlaywrightAssertions.setDefaultAssertionTimeout(MILLISECONDS);
    page.onPageError(scriptErrors::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
  }

  static Visit atADesk(Chromium chromium, Account account) {
    return new Visit(chromium, 1440, 900).of(account);
  }

  static Visit onAPhone(Chromium chromium, Account account) {
    return onAPhone(chromium).of(account);
  }

  /** Nobody yet. */
  static Visit onAPhone(Chromium chromium) {
    return new Visit(chromium, 390, 844);
  }

  private Visit of(Account account) {
    signIn(page, account.email, TestAccounts.PASSWORD);
    return this;
  }

  static void signIn(Page page, String email, String password) {
    page.navigate("/sign-in");
    page.fill("#email", email);
    page.fill("#password", password);
    page.keyboard().press("Enter");
    page.waitForURL("**/");
  }

  BrowserContext context() {
    return context;
  }

  Page page() {
    return page;
  }

  /** What the browser's console calls errors: of scripts, and requests that were refused. */
  List<String> complaints() {
    return complaints;
  }

  /** What the page's scripts did not catch. */
  List<String> scriptErrors() {
    return scriptErrors;
  }

  @Override
  public void close() {
    chromium.close(context);
  }
}
