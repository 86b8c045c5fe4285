package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

/** An annotator writes demonstrations in a browser, and nothing of it is lost. */
@QuarkusTest
class WritingPageTest {
  private static Chromium chromium;

  @Inject Workplace workplace;

  Visit visit;
  Page page;
  UUID project;
  Account ann;
  String first = ""; // the prompt that came first

  @BeforeAll
  static void open() {
    chromium = new Chromium();
  }

  @AfterAll
  static void close() {
    chromium.close();
  }

  @BeforeEach
  void signIn() {
    ann = TestAccounts.create(Role.ANNOTATOR);
    project = workplace.project("{\"demonstrationsPerPrompt\": 1}");
    workplace.prompts(project, 2, "How do I boil an egg? ");
    workplace.run(
        "insert into guidelines_version (project_id, version, text) values (?1, 1, 'Be **brief**.')",
        project);
    visit = Visit.atADesk(chromium, ann);
    page = visit.page();
  }

  @AfterEach
  void leave() {
    visit.close();
    assertThat(visit.scriptErrors()).as("errors of the page's scripts").isEmpty();
  }

  @Test
  void writesByKeyboardAndSeesWhatItWillLookLike() {
    work();
    assertThat(page.locator("#prompt")).containsText("boil an egg?");
    assertThat(page.locator("#guidelines strong")).hasText("brief");
    assertThat(page.locator("#preview")).containsText("appears here");
    page.keyboard().press("Control+Enter");
    assertThat(page.locator("#hint")).hasText("Write an answer first.");
    page.keyboard().type("About **seven** minutes: $x^2$ <script>alert(1)</script>");
    assertThat(page.locator("#preview strong")).hasText("seven");
    assertThat(page.locator("#preview math")).isVisible();
    assertThat(page.locator("#preview")).containsText("<script>");
    assertThat(page.locator("#count")).hasText(Pattern.compile("\\d+ words"));
    type("Escape", "f", "Space");
    assertThat(page.locator("#flag-count")).hasText("1");
    Accessibility.check(page);
    type("Control+Enter");
    awaitWritten(1);
    assertThat(page.locator("#text")).hasValue("");
    assertThat(page.locator("#count-today")).hasText("1");
    assertThat(
            workplace.one(
                "select array_to_string(flags, ',') from demonstration where author_id = ?1",
                ann.id))
        .isEqualTo("unclear");

    // one's own, changed
    page.locator("#write:not(.waiting)").waitFor();
    type("Escape", "p");
    assertThat(page.locator("#submit-label")).hasText("Save changes");
    assertThat(page.locator("#text")).hasValue(Pattern.compile("About \\*\\*seven.*"));
    page.fill("#text", "Eight minutes.");
    type("Control+Enter");
    awaitWritten(2);
    assertThat(page.locator("#submit-label")).hasText("Submit");
    assertThat(page.locator("#text")).hasValue("");
    assertThat(
            workplace.one(
                "select text from demonstration where author_id = ?1 and replaced_at is null",
                ann.id))
        .isEqualTo("Eight minutes.");
    page.fill("#text", "Nine minutes.");
    type("Control+Enter");
    assertThat(page.locator("#empty")).isVisible();
    awaitWritten(3);
    Accessibility.check(page);
  }

  @Test
  void hasTheDraftAgainAfterAReload() {
    work();
    visit.context().setOffline(true); // the device alone has it
    page.keyboard().type("About seven");
    page.close();
    visit.context().setOffline(false);
    page = visit.context().newPage();
    work();
    assertThat(page.locator("#text")).hasValue("About seven");
    page.locator("#text").press("End");
    page.keyboard().type(" minutes");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    page.evaluate("localStorage.clear()"); // another device
    page.reload();
    assertThat(page.locator("#text")).hasValue("About seven minutes");
    assertThat(page.locator("#preview")).containsText("About seven minutes");
  }

