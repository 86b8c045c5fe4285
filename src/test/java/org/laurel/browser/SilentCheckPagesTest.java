package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

/** What annotators and reviewers see of silent checks. */
@QuarkusTest
class SilentCheckPagesTest extends RankingScene {

  @Test
  void whoFailsThemIsRemindedPausedAndLetInAgain() {
    List<UUID> tasks = workplace.tasks(project, 4, 1, "four", "4");
    workplace.check(tasks.get(0));
    workplace.run(
        "update project set settings = '{\"checkWarn\": 1, \"checkPause\": 0}' where id = ?1",
        project);
    workplace.run(
        "insert into guidelines_version (project_id, version, text) values (?1, 1, 'Be *fair*.')",
        project);
    work();
    assertThat(page.locator(".reminder")).hasCount(0);
    type("1", "1", "Enter"); // a tie, where one is better
    awaitRankings(1);
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    page.reload();
    assertThat(page.locator(".reminder")).containsText("Please read the guidelines again");
    Accessibility.check(page);

    workplace.run("update project set settings = '{\"checkPause\": 1}' where id = ?1", project);
    page.reload();
    assertThat(page.locator("#prompt")).containsText("What is 1 plus 1?");
    type("2", "1", "Enter");
    assertThat(page.locator("#prompt")).containsText("What is 2 plus 2?");
    type("2", "1", "Enter");
    assertThat(page.locator("#paused")).isVisible();
    assertThat(page.locator("#paused h2")).hasText("No new tasks for you here just now");
    assertThat(page.locator("#paused .guidelines")).containsText("Be fair.");
    assertThat(page.locator("#annotate")).isHidden();
    assertThat(page.locator("#announce")).containsText("speak to whoever runs the project");
    Accessibility.check(page);
    type("w");
    page.click("#work-submitted");
    assertThat(page.locator("#work-items li")).hasCount(3);
    type("Escape");

    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, TestAccounts.create(Role.REVIEWER))) {
      Page checks = visit.page();
      checks.navigate("/projects/" + project + "/checks");
      assertThat(checks.locator("#person-" + ann.id + " .badge.bad").first()).hasText("paused");
      Accessibility.check(checks);
      assertThat(checks.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .isEqualTo(true);
      checks.locator("#person-" + ann.id + " button").focus();
      checks.keyboard().press("Enter");
      assertThat(checks.locator("#person-" + ann.id)).not().containsText("paused");
    }
    page.click("#let-in");
    assertThat(page.locator("#prompt")).containsText("What is 3 plus 3?");
    assertThat(page.locator("#paused")).isHidden();
  }

  @Test
  void reviewersMarkAndUnmarkATaskByKeyboard() {
    UUID task = workplace.tasks(project, 1, 1, "four", "4").get(0);
    work();
    type("2", "1", "Enter");
    awaitRankings(1);
    workplace.check(task);
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, TestAccounts.create(Role.REVIEWER))) {
      Page review = visit.page();
      review.navigate("/projects/" + project + "/rankings/" + task);
      assertThat(review.locator("#check")).containsText("Nobody has met it yet.");
      Accessibility.check(review);
      review.locator("#check-switch").focus();
      review.keyboard().press("Enter");
      assertThat(review.locator("#check-switch")).hasText("Make it a silent check");
      assertThat(review.locator("#check")).hasCount(0);
      Accessibility.check(review);
      review.locator("#check-switch").focus();
      review.keyboard().press("Enter");
      assertThat(review.locator("#check")).isVisible();
      assertThat(review.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .isEqualTo(true);
      assertThat(visit.scriptErrors()).isEmpty();
    }
    assertThat(workplace.all("select 1 from silent_check where task_id = ?1", task)).hasSize(1);
  }
}
