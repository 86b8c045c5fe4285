package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

/** A reviewer gives the order that counts, with the annotators' form. */
@QuarkusTest
class AdjudicationFormTest extends RankingScene {
  private final Account reviewer = TestAccounts.create(Role.REVIEWER);
  private UUID task;

  @BeforeEach
  void oneHasRanked() {
    task = workplace.tasks(project, 1, 1, "four", "4", "five").get(0);
    work();
    type("2", "1", "3", "Enter");
    awaitRankings(1);
  }

  private void open(Page review) {
    review.navigate("/projects/" + project + "/rankings/" + task);
    assertThat(review.locator("#adjudicate .answer")).hasCount(3);
  }

  @Test
  void byKeyboardWithTiesAndAReasonAndWithoutLosingWhatFailed() {
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, reviewer)) {
      Page review = visit.page();
      open(review);
      Accessibility.check(review);
      review.keyboard().press("1");
      assertThat(review.locator("#tray .chip")).hasCount(3); // keys are the form’s alone
      review.locator("#adjudicate .answer").first().focus();
      press(review, "2", "1", "1", "r");
      review.keyboard().type("C is right, too.");
      review.route("**/adjudication", Route::abort);
      press(review, "Escape", "Enter");
      assertThat(review.locator("#refused")).isVisible();
      assertThat(review.locator("#rungs .rung").first().locator(".chip")).hasCount(2);
      review.unroute("**/adjudication");
      review.reload();
      assertThat(review.locator("#hint")).hasText("Not sent yet.");
      assertThat(review.locator("#reason")).hasValue("C is right, too.");
      review.locator("#adjudicate .answer").first().focus();
      press(review, "Enter");
      assertThat(review.locator("#settled")).containsText("Settled: B = C › A");
      assertThat(review.locator("#settled")).containsText("C is right, too.");
      assertThat(review.locator("#hint")).hasText("This is the order that counts.");
      Accessibility.check(review);
      review.onDialog(dialog -> dialog.accept());
      review.click("#take-back");
      assertThat(review.locator("#settled")).hasCount(0);
      assertThat(review.locator(".earlier").last()).containsText("B = C › A");
      assertThat(visit.scriptErrors()).isEmpty();
    }
    assertThat(workplace.one("select count(*) from adjudication where task_id = ?1", task))
        .isEqualTo(1L);
  }

  @Test
  void byHandOnAPhoneAndSaysWhenSomebodyElseWasFaster() {
    workplace.run("update account set language = 'fr' where id = ?1", reviewer.id);
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, reviewer)) {
      Page review = visit.page();
      open(review);
      int place = 0;
      for (int answer : new int[] {2, 0, 1}) {
        place++;
        review
            .locator("#adjudicate .answer")
            .nth(answer)
            .locator("[data-place='" + place + "']")
            .click();
      }
      assertThat(review.locator("#adjudicate .answer-place").first()).hasText("2nd");
      workplace.run(
          "insert into adjudication (task_id, version, project_id, prompt_id, unrankable)"
              + " select id, 1, project_id, prompt_id, true from task where id = ?1",
          task);
      review.click("#submit");
      assertThat(review.locator("#refused")).containsText("meanwhile");
      review.reload();
      assertThat(review.locator("#settled")).containsText("none of these can be ranked");
      review.click("#submit");
      assertThat(review.locator("#settled")).containsText("Settled: C › A › B");
      assertThat(review.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .isEqualTo(true);
      assertThat(visit.scriptErrors()).isEmpty();
    }
  }

  private static void press(Page page, String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }
}
