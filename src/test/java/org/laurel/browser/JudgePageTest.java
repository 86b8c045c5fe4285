package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.judge.LocalJudge;
import org.laurel.task.Workplace;

@QuarkusTest
class JudgePageTest {
  @Inject Workplace workplace;

  private final LocalJudge server = new LocalJudge();

  @AfterEach
  void stop() {
    server.close();
    System.clearProperty("laurel.judge.endpoint");
  }

  @Test
  void anAdministratorSeesHowFarAJudgeAgreesBeforeItsVotesAreUsed() {
    System.setProperty("laurel.judge.endpoint", server.biased(0.5).address());
    Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
    UUID project = workplace.project("{}");
    workplace.tasks(project, 3, 1, "1 egg", "<b>3</b> eggs");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      lines.append(
          "{\"prompt\": \"Ask %d\", \"chosen\": \"%d\", \"rejected\": \"%d\"}\n"
              .formatted(i, 3 + i, 1 + i));
    }
    TestAccounts.as(administrator)
        .contentType("text/plain")
        .body(lines.toString())
        .post("/api/projects/" + project + "/comparisons")
        .then()
        .statusCode(200);
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, administrator)) {
      Page page = visit.page();
      page.navigate("/projects/" + project + "/judge");
      page.locator("[data-open=begin]").first().click();
      page.selectOption("#judge-kind", "endpoint");
      assertThat(page.locator("#judge-policy")).isHidden();
      page.click("#begin-form [type=submit]");
      assertThat(page.locator("#begin-form [role=alert]")).containsText("model");
      page.fill("#judge-model", "local <judge>");
      assertThat(page.locator("#judge-questions"))
          .containsText("66 questions: 30 pairs of people and 3 pairs to vote on");
      page.fill("#judge-prompts", "0");
      assertThat(page.locator("#judge-questions")).containsText("60 questions");
      page.fill("#judge-prompts", "");
      page.click("#begin-form [type=submit]");

      Locator card = page.locator("[data-judging]");
      assertThat(card.locator(".badge.finished")).isVisible();
      assertThat(card.locator("h2")).hasText("local <judge>");
      assertThat(card).containsText("89–100%, on ");
      assertThat(card).containsText("3 votes");
      assertThat(card).containsText("200 or more make the figures sure");
      Accessibility.check(page);
      card.locator("[data-judging-action=approve]").click();
      assertThat(card.locator(".badge.good")).hasText("in use");

      page.navigate("/projects/" + project + "/rounds");
      page.locator("[data-open=launch]").first().click();
      assertThat(page.locator("#launch-votes")).containsText("3 votes by models");

      page.navigate("/projects/" + project + "/judge");
      page.locator("[data-judging-action=withdraw]").click();
      assertThat(page.locator("[data-judging-action=approve]")).isVisible();
      page.fill("#rubric", "Which? {{first}} {{second}}");
      page.click("#rubric-form [type=submit]");
      assertThat(page.locator("#rubric-form [role=alert]")).containsText("{{conversation}}");
      page.fill("#rubric", "{{conversation}} Which? {{first}} {{second}}");
      page.click("#rubric-form [type=submit]");
      assertThat(page.locator("#rubric-form .badge")).hasText("version 2");
      // the two refusals are told by the browser as well
      assertThat(visit.complaints()).allMatch(text -> text.contains("422")).hasSize(2);
    }
  }
}
