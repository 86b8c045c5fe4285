package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import io.quarkus.test.junit.QuarkusTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Going among tasks: the next, those before, and the lists of what was done and is to do. */
@QuarkusTest
class TaskQueueTest extends RankingScene {
  private static final Predicate<String> ASKING = url -> url.endsWith("/tasks/lease?render=html");
  private static final Predicate<String> PRELOADING = url -> url.contains("&beside=");

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
    page.route(PRELOADING, route -> late.put(route, route.fetch()));
    for (int i = 0; i < 3; i++) {
      assertThat(page.locator("#prompt")).containsText("What is %d plus %d?".formatted(i, i));
      type("2", "1", "Enter");
      awaitRankings(i + 1);
    }
    assertThat(page.locator("#empty")).isVisible();

    assertThat(late).isNotEmpty();
    late.forEach(this::answer);
    page.waitForTimeout(1000);
    assertThat(page.locator("#empty")).isVisible();
    assertThat(page.locator("#annotate")).isHidden();
  }

  @Test
  void doesNotShowASubmittedTaskAgainThatWasAskedForTwice() {
    workplace.tasks(project, 3, 1, "four", "4");
    Map<Route, APIResponse> preloading = holdTheFirst(PRELOADING);
    work();
    page.waitForCondition(() -> preloading.size() == 1);
    // submitted before the next task is here, which is asked for once more then
    Map<Route, APIResponse> asking = holdTheFirst(ASKING);
    type("2", "1", "Enter");
    page.waitForCondition(() -> asking.size() == 1);
    preloading.forEach(this::answer);
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    type("2", "1", "Enter");
    awaitRankings(2);
    asking.forEach(this::answer);
    assertThat(page.locator("#prompt")).containsText("What is 2 plus 2?");
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

  private void listed(String prompt) {
    Locator items = page.locator("#work-items li");
    assertThat(items).containsText(new String[] {prompt});
    assertThat(items.first()).isVisible();
  }

  private static Locator.FilterOptions containing(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  private Map<Route, APIResponse> holdTheFirst(Predicate<String> url) {
    Map<Route, APIResponse> held = new LinkedHashMap<>();
    page.route(
        url,
        route -> {
          if (held.isEmpty()) {
            held.put(route, route.fetch());
          } else {
            route.resume();
          }
        });
    return held;
  }

  /** Lets an answer of the server arrive that was held back. */
  private void answer(Route route, APIResponse answer) {
    page.waitForResponse(
        route.request().url(), () -> route.fulfill(new Route.FulfillOptions().setResponse(answer)));
  }
}
