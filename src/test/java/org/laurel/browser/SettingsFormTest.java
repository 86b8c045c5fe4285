package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class SettingsFormTest {
  @Inject Workplace workplace;

  @Test
  void aFieldThatIsEmptiedIsSavedSo() {
    UUID project = workplace.project("{\"rationaleMinimum\": 20, \"flags\": [\"a\", \"b\"]}");
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      page.navigate("/projects/" + project + "/guidelines");
      assertThat(page.locator("#flags")).hasValue("a, b");
      page.fill("#flags", "");
      page.fill("#rationale-minimum", "");
      page.evaluate("document.body.dataset.unsaved = ''");
      page.click("#settings-form [type=submit]");
      assertThat(page.locator("[data-unsaved]")).hasCount(0);
      assertThat(page.locator("#flags")).hasValue("");
      assertThat(
              workplace.one(
                  "select settings ->> 'flags' || (settings ->> 'rationaleMinimum') from project"
                      + " where id = ?1",
                  project))
          .isEqualTo("[]0");
    }
  }
}
