package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;
import org.laurel.task.Workplace;

@QuarkusTest
class PlaygroundPageTest {
  @Inject Workplace workplace;

  private static final Pattern FIGURES = Pattern.compile("\\d+ \\+ \\d+ tokens · \\d+ tokens/s");

  @Test
  void talksToOnePolicyAndThenToTwo() {
    PolicyVersion first = TestPolicies.create(1);
    PolicyVersion second = TestPolicies.create(2);
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, TestAccounts.create(Role.REVIEWER))) {
      Page page = visit.page();
      page.navigate("/playground?left=" + first.name);
      page.locator("#sampling summary").click();
      page.fill("#max_tokens", "24");
      page.fill("#seed", "7");
      say(page, "hello <b>there</b>");
      Locator left = page.locator("#left");
      assertThat(left.locator(".message.assistant .figures")).containsText(FIGURES);
      assertThat(left.locator(".message.user .words")).hasText("hello <b>there</b>");
      assertThat(page.locator("#right")).isHidden();

      page.click("#compare");
      page.selectOption("#right-policy", second.name);
      say(page, "hello");
      assertThat(page.locator("#right .message.assistant .figures")).containsText(FIGURES);
      assertThat(left.locator(".message.assistant .figures")).containsText(FIGURES);
      assertThat(left.locator(".message")).hasCount(2);
      String answer = left.locator(".message.assistant .words").textContent();
      assertThat(page.locator("#right .message.assistant .words").textContent())
          .isNotEqualTo(answer);
      Accessibility.check(page);

      // the seed makes the answer come again word for word
      left.locator(".message.assistant [data-again]").click();
      assertThat(left.locator(".message.assistant .figures")).containsText(FIGURES);
      assertThat(left.locator(".message.assistant .words").textContent()).isEqualTo(answer);
      assertThat(visit.complaints()).isEmpty();
    }
  }

  @Test
  void aThumbIsGivenTurnedRoundAndTakenBackByKeyboard() {
    PolicyVersion policy = TestPolicies.create(3);
    UUID project = workplace.project("{}");
    Account reviewer = TestAccounts.create(Role.REVIEWER);
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, reviewer)) {
      Page page = visit.page();
      page.navigate("/playground?left=" + policy.name);
      page.selectOption("#thumbs-project", project.toString());
      page.locator("#sampling summary").click();
      page.fill("#max_tokens", "12");
      page.fill("#seed", "5");
      say(page, "hello");
      Locator up = page.locator("#left .message.assistant [data-thumb=up]");
      Locator down = page.locator("#left .message.assistant [data-thumb=down]");
      assertThat(up).hasAttribute("aria-pressed", "false");
      up.focus();
      page.keyboard().press("Enter");
      assertThat(up).hasAttribute("aria-pressed", "true");
      assertThat(thumbs(project)).isEqualTo("true");
      Accessibility.check(page);

      page.keyboard().press("Tab");
      page.keyboard().press("Space");
      assertThat(down).hasAttribute("aria-pressed", "true");
      assertThat(up).hasAttribute("aria-pressed", "false");
      assertThat(thumbs(project)).isEqualTo("false");

      down.click();
      assertThat(down).hasAttribute("aria-pressed", "false");
      assertThat(thumbs(project)).isNull();
      up.click();
      assertThat(up).hasAttribute("aria-pressed", "true");
      assertThat(thumbs(project)).isEqualTo("true");
      assertThat(
              workplace.one(
                  "select t.policy_id = ?1 and t.author_id = ?2 and t.origin = 'playground'"
                      + " and p.text = 'hello' from thumb t join prompt p on p.id = t.prompt_id"
                      + " where p.project_id = ?3 and t.withdrawn_at is null",
                  policy.id,
                  reviewer.id,
                  project))
          .isEqualTo(true);

      workplace.run("update project set archived_at = now() where id = ?1", project);
      down.click();
      assertThat(page.locator(".toast.bad")).containsText("The thumb was not kept");
      assertThat(up).hasAttribute("aria-pressed", "true");
      assertThat(down).hasAttribute("aria-pressed", "false");
    }
  }

  private Object thumbs(UUID project) {
    return workplace.one(
        "select string_agg(cast(t.up as text), ',') from thumb t join prompt p on p.id = t.prompt_id"
            + " where p.project_id = ?1 and t.withdrawn_at is null",
        project);
  }

  @Test
  void saysWhatTheServerRefuses() {
    PolicyVersion policy = TestPolicies.create(1);
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, TestAccounts.create(Role.REVIEWER))) {
      Page page = visit.page();
      page.navigate("/playground?left=" + policy.name);
      say(page, "a".repeat(400));
      assertThat(page.locator(".message.failed .figures")).containsText("128 together");
      assertThat(page.locator("#send")).isEnabled();
      // and goes on without it
      page.locator("#sampling summary").click();
      page.fill("#max_tokens", "12");
      Request next = page.waitForRequest("**/v1/chat/completions", () -> say(page, "hello"));
      assertThat(next.postData()).contains("[{\"role\":\"user\",\"content\":\"hello\"}]");
    }
  }

  private static void say(Page page, String words) {
    page.fill("#message", words);
    page.press("#message", "Enter");
    assertThat(page.locator("#send")).isEnabled();
  }
}
