package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

/** An annotator at the page people work in all day, in a browser, and what is kept of it. */
abstract class RankingScene {

  private static Chromium chromium;

  @Inject Workplace workplace;

  Visit visit;
  Page page;
  UUID project;
  Account ann;

  @BeforeAll
  static void open() {
    chromium = new Chromium();
  }

  @AfterAll
  static void close() {
    chromium.close();
  }

  static Chromium chromium() {
    return chromium;
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

  void work() {
    page.navigate("/projects/" + project + "/tasks");
    assertThat(page.locator(".answer").first()).isFocused();
  }

  void type(String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  /** Whether the annotator holds so many tasks: the one shown and the one after it. */
  boolean preloaded(int tasks) {
    return ((Number)
                workplace.one(
                    "select count(*) from task_seat s join task t on t.id = s.task_id"
                        + " where t.project_id = ?1 and s.lease_expires_at > now()",
                    project))
            .intValue()
        == tasks;
  }

  void awaitRankings(int wanted) {
    page.waitForCondition(() -> count("v.version = r.version") == wanted);
  }

  long count(String where) {
    return ((Number)
            workplace.one(
                "select count(*) from ranking r join ranking_version v on v.ranking_id = r.id"
                    + " where r.project_id = ?1 and "
                    + where,
                project))
        .longValue();
  }
}