  @Test
  void losesNothingWithTheConnection() {
    work();
    visit.context().setOffline(true);
    page.keyboard().type("About **seven** minutes");
    assertThat(page.locator("#save-text")).containsText("Kept on this device");
    assertThat(page.locator("#preview")).containsText("**seven**");
    type("Control+Enter");
    assertThat(page.locator("#save-text")).containsText("1 waiting to be sent");
    assertThat(written()).isZero();
    visit.context().setOffline(false);
    awaitWritten(1);
    assertThat(page.locator("#save-text")).containsText("Saved");
    assertThat(page.locator("#prompt")).not().hasText(first);
    assertThat(page.locator("#prompt")).containsText("boil an egg?");
    assertThat(page.locator("#text")).hasValue("");
  }

  @Test
  void sendsWhatWaitedAfterTheBrowserWasClosed() {
    work();
    visit.context().setOffline(true);
    page.keyboard().type("Seven minutes");
    type("Control+Enter");
    assertThat(page.locator("#save-text")).containsText("1 waiting to be sent");
    page.close();
    visit.context().setOffline(false);
    try (Page later = visit.context().newPage()) {
      later.navigate("/projects/" + project + "/demonstrations");
      later.waitForCondition(() -> written() == 1);
    }
  }

  @Test
  void keepsTheTextOfWhoLostThePrompt() {
    work();
    page.keyboard().type("An hour's work");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    workplace.run(
        "update demonstration_seat set annotator_id = ?2 where annotator_id = ?1",
        ann.id,
        TestAccounts.create(Role.ANNOTATOR).id);
    page.keyboard().type(" and more");
    assertThat(page.locator("#lost")).isVisible();
    assertThat(page.locator("#save-text")).containsText("Not on the server");
    Accessibility.check(page);
    type("Control+Enter");
    assertThat(page.locator(".toast")).containsText("somebody else took it");
    assertThat(page.locator("#text")).hasValue("An hour's work and more");
    assertThat(page.locator("#prompt")).hasText(first);
    page.click("#next");
    assertThat(page.locator("#prompt")).not().hasText(first);
    assertThat(page.locator("#prompt")).containsText("boil an egg?");
    assertThat(page.locator("#text")).hasValue("");
    assertThat(page.locator("#lost")).isHidden();

    // and it is found again
    type("Escape", "w");
    page.click("#work-draft");
    page.locator("#work-items button").filter(with(first)).click();
    assertThat(page.locator("#text")).hasValue("An hour's work and more");
    assertThat(page.locator("#lost")).isVisible();
  }

  @Test
  void takesTheLeaseUpAgainAndSends() {
    work();
    page.keyboard().type("Seven minutes");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    workplace.run(
        "update demonstration_seat set lease_expires_at = now() - interval '1 hour'"
            + " where annotator_id = ?1",
        ann.id);
    type("Control+Enter");
    awaitWritten(1);
  }

  @Test
  void keepsWhatIsRefusedToSomebodyWhoWorksInTheProjectNoMore() {
    work();
    workplace.run("update account set all_projects = false where id = ?1", ann.id);
    page.keyboard().type("Seven minutes");
    assertThat(page.locator("#shut-out")).isVisible();
    type("Control+Enter");
    assertThat(page.locator("#text")).hasValue("Seven minutes");
    assertThat(page.locator("#count-today")).hasText("0");
    workplace.run("insert into project_member values (?1, ?2)", project, ann.id);
    page.reload();
    assertThat(page.locator("#text")).hasValue("Seven minutes");
    type("Control+Enter");
    awaitWritten(1);
  }

  @Test
  void showsWhatWasSubmittedInAnotherWindow() {
    work();
    try (Page other = visit.context().newPage()) {
      other.navigate("/projects/" + project + "/demonstrations");
      assertThat(other.locator("#text")).isFocused();
      page.bringToFront();
      page.keyboard().type("Seven minutes");
      type("Control+Enter");
      awaitWritten(1);
      assertThat(other.locator(".toast")).containsText("submitted in another window");
      assertThat(other.locator("#text")).hasValue("Seven minutes");
      assertThat(other.locator("#submit-label")).hasText("Save changes");
    }
  }

