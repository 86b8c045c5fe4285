package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class ImportDialogTest {
  @Inject Workplace workplace;

  @Test
  void answersOfOtherModelsAreBroughtByThePageAndAFaultIsSaidOnce() {
    UUID project = workplace.project("{}");
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      page.navigate("/projects/" + project);
      page.locator("[data-open=import]").first().click();
      Locator dialog = page.locator("#import");
      assertThat(dialog.locator("#import-overlap")).isHidden();
      dialog.locator("#import-kind").selectOption("completions");
      assertThat(dialog.locator("p[data-kind=completions]")).isVisible();
      assertThat(dialog.locator("p[data-kind=prompts]")).isHidden();
      dialog.locator("#import-overlap").fill("3");

      dialog.locator("#import-text").fill("{\"prompt\": \"p\", \"completions\": [\"a\"]}");
      dialog.locator("[type=submit]").click();
      assertThat(dialog.locator("#import-result"))
          .hasText(
              "Nothing was imported: a line is wrong.Line 1: completions: must be a list of 2 to 9");

      dialog.locator("#import-text").fill("{\"prompt\": \"p\", \"completions\": [\"a\", \"b\"]}");
      dialog.locator("[type=submit]").click();
      assertThat(dialog.locator("#import-result"))
          .hasText("1 imported, 0 there already, 0 refused.");
      assertThat(visit.scriptErrors()).isEmpty();
    }
    assertThat(
            workplace.one(
                "select count(*) from task_seat s join task t on t.id = s.task_id"
                    + " where t.project_id = ?1",
                project))
        .isEqualTo(3L);
  }

  @Test
  void thumbsAreBroughtAsAFileThatIsAnArray() {
    UUID project = workplace.project("{}");
    String rows =
        """
        [
          {"messages": [{"role": "user", "content": "p"}, {"role": "assistant", "content": "a"}],
           "label": true},
          {"prompt": "p", "completion": "b", "label": %s}
        ]
        """;
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      page.navigate("/projects/" + project);
      page.locator("[data-open=import]").first().click();
      Locator dialog = page.locator("#import");
      dialog.locator("#import-kind").selectOption("thumbs");
      assertThat(dialog.locator("p[data-kind=thumbs]")).isVisible();
      choose(dialog, rows.formatted("\"no\""));
      assertThat(dialog.locator("#import-result"))
          .hasText(
              "Nothing was imported: a line is wrong.Line 4: [1].label: must be true or false");
      choose(dialog, rows.formatted("false"));
      assertThat(dialog.locator("#import-result"))
          .hasText("2 imported, 0 there already, 0 refused.");
      assertThat(visit.scriptErrors()).isEmpty();
    }
    assertThat(
            workplace.one(
                "select string_agg(t.text || ' ' || t.up, ', ' order by t.text) from thumb t"
                    + " join prompt p on p.id = t.prompt_id where p.project_id = ?1",
                project))
        .isEqualTo("a true, b false");
  }

  private static void choose(Locator dialog, String file) {
    dialog
        .locator("#import-file")
        .setInputFiles(
            new FilePayload("kto.json", "application/json", file.getBytes(StandardCharsets.UTF_8)));
    dialog.locator("[type=submit]").click();
  }
}
