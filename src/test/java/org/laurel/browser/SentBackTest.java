package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

/** What the annotator sees of a ranking that a reviewer sent back. */
@QuarkusTest
class SentBackTest extends RankingScene {
  @Test
  void comesFirstWithTheNoteAndTheOldOrderAndMayBeSentAsItIs() {
    workplace.tasks(project, 2, 1, "four", "4", "five");
    work();
    type("3", "1", "2", "Enter");
    awaitRankings(1);
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    assertThat(page.locator("#returned-note")).isHidden();
    sendBack("Is <i>five</i> really best?");
    page.reload();
    assertThat(page.locator("#prompt")).containsText("What is 0 plus 0?");
    assertThat(page.locator("#returned-note")).isVisible();
    assertThat(page.locator("#returned-text")).hasText("Is <i>five</i> really best?");
    assertThat(page.locator("#summary")).hasText("B › C › A");
    assertThat(page.locator("#submit-label")).hasText("Send again");
    assertThat(page.locator("#skip")).isVisible();
    Accessibility.check(page);
    // it is not left unanswered
    type("Escape", "Escape");
    assertThat(page.locator("#returned-note")).isVisible();
    page.waitForTimeout(450);
    page.click("#submit");
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    assertThat(page.locator("#returned-note")).isHidden();
    assertThat(page.locator("#submit-label")).hasText("Submit");
    page.waitForCondition(() -> count("r.withheld is null and r.version = 1") == 1);
  }

  @Test
  void isInTheListOfWhatCameBackAndMayBeChanged() {
    workplace.tasks(project, 2, 1, "four", "4");
    work();
    type("2", "1", "Enter");
    awaitRankings(1);
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    sendBack("Sure?");
    type("w");
    page.click("#work-returned");
    assertThat(page.locator("#work-items li")).containsText("Sure?");
    page.locator("#work-items button").click();
    assertThat(page.locator("#returned-text")).hasText("Sure?");
    type("1", "ArrowDown", "2", "Enter");
    page.waitForCondition(() -> count("r.withheld is null and v.version = 2") == 1);
    // back to the task that was left for it
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    assertThat(page.locator("#returned-note")).isHidden();
  }

  @Test
  void isSkippedByWhoCannotDecide() {
    workplace.tasks(project, 2, 1, "four", "4");
    work();
    type("2", "1", "Enter");
    awaitRankings(1);
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    type("p");
    assertThat(page.locator("#submit-label")).hasText("Save changes");
    assertThat(page.locator("#skip")).isHidden();
    type("s");
    assertThat(page.locator("#skip-dialog")).isHidden();
    sendBack("Sure?");
    page.reload();
    assertThat(page.locator("#returned-note")).isVisible();
    type("s");
    page.fill("#skip-words", "both are right");
    type("Enter");
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    assertThat(page.locator("#returned-note")).isHidden();
    assertThat(count("r.withheld = 'set-aside' and r.withheld_note like '%both are right'"))
        .isEqualTo(1);
  }

  @Test
  void isNotAnsweredByWhatWaitedOnTheDevice() {
    workplace.tasks(project, 2, 1, "four", "4");
    work();
    type("2", "1", "Enter");
    awaitRankings(1);
    type("p");
    assertThat(page.locator("#submit-label")).hasText("Save changes");
    page.route("**/ranking", Route::abort);
    type("1", "ArrowDown", "2", "Enter");
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    sendBack("Sure?");
    page.unroute("**/ranking");
    assertThat(page.locator(".toast.bad")).containsText("sent this ranking back meanwhile");
    assertThat(count("r.withheld = 'returned' and r.version = 1")).isEqualTo(1);
    type("2", "1", "Enter");
    assertThat(page.locator("#returned-text")).hasText("Sure?");
    assertThat(page.locator("#summary")).hasText("A › B");
    page.waitForTimeout(450);
    page.click("#submit");
    assertThat(page.locator("#empty")).isVisible();
    page.waitForCondition(() -> count("r.withheld is null and v.version = 2") == 1);
  }

  private void sendBack(String note) {
    Object ranking = workplace.one("select id from ranking where project_id = ?1 limit 1", project);
    TestAccounts.as(Role.REVIEWER)
        .contentType(ContentType.JSON)
        .body(Map.of("note", note))
        .post("/api/rankings/" + ranking + "/return")
        .then()
        .statusCode(200);
  }

  /** Which of a task's answers, in the order of their ids, stood on top of the annotator's page. */
  private int shownFirst(UUID task) {
    Object first = workplace.one("select display_order[1] from task_seat where task_id = ?1", task);
    return workplace.completions(task).indexOf(first);
  }

  /** The other side: a reviewer at the page of a task. */
  @Test
  void reviewersSendBackAndSetAsideByKeyboard() {
    UUID task = workplace.tasks(project, 1, 1, "four", "4").get(0);
    work();
    type("2", "1", "Enter");
    awaitRankings(1);
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, TestAccounts.create(Role.REVIEWER))) {
      Page review = visit.page();
      review.navigate("/projects/" + project + "/rankings");
      Accessibility.check(review);
      review.locator("a[href*='" + task + "']").click();
      assertThat(review.locator(".said .order li")).hasCount(2);
      Accessibility.check(review);
      review.locator("[data-decide=return]").focus();
      review.keyboard().press("Enter");
      assertThat(review.locator("#return-note")).isFocused();
      // who saw the second answer first called it A
      assertThat(review.locator("#return-letters"))
          .containsText(shownFirst(task) == 0 ? "A is A, B is B" : "A is B, B is A");
      review.keyboard().type("Sure?");
      for (int i = 0; i < 3; i++) {
        review.keyboard().press("Tab"); // past who else is asked, and Cancel
      }
      review.keyboard().press("Enter");
      assertThat(review.locator(".said .badge.info")).hasText("sent back");
      assertThat(review.locator(".said.withheld")).containsText("Sure?");
      review.locator("[data-decide=restore]").click();
      review.fill("#restore-reason", "It is fine.");
      review.locator("#restore [type=submit]").click();
      assertThat(review.locator(".said.withheld")).hasCount(0);
      review.locator("[data-decide=set-aside]").click();
      review.fill("#set-aside-reason", "Hasty.");
      review.locator("#set-aside [type=submit]").click();
      assertThat(review.locator(".said .badge.bad")).hasText("set aside");
      assertThat(review.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .isEqualTo(true);
      assertThat(visit.scriptErrors()).isEmpty();
    }
    assertThat(count("r.withheld = 'set-aside'")).isEqualTo(1);
  }
}
