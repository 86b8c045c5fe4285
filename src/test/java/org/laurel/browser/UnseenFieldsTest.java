package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class UnseenFieldsTest {
  /** Whether a select is wide enough for its texts and its arrow. */
  private static final String SHOWS_ITS_TEXTS =
      """
      (select) => {
        const pen = document.createElement("canvas").getContext("2d");
        const style = getComputedStyle(select);
        pen.font = style.font;
        const longest = Math.max(...[...select.options].map((option) => pen.measureText(option.text).width));
        return longest + parseFloat(style.paddingLeft) + parseFloat(style.paddingRight) <= select.clientWidth;
      }
      """;

  @Inject Workplace workplace;

  @Test
  void settingsOfAMethodThatWasNotChosenDoNotHoldUpTheLaunch() {
    UUID project = workplace.project("{}");
    TestAccounts.as(Role.ADMINISTRATOR)
        .contentType("text/plain")
        .body("{\"prompt\": \"Ask\", \"chosen\": \"yes\", \"rejected\": \"no\"}")
        .post("/api/projects/" + project + "/comparisons")
        .then()
        .statusCode(200);
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      page.route("**/api/projects/*/rounds", route -> route.abort()); // nothing is to be trained
      page.navigate("/projects/" + project + "/rounds");
      page.locator("[data-open=launch]").first().click();
      page.setViewportSize(1366, 768);
      assertThat((Boolean) page.locator("#launch-method").evaluate(SHOWS_ITS_TEXTS)).isTrue();
      page.fill("#reward-held-out", "5");
      page.selectOption("#launch-method", "dpo");
      page.fill("#dpo-beta", "0.2");
      Request sent =
          page.waitForRequest(
              "**/api/projects/*/rounds", () -> page.click("#launch-form [type=submit]"));
      assertThat(sent.postData()).isEqualTo("{\"steps\":[\"dpo\"],\"dpo\":{\"beta\":0.2}}");

      page.selectOption("#launch-method", "reward,ppo");
      page.fill("#reward-held-out", "");
      page.locator("#launch-form [data-of=ppo] summary").click();
      page.fill("#ppo-temperature", "0");
      page.locator("#launch-form [data-of=ppo] summary").click();
      assertThat(page.locator("#ppo-temperature")).isHidden();
      page.click("#launch-form [type=submit]");
      assertThat(page.locator("#ppo-temperature")).isFocused();
    }
  }

  @Test
  void whatIsWrongUnderMoreIsShown() {
    UUID project = workplace.project("{}");
    workplace.prompts(project, 1, "Ask ");
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      page.navigate("/projects/" + project);
      page.locator("[data-open=sample]").first().click();
      page.locator("#sample-form summary").click();
      page.fill("#sample-top-p", "5");
      page.locator("#sample-form summary").click();
      assertThat(page.locator("#sample-top-p")).isHidden();
      page.click("#sample-form [type=submit]");
      assertThat(page.locator("#sample-top-p")).isFocused();
    }
  }
}
