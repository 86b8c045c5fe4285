package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The page people work in all day: how answers are put in order. */
@QuarkusTest
class RankingPageTest extends RankingScene {

  @Test
  void ranksByKeyboardWithTiesAndHasTheNextTaskReady() {
    workplace.tasks(project, 2, 1, "four", "4", "five");
    work();
    String second = letters().get(1);
    type("2", "1", "2");
    assertThat(page.locator("#summary")).hasText("B › A = C");
    page.keyboard().press("Shift+Digit7");
    page.waitForCondition(() -> preloaded(2));
    page.keyboard().press("Enter");
    // shown from memory: the counter of sent rankings is not waited for
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    assertThat(page.locator("#count-today")).hasText("1");
    awaitRankings(1);
    assertThat(
            workplace.one(
                "select v.groups ->> 0 from ranking r join ranking_version v on v.ranking_id = r.id"
                    + " where r.project_id = ?1",
                project))
        .isEqualTo("[\"" + second + "\"]");
    assertThat(count("jsonb_array_length(v.groups) = 2 and cast(v.ratings as text) like '%: 7}'"))
        .isEqualTo(1);
  }

  @Test
  void asksOnceWhenTheOrderShownIsSentUntouched() {
    workplace.tasks(project, 1, 1, "four", "4");
    work();
    type("1", "2", "Enter");
    assertThat(page.locator("#hint")).containsText("just the order shown");
    type("Enter"); // at once, and not meant
    type("u", "2");
    assertThat(page.locator("#hint")).containsText("Ready");
    page.keyboard().down("Enter");
    page.waitForTimeout(600);
    page.keyboard().down("Enter"); // held
    page.keyboard().up("Enter");
    assertThat(page.locator("#hint")).containsText("just the order shown");
    assertThat(count("true")).isZero();
    type("Enter");
    assertThat(page.locator("#empty")).isVisible();
    awaitRankings(1);
  }

  @Test
  void sendsOneTaskByADoubleClick() {
    UUID second = workplace.tasks(project, 2, 1, "four", "4").get(1);
    work();
    page.waitForCondition(() -> preloaded(2));
    workplace.run(
        "update task_seat set draft = cast(?2 as jsonb), draft_saved_at = now() where task_id = ?1",
        second,
        "{\"unrankable\": true}");
    page.waitForResponse(url -> url.url().contains("&beside="), this::work);
    type("2", "1");
    page.locator("#submit").dblclick();
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    awaitRankings(1);
    page.waitForTimeout(600);
    assertThat(page.locator("#summary")).hasText("None can be ranked");
    assertThat(count("true")).isEqualTo(1);
    page.click("#submit");
    awaitRankings(2);
  }

  @Test
  void asksForWhatTheProjectWantsAndNoMore() {
    workplace.run(
        "update project set settings = cast(?2 as jsonb) where id = ?1",
        project,
        "{\"rationale\": false, \"rationaleMinimum\": 20, \"flags\": [\"a|b\", \"\\\"odd\\\"\"]}");
    workplace.tasks(project, 1, 1, "four", "4");
    work();
    type("f");
    assertThat(page.locator(".answer").first().locator(".flags label"))
        .hasText(new String[] {"a|b", "\"odd\""});
    type("2", "1");
    assertThat(page.locator("#hint")).containsText("Ready");
    type("Enter");
    awaitRankings(1);
  }

  @Test
  void showsAndCopiesAnswersAsTheyWereWritten() {
    workplace.tasks(project, 1, 1, "**four**", "**five**");
    visit.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    work();
    Locator text = page.locator(".answer-text").first();
    String words = text.innerText();
    type("m", "c");
    assertThat(text).hasText("**" + words + "**");
    assertThat(page.locator(".toast")).containsText("Answer A copied");
    assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo("**" + words + "**");
    Accessibility.check(page);
    page.click("#plain");
    assertThat(text).hasText(words);
  }

  @Test
  void sendsNothingFromBehindADialog() {
    workplace.tasks(project, 1, 1, "four", "4");
    work();
    type("2", "1");
    assertThat(page.locator("#hint")).containsText("Ready");
    type("s");
    page.fill("#skip-words", "I cannot judge this");
    type("Control+Enter");
    page.waitForTimeout(500);
    assertThat(page.locator("#skip-words")).isVisible();
    assertThat(count("r.annotator_id = '" + ann.id + "'")).isZero();
  }