  @Test
  void asksWhichOfTwoTextsCounts() {
    work();
    page.keyboard().type("Seven minutes");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    try (Visit phone = Visit.onAPhone(chromium, ann)) {
      Page other = phone.page();
      other.navigate("/projects/" + project + "/demonstrations");
      assertThat(other.locator("#text")).hasValue("Seven minutes");
      other.locator("#text").press("End");
      other.keyboard().type(" for a soft one");
      assertThat(other.locator(".save-text:visible")).containsText("Saved ");
    }
    page.keyboard().type("!");
    assertThat(page.locator("#rival")).isVisible();
    assertThat(page.locator("#text")).hasValue("Seven minutes!");
    page.click("#rival-swap");
    assertThat(page.locator("#text")).hasValue("Seven minutes for a soft one");
    page.click("#rival-keep");
    page.locator("#text").press("End");
    page.keyboard().type(".");
    type("Control+Enter");
    awaitWritten(1);
    assertThat(workplace.one("select text from demonstration where author_id = ?1", ann.id))
        .isEqualTo("Seven minutes for a soft one.");
  }

  @Test
  void skipsWithAReason() {
    work();
    page.keyboard().type("I do not");
    type("Escape", "s");
    assertThat(page.locator("#skip-work")).isVisible();
    page.click("#skip-form [value=unclear]");
    page.fill("#skip-words", "which egg?");
    page.click("#skip-form [type=submit]");
    assertThat(page.locator("#prompt")).not().hasText(first);
    assertThat(page.locator("#prompt")).containsText("boil an egg?");
    assertThat(page.locator("#text")).hasValue("");
    assertThat(
            workplace.one("select reason from demonstration_skip where annotator_id = ?1", ann.id))
        .isEqualTo("unclear: which egg?");
    type("Escape", "w");
    page.click("#work-skipped");
    page.locator("#work-items button").click();
    assertThat(page.locator("#prompt")).hasText(first);
  }

  @Test
  void worksInFrenchOnASmallPhone() {
    workplace.run("update account set language = 'fr' where id = ?1", ann.id);
    page.setViewportSize(360, 780);
    work();
    assertThat(page.locator("#submit-label")).hasText("Envoyer");
    page.keyboard().type("Sept **minutes**");
    assertThat(page.locator("#count")).hasText("2 mots");
    assertThat(page.locator("#preview")).isHidden();
    page.click("#show-preview");
    assertThat(page.locator("#preview strong")).hasText("minutes");
    assertThat(page.locator("#text")).isHidden();
    assertThat(page.locator(".save-text:visible")).containsText("Enregistré");
    assertThat(page.locator("#submit")).isInViewport();
    assertThat(
            (boolean)
                page.evaluate(
                    "document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
        .isTrue();
    Accessibility.check(page);
    page.click("#submit");
    awaitWritten(1);
  }

  @Test
  void reviewersSetAsideAndBringBack() {
    work();
    page.keyboard().type("Seven minutes");
    type("Control+Enter");
    awaitWritten(1);
    try (Visit review = Visit.onAPhone(chromium, TestAccounts.create(Role.REVIEWER))) {
      Page all = review.page();
      all.navigate("/projects/" + project);
      all.click("#demonstrations a:has-text('Read them')");
      Accessibility.check(all);
      all.click("button:has-text('Set aside')");
      all.keyboard().type("copied");
      all.click("#set-aside [type=submit]");
      assertThat(all.locator(".demonstration.withheld")).containsText("copied");
      assertThat(all.locator(".lede")).containsText("0 written here");
      all.click("button:has-text('Bring back')");
      all.keyboard().type("his own");
      all.click("#restore [type=submit]");
      assertThat(all.locator(".lede")).containsText("1 written here by 1 person");
      assertThat(
              (boolean)
                  all.evaluate(
                      "document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
          .isTrue();
      assertThat(review.scriptErrors()).isEmpty();
    }
  }

  private static Locator.FilterOptions with(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  private void work() {
    page.navigate("/projects/" + project + "/demonstrations");
    assertThat(page.locator("#text")).isFocused();
    first = page.locator("#prompt").textContent().strip();
  }

  private void type(String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  private void awaitWritten(int wanted) {
    page.waitForCondition(() -> written() == wanted);
  }

  /** Versions, of all demonstrations together. */
  private long written() {
    return ((Number)
            workplace.one(
                "select count(*) from demonstration where author_id = ?1 and origin = 'written'",
                ann.id))
        .longValue();
  }
}
