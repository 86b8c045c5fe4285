package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class UnseenFieldsTest {
  @Inject Workplace workplace;

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
