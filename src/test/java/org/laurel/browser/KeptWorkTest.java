package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

/** Nothing that was done on the page for ranking is lost, whatever happens to the connection. */
@QuarkusTest
class KeptWorkTest extends RankingScene {
  /** Whether the page lets itself be left without asking. */
  private static final String LEAVING =
      "dispatchEvent(new Event('beforeunload', { cancelable: true }))";

  @Test
  void losesNothingWithTheConnection() {
    workplace.tasks(project, 2, 1, "four", "4", "five");
    work();
    page.waitForCondition(() -> preloaded(2));
    visit.context().setOffline(true);
    type("3", "1", "2");
    assertThat(page.locator("#save-text")).containsText("Kept on this device");
    type("Enter");
    assertThat(page.locator("#save-text")).containsText("1 waiting to be sent");
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    assertThat(count("true")).isZero();
    visit.context().setOffline(false);
    awaitRankings(1);
    assertThat(page.locator("#save-text")).containsText("Saved");
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
  }

  @Test
  void sendsWhatWaitedOnceTheSamePersonIsSignedInAgain() {
    workplace.tasks(project, 2, 1, "four", "4");
    work();
    page.waitForCondition(() -> preloaded(2));
    type("2", "1");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    workplace.run("delete from web_session where account_id = ?1", ann.id);
    type("Enter");
    assertThat(page.locator("#save-text")).containsText("Signed out");
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");

    Account somebodyElse = TestAccounts.create(Role.ANNOTATOR);
    page.waitForResponse("**/api/session", () -> signInInAnotherTab(somebodyElse));
    assertThat(page.locator("#save-text")).containsText("Signed out");
    assertThat(count("true")).isZero();

    signInInAnotherTab(ann);
    awaitRankings(1);
    type("2", "1");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    type("Enter");
    awaitRankings(2);
    assertThat(page.locator("#empty")).isVisible();
    assertThat(count("r.annotator_id = '" + ann.id + "'")).isEqualTo(2);
  }

  @Test
  void hasTheDraftAgainAfterAReload() {
    workplace.tasks(project, 1, 1, "four", "4", "five");
    work();
    type("2", "r");
    page.keyboard().type("since it is the sum");
    type("Escape");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    page.evaluate("localStorage.clear()"); // another device
    page.reload();
    assertThat(page.locator("#summary")).hasText("A");
    assertThat(page.locator("#rationale")).hasValue("since it is the sum");
  }

  @Test
  void keepsARankingForWhichTheDeviceHasNoRoom() {
    workplace.tasks(project, 1, 1, "four", "4");
    work();
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }");
    visit.context().setOffline(true);
    type("2", "1", "Enter");
    assertThat(page.locator("#save-text"))
        .containsText("1 waiting to be sent, and this device has");
    assertThat((boolean) page.evaluate(LEAVING)).isFalse();
    // nothing of the last task stays while the next one is waited for
    assertThat(page.locator("#rungs li")).hasCount(0);
    assertThat(page.locator("#hint")).isEmpty();
    type("w");
    assertThat(page.locator("#work-error")).containsText("The server cannot be reached");
    type("Escape");
    visit.context().setOffline(false);
    awaitRankings(1);
    assertThat(page.locator("#empty")).isVisible();
    assertThat((boolean) page.evaluate(LEAVING)).isTrue();
  }

  @Test
  void showsWhatWasSubmittedElsewhereAndNotTheDraftBeforeIt() {
    workplace.tasks(project, 1, 1, "four", "4");
    work();
    type("1");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    try (Page other = visit.context().newPage()) {
      other.navigate("/projects/" + project + "/tasks");
      assertThat(other.locator("#summary")).hasText("A");
      String draft = (String) page.evaluate("JSON.stringify({ ...localStorage })");
      type("u", "1", "2", "Enter");
      awaitRankings(1);
      assertThat(other.locator(".toast")).containsText("submitted in another window");
      assertThat(other.locator("#summary")).hasText("B › A");
      assertThat(other.locator("#submit-label")).hasText("Save changes");
      // as on a device that was not there
      page.evaluate("draft => Object.assign(localStorage, JSON.parse(draft))", draft);
    }
    page.reload();
    assertThat(page.locator("#empty")).isVisible();
    type("p");
    assertThat(page.locator("#summary")).hasText("B › A");
  }

  @Test
  void showsARankingThatIsRefusedToSomebodyWhoWorksInTheProjectNoMore() {
    workplace.tasks(project, 2, 1, "four", "4");
    work();
    String prompt = page.locator("#prompt").textContent();
    page.waitForCondition(() -> preloaded(2));
    workplace.run("update account set all_projects = false where id = ?1", ann.id);
    type("2");
    assertThat(page.locator("#save-text")).containsText("Not saved on the server (there is no");
    assertThat(page.locator("#shut-out")).containsText("You do not work in this project any more");
    type("1", "Enter");
    assertThat(page.locator("#save-text")).containsText("Not saved on the server");
    assertThat(page.locator("#prompt")).hasText(prompt);
    assertThat(page.locator("#summary")).hasText("B › A");
    assertThat(page.locator("#shut-out")).isVisible();
    assertThat(page.locator("#count-today")).hasText("0");
    page.reload();
    assertThat(page.locator("body")).containsText("there is no project");

    workplace.run("insert into project_member values (?1, ?2)", project, ann.id);
    work();
    assertThat(page.locator("#shut-out")).isHidden();
    assertThat(page.locator("#summary")).hasText("B › A");
    page.waitForTimeout(500); // sooner it would be meant for what was there before
    type("Enter");
    awaitRankings(1);
  }

  @Test
  void takesTheLeaseUpAgainAndSends() {
    UUID task = workplace.tasks(project, 1, 1, "four", "4").get(0);
    work();
    type("2", "1");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    workplace.expire(task);
    type("Enter");
    awaitRankings(1);
    assertThat(page.locator("#empty")).isVisible();
  }

  @Test
  void saysOnAPhoneWhetherTheWorkIsSafeWhereverThePageIsScrolled() {
    workplace.tasks(project, 1, 1, "four", "4", "five");
    page.setViewportSize(390, 844);
    work();
    assertThat(page.locator(".scale-end").first()).isVisible();
    visit.context().setOffline(true);
    type("3");
    page.evaluate("scrollTo(0, document.body.scrollHeight)");
    Locator state = page.locator(".save-text:visible");
    assertThat(state).containsText("Kept on this device");
    assertThat(state).isInViewport();
    type("s", "Enter");
    assertThat(page.locator(".toast")).containsText("The server cannot be reached");
    visit.context().setOffline(false);
    assertThat(state).containsText("Saved ");
    workplace.run("delete from web_session where account_id = ?1", ann.id);
    type("1");
    assertThat(page.locator(".sign-in-again:visible")).isInViewport();
  }

  private void signInInAnotherTab(Account account) {
    try (Page tab = visit.context().newPage()) {
      Visit.signIn(tab, account.email, TestAccounts.PASSWORD);
    }
    // coming back to this tab, for a browser without a screen
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  }
}