  @Test
  void goesOnWithTheAnswersThatHaveNoPlaceAfterAReload() {
    workplace.tasks(project, 1, 1, "four", "4", "five");
    work();
    type("2");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    page.reload();
    assertThat(page.locator("#summary")).hasText("A");
    type("1");
    assertThat(page.locator("#summary")).hasText("B › A");
  }

  @Test
  void throwsNoChangedRankingAwayByOneKey() {
    workplace.tasks(project, 1, 1, "four", "4");
    workplace.tasks(project, 1, 1, "six", "6");
    work();
    type("2", "1", "Enter");
    awaitRankings(1);
    type("p");
    assertThat(page.locator("#summary")).hasText("B › A");
    type("r");
    page.keyboard().type("since");
    type("Escape", "Escape");
    page.locator("#prompt").click();
    type("Escape");
    page.waitForTimeout(500);
    assertThat(page.locator("#rationale")).hasValue("since");
    assertThat(page.locator("#summary")).hasText("B › A");
  }

  @Test
  void keepsTheHeadOfALongAnswerInSightAndTheAnswerUnfolded() {
    String text = "A sentence of some words. ".repeat(20) + "\n\n";
    workplace.tasks(project, 1, 1, text.repeat(9), text.repeat(8));
    work();
    assertThat(page.locator(".answer-text.folded")).hasCount(2);
    type("e");
    assertThat(page.locator(".answer-text.folded")).hasCount(1);
    type("m");
    assertThat(page.locator(".answer-text.folded")).hasCount(1);
    page.evaluate("scrollTo(0, 900)");
    assertThat(page.locator(".answer-letter").first()).isInViewport();
    assertThat(page.locator(".answer .unfold").first()).not().isInViewport();
    type("1");
    assertThat(page.locator(".answer-place").first()).hasText("1st");
  }

  @Test
  void copiesOverPlainHttpToo() {
    workplace.tasks(project, 1, 1, "**four**", "**five**");
    page.addInitScript("Object.defineProperty(navigator, 'clipboard', {value: undefined})");
    visit.context().grantPermissions(List.of("clipboard-read"));
    work();
    String words = page.locator(".answer-text").first().innerText();
    assertThat(page.locator(".answer .copy").nth(1)).hasAccessibleName("Copy B");
    page.locator(".answer .copy").first().click();
    assertThat(page.locator(".toast")).containsText("Answer A copied");
    Page reader = visit.context().newPage();
    reader.navigate("/");
    assertThat(reader.evaluate("navigator.clipboard.readText()")).isEqualTo("**" + words + "**");
  }

  @Test
  void drawsFormulasAndLeavesWhatIsNone() {
    String hostile = "$\\href{javascript:alert(1)}{x} \\includegraphics{/q/health}$ $\\frac{1}{$";
    workplace.tasks(
        project,
        1,
        1,
        "So $\\frac{a}{b}$, and \\[ \\sum_{i=1}^n i = \\frac{n(n+1)}{2} \\] costs $5 or $6.",
        hostile);
    work();
    Locator drawn = page.locator(".answer-text", new Page.LocatorOptions().setHasText("costs"));
    assertThat(drawn.locator("math mfrac")).hasCount(2);
    assertThat(drawn.locator("math[display=block] munderover")).hasCount(1);
    assertThat(drawn).containsText("costs $5 or $6.");
    Locator other = page.locator(".answer-text", new Page.LocatorOptions().setHasText("frac{1}{$"));
    assertThat(other).hasCount(1);
    assertThat(other.locator("a, img, [href], [src]")).hasCount(0);
    Accessibility.check(page);
    page.click("#plain");
    assertThat(page.locator("#cards math")).hasCount(0);
    assertThat(page.locator("#cards")).containsText("\\sum_{i=1}^n");
    page.click("#plain");
    assertThat(page.locator("#cards math").first()).isVisible();
  }

