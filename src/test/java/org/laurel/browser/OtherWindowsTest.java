package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

/**
 * One annotator in two windows or at two devices, and two annotators at one task: nothing is lost
 * unseen.
 */
@QuarkusTest
class OtherWindowsTest extends RankingScene {

  @Test
  void asksWhichOfTwoStatesCounts() {
    workplace.tasks(project, 1, 1, "four", "4");
    work();
    try (Visit phone = Visit.onAPhone(RankingScene.chromium(), ann)) {
      Page other = phone.page();
      other.navigate("/projects/" + project + "/tasks");
      assertThat(other.locator(".answer").first()).isFocused();
      write(other, "since it is the sum");
      assertThat(other.locator(".save-text:visible")).containsText("Saved ");

      type("1");
      assertThat(page.locator("#rival")).isVisible();
      assertThat(page.locator("#save-text")).containsText("something else is on the server");
      assertThat(draft()).contains("since it is the sum");
      Accessibility.check(page);
      page.click("#rival-swap");
      assertThat(page.locator("#rationale")).hasValue("since it is the sum");
      assertThat(page.locator("#summary")).hasText("");
      page.click("#rival-swap");
      assertThat(page.locator("#summary")).hasText("A");
      page.click("#rival-swap");
      page.click("#rival-keep");
      assertThat(page.locator("#rival")).isHidden();
      assertThat(page.locator("#save-text")).containsText("Saved");
      page.locator(".answer").first().focus();
      type("1");
      assertThat(page.locator("#save-text")).containsText("Saved ");
      assertThat(draft()).contains("since it is the sum").contains("places\": {\"");

      // and the other way round
      write(other, " of two and two");
      assertThat(other.locator("#rival")).isVisible();
      other.click("#rival-keep");
      assertThat(other.locator(".save-text:visible")).containsText("Saved ");
      assertThat(draft()).contains("of two and two").contains("places\": {}");
      assertThat(phone.scriptErrors()).isEmpty();
    }
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    assertThat(page.locator("#rationale")).hasValue("since it is the sum of two and two");
    assertThat(page.locator("#rival")).isHidden();
  }

  @Test
  void asksAfterAReloadToo() {
    workplace.tasks(project, 1, 1, "four", "4");
    work();
    visit.context().setOffline(true);
    type("1");
    assertThat(page.locator("#save-text")).containsText("Kept on this device");
    page.close();
    visit.context().setOffline(false);
    workplace.run(
        "update task_seat set draft = '{\"rationale\": \"from my phone\"}', draft_saved_at = now()"
            + " where annotator_id = ?1",
        ann.id);
    page = visit.context().newPage();
    page.navigate("/projects/" + project + "/tasks");
    assertThat(page.locator("#rival")).isVisible();
    assertThat(page.locator("#summary")).hasText("A");
    assertThat(draft()).contains("from my phone");
    page.click("#rival-keep");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    assertThat(draft()).doesNotContain("from my phone");
  }

  @Test
  void offersWhatWasNotSubmittedBesideWhatWasAndTakesNoTypingForCommands() {
    workplace.tasks(project, 1, 1, "four", "4");
    work();
    write(page, "since ");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    try (Page other = visit.context().newPage()) {
      other.navigate("/projects/" + project + "/tasks");
      assertThat(other.locator("#rationale")).hasValue("since ");
      other.locator(".answer").first().focus();
      other.keyboard().press("2");
      other.keyboard().press("1");
      other.waitForTimeout(500);
      type("n"); // into the reasons
      other.keyboard().press("Enter");
      awaitRankings(1);
      assertThat(page.locator("#submit-label")).hasText("Save changes");
      type("n", "n", "n"); // still the reasons, for who types them
    }
    assertThat(page.locator("#none")).hasAttribute("aria-pressed", "false");
    assertThat(page.locator("#summary")).hasText("B › A");
    assertThat(page.locator("#rival")).isVisible();
    page.click("#rival-swap");
    assertThat(page.locator("#rationale")).hasValue("since n");
    page.click("#rival-swap");
    page.click("#rival-keep");
    assertThat(page.locator("#rival")).isHidden();
    assertThat(page.locator("#rationale")).hasValue("since");
    type("n");
    assertThat(page.locator("#none")).hasAttribute("aria-pressed", "true");
  }

  @Test
  void leavesOnTheScreenWhatOthersHaveFinished() {
    UUID task = workplace.tasks(project, 1, 1, "four", "4").get(0);
    workplace.tasks(project, 1, 1, "six", "6");
    work();
    page.waitForCondition(() -> preloaded(2));
    type("2");
    write(page, "since it is the sum");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    Account somebodyElse = TestAccounts.create(Role.ANNOTATOR);
    workplace.run(
        "update task_seat set annotator_id = ?2, draft = null, draft_saved_at = null"
            + " where task_id = ?1",
        task,
        somebodyElse.id);
    write(page, ", no less");
    assertThat(page.locator("#lost")).isVisible();
    assertThat(page.locator("#rationale")).hasValue("since it is the sum, no less");
    Accessibility.check(page);
    type("Control+Enter");
    assertThat(page.locator("#rationale")).hasValue("since it is the sum, no less");
    assertThat(count("true")).isZero();
    page.click("#copy-rationale");
    assertThat(page.locator(".toast")).containsText("Reasons copied");
    page.click("#next");
    assertThat(page.locator("#lost")).isHidden();
    assertThat(page.locator("#rationale")).hasValue("");
    assertThat(page.locator(".answer").first()).containsText("6");
  }

  @Test
  void leavesSingleKeysToThoseWhoWantThem() {
    workplace.tasks(project, 1, 1, "four", "4");
    work();
    type("?");
    page.uncheck("#single-keys");
    type("Escape");
    page.locator(".answer").first().focus();
    type("1", "n", "s");
    assertThat(page.locator("#summary")).hasText("");
    assertThat(page.locator("#none")).hasAttribute("aria-pressed", "false");
    assertThat(page.locator("#skip-dialog")).isHidden();
    page.reload();
    assertThat(page.locator(".answer").first()).isFocused();
    type("1");
    assertThat(page.locator("#summary")).hasText("");
    type("Shift+ArrowUp");
    assertThat(page.locator("#summary")).not().hasText("");
  }

  /** Adds to the reasons. */
  private static void write(Page page, String words) {
    page.locator("#rationale").focus();
    page.locator("#rationale").press("End");
    page.keyboard().type(words);
  }

  private String draft() {
    return String.valueOf(
        workplace.one(
            "select cast(draft as text) from task_seat where annotator_id = ?1"
                + " and draft is not null",
            ann.id));
  }
}
