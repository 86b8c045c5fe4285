package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.BoundingBox;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

/** The page people work in all day, in a browser. */
@QuarkusTest
class RankingPageTest {

  private static Chromium chromium;

  @Inject Workplace workplace;

  private Visit visit;
  private Page page;
  private UUID project;
  private Account ann;

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
    project = workplace.project("{}");
    visit = Visit.atADesk(chromium, ann);
    page = visit.page();
  }

  @AfterEach
  void leave() {
    visit.close();
    assertThat(visit.scriptErrors()).as("errors of the page's scripts").isEmpty();
  }

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
    assertThat(count("true")).isZero();
    type("Enter");
    assertThat(page.locator("#empty")).isVisible();
    awaitRankings(1);
  }

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
  void skipsAndRevises() {
    workplace.tasks(project, 2, 1, "four", "4");
    work();
    type("s");
    assertThat(page.locator("#skip-dialog")).isVisible();
    type("Enter");
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    type("2", "1", "Enter");
    assertThat(page.locator("#empty")).isVisible();
    awaitRankings(1);
    type("p");
    assertThat(page.locator("#submit-label")).hasText("Save changes");
    // all have a place already, so the mark stays where it is
    type("1", "ArrowDown", "2", "Enter");
    page.waitForCondition(() -> count("v.version = 2 and r.version = 2") == 1);
  }

  @Test
  void goesBackThroughEverythingSubmitted() {
    workplace.tasks(project, 3, 1, "four", "4");
    work();
    for (int i = 0; i < 3; i++) {
      assertThat(page.locator("#prompt")).containsText("What is %d plus %d?".formatted(i, i));
      type("2", "1", "Enter");
    }
    // at once: what is still on its way is the last one all the same
    for (int i = 2; i >= 0; i--) {
      type("p");
      assertThat(page.locator("#prompt")).containsText("What is %d plus %d?".formatted(i, i));
      assertThat(page.locator("#submit-label")).hasText("Save changes");
    }
    type("p");
    assertThat(page.locator(".toast")).containsText("nothing before this");
    assertThat(page.locator("#prompt")).containsText("What is 0 plus 0?");
    page.click("#leave");
    assertThat(page.locator("#empty")).isVisible();
    assertThat(count("v.version = 1")).isEqualTo(3);
  }

  @Test
  void doesNotShowASubmittedTaskAgainWhenItsPreloadingComesLate() {
    workplace.tasks(project, 3, 1, "four", "4");
    work();
    page.waitForCondition(() -> preloaded(2));
    Map<Route, APIResponse> late = new LinkedHashMap<>();
    page.route(url -> url.contains("beside="), route -> late.put(route, route.fetch()));
    for (int i = 0; i < 3; i++) {
      assertThat(page.locator("#prompt")).containsText("What is %d plus %d?".formatted(i, i));
      type("2", "1", "Enter");
      awaitRankings(i + 1);
    }
    assertThat(page.locator("#empty")).isVisible();

    assertThat(late).isNotEmpty();
    page.waitForResponse(
        answer -> answer.url().contains("beside="),
        () ->
            late.forEach(
                (route, answer) -> route.fulfill(new Route.FulfillOptions().setResponse(answer))));
    page.waitForTimeout(1000);
    assertThat(page.locator("#empty")).isVisible();
    assertThat(page.locator("#annotate")).isHidden();
  }

  @Test
  void listsTheWorkOfEveryQueueByMouseAndByKeyboard() {
    workplace.tasks(project, 2, 1, "four", "4");
    work();
    type("2", "1", "Enter");
    awaitRankings(1);
    type("w");
    listed("What is 0 plus 0?");
    page.click("#work-pending");
    listed("What is 1 plus 1?");
    page.click("#work-submitted");
    listed("What is 0 plus 0?");
    type("ArrowLeft");
    assertThat(page.locator("#work-pending")).isFocused();
    listed("What is 1 plus 1?");
  }

  @Test
  void doesNotShowATaskAgainThatWasOpenedFromTheListAndSubmitted() {
    workplace.tasks(project, 2, 1, "four", "4");
    work();
    page.waitForCondition(() -> preloaded(2));
    type("w");
    page.click("#work-pending");
    page.locator("#work-items button").filter(containing("What is 1 plus 1?")).click();
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    type("2", "1", "Enter");
    assertThat(page.locator("#prompt")).containsText("What is 0 plus 0?");
    type("2", "1", "Enter");
    assertThat(page.locator("#empty")).isVisible();
    awaitRankings(2);
    // the one left for the other is not shown again after a revision either
    type("p");
    assertThat(page.locator("#submit-label")).hasText("Save changes");
    page.click("#leave");
    assertThat(page.locator("#empty")).isVisible();
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
  void opensTheDraftOfAChangedSubmissionAndSaysWhenATaskIsGone() {
    List<UUID> tasks = workplace.tasks(project, 2, 1, "four", "4", "five");
    work();
    type("2", "1", "3", "Enter");
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    awaitRankings(1);
    type("p");
    assertThat(page.locator("#submit-label")).hasText("Save changes");
    type("3", "ArrowDown", "ArrowDown", "1");
    assertThat(page.locator("#summary")).hasText("B = C › A");
    assertThat(page.locator("#save-text")).containsText("Saved ");
    page.reload();
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    type("w");
    page.click("#work-draft");
    page.locator("#work-items button").click();
    assertThat(page.locator("#submit-label")).hasText("Save changes");
    assertThat(page.locator("#summary")).hasText("B = C › A");

    type("w");
    page.click("#work-pending");
    assertThat(page.locator("#work-items button")).isVisible();
    workplace.run("update task set closed_at = now() where id = ?1", tasks.get(1));
    page.locator("#work-items button").click();
    assertThat(page.locator(".toast.bad")).containsText("This task is not free any more");
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

  private void work() {
    page.navigate("/projects/" + project + "/tasks");
    assertThat(page.locator(".answer").first()).isFocused();
  }

  private void signInInAnotherTab(Account account) {
    try (Page tab = visit.context().newPage()) {
      Visit.signIn(tab, account.email, TestAccounts.PASSWORD);
    }
    // coming back to this tab, for a browser without a screen
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  }

  private void type(String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  private void listed(String prompt) {
    Locator items = page.locator("#work-items li");
    assertThat(items).containsText(new String[] {prompt});
    assertThat(items.first()).isVisible();
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

  private static Locator.FilterOptions containing(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  /** Whether the annotator holds so many tasks: the one shown and the one after it. */
  private boolean preloaded(int tasks) {
    return ((Number)
                workplace.one(
                    "select count(*) from task_seat s join task t on t.id = s.task_id"
                        + " where t.project_id = ?1 and s.lease_expires_at > now()",
                    project))
            .intValue()
        == tasks;
  }

  private void awaitRankings(int wanted) {
    page.waitForCondition(() -> count("v.version = r.version") == wanted);
  }

  private long count(String where) {
    return ((Number)
            workplace.one(
                "select count(*) from ranking r join ranking_version v on v.ranking_id = r.id"
                    + " where r.project_id = ?1 and "
                    + where,
                project))
        .longValue();
  }
}