  @Test
  void fitsNineAnswersOnASmallPhone() {
    workplace.tasks(
        project,
        1,
        1,
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        " ",
        "\u0623\u0631\u0628\u0639\u0629");
    page.setViewportSize(360, 700);
    work();
    type("2", "1", "3", "4", "5", "6", "7", "8", "9");
    assertThat(page.locator("#summary")).containsText("I");
    assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    for (Locator place : page.locator("[data-place]").all()) {
      BoundingBox box = place.boundingBox();
      assertThat(box.width).isGreaterThanOrEqualTo(44);
      assertThat(box.height).isGreaterThanOrEqualTo(44);
      assertThat(box.x + box.width).isLessThanOrEqualTo(345);
    }
    assertThat(page.locator("#submit")).isInViewport();
    assertThat(page.locator("#summary").boundingBox().width).isLessThanOrEqualTo(130);
    assertThat(
            page.locator(".answer-text").filter(new Locator.FilterOptions().setHasText("(empty)")))
        .isVisible();
    assertThat(page.locator(".answer-text:dir(rtl)")).hasCount(1);
  }

  @Test
  void leavesRoomToReadInALowWindow() {
    workplace.tasks(project, 1, 1, "long ".repeat(400), "4", "five", "six");
    page.setViewportSize(640, 430); // a desk at 200 %
    work();
    type("2", "1", "3", "4");
    page.evaluate("scrollTo(0, 600)");
    assertThat(page.locator(".masthead")).not().isInViewport();
    assertThat(page.locator("#submit")).isInViewport();
    assertThat(page.locator(".annotate-actions").boundingBox().height).isLessThan(110);
    page.setViewportSize(1366, 650);
    page.evaluate("scrollTo(0, 200)");
    type("r");
    assertThat(page.locator("#rationale")).isFocused();
    BoundingBox reasons = page.locator("#rationale").boundingBox();
    BoundingBox actions = page.locator(".annotate-actions").boundingBox();
    assertThat(reasons.y + reasons.height).isLessThanOrEqualTo(actions.y);
    assertThat(actions.y + actions.height).isLessThanOrEqualTo(650);
  }

  @Test
  void ordersByDragging() {
    workplace.tasks(project, 1, 1, "four", "4", "five");
    work();
    drag(page.locator(".answer .grip").nth(2), page.locator(".rung").nth(0), 0.5);
    drag(page.locator(".answer .grip").nth(0), page.locator(".rung").nth(0), 0.5);
    assertThat(page.locator("#summary")).hasText("A = C");
    drag(page.locator(".answer .grip").nth(1), page.locator(".rung").nth(0), 0.06);
    assertThat(page.locator("#summary")).hasText("B › A = C");
    type("u");
    assertThat(page.locator("#summary")).hasText("A = C");
    // a press that hardly moves is no drag
    BoundingBox grip = page.locator(".answer .grip").nth(1).boundingBox();
    page.mouse().move(grip.x + 5, grip.y + 5);
    page.mouse().down();
    page.mouse().move(grip.x + 10, grip.y + 8);
    page.mouse().up();
    assertThat(page.locator("#summary")).hasText("A = C");
  }

  @Test
  void submitsByEnterWhatWasOrderedByMouse() {
    workplace.tasks(project, 2, 1, "four", "4");
    work();
    page.locator(".answer").nth(0).locator("[data-place='2']").click();
    page.locator(".answer").nth(1).locator("[data-place='1']").click();
    assertThat(page.locator("#summary")).hasText("B › A");
    type("Enter");
    awaitRankings(1);
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    page.click("#none");
    type("Enter");
    awaitRankings(2);
    assertThat(count("v.unrankable")).isEqualTo(1);
  }

  @Test
  void isUsableByEverybody() {
    workplace.run(
        "insert into guidelines_version (project_id, version, text) values (?1, 1, 'Be **fair**.')",
        project);
    workplace.tasks(project, 1, 1, "four", "4", "five");
    work();
    type("1", "1", "f");
    Accessibility.check(page);
    type("n", "?");
    assertThat(page.locator("#keys-dialog")).isVisible();
    Accessibility.check(page);
    type("Escape");
    page.setViewportSize(390, 844);
    Accessibility.check(page);
    assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
  }

  private List<String> letters() {
    return page.locator(".answer").all().stream().map(a -> a.getAttribute("data-id")).toList();
  }

  private void drag(Locator grip, Locator rung, double share) {
    BoundingBox from = grip.boundingBox();
    BoundingBox to = rung.boundingBox();
    page.mouse().move(from.x + from.width / 2, from.y + from.height / 2);
    page.mouse().down();
    page.mouse().move(from.x + 30, from.y + 30);
    page.mouse().move(to.x + to.width / 2, to.y + to.height * share);
    page.mouse().up();
  }
}
