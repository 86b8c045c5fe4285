package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class ProjectFiguresTest {
  @Inject Workplace workplace;

  @Test
  void figuresOfManyRankingsComeIntoThePageThatDidNotWaitForThem() {
    UUID project = workplace.project("{}");
    workplace.rankings(project, workplace.annotator(), 5001, 7000);
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      page.route("**/*?counted=true", route -> {});
      page.navigate("/projects/" + project);
      assertThat(page.locator("#figures [role=status]")).containsText("appear here once");
      assertThat(page.locator("#figures")).not().containsText("7 s");
      page.unroute("**/*?counted=true");

      page.navigate("/projects/" + project);
      assertThat(page.locator("#figures")).containsText("7 s");
      assertThat(page.locator("#figures [role=status]")).hasCount(0);
      assertThat(page.locator("#people [data-label='Median time']")).hasText("7 s");
      assertThat(page.locator("#audit")).containsText("100%");
      assertThat(page.locator("#figures, #people, #audit")).hasCount(3);
      assertThat(visit.scriptErrors()).isEmpty();
    }
  }

  @Test
  void aConversationFitsAPhoneWithTheNumberOfItsMessages() {
    UUID project = workplace.project("{}");
    Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
    String asked = "Which of these would you take to the mountains? ".repeat(5);
    String turns =
        "{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\":"
            + " \"Hello\"}, {\"role\": \"user\", \"content\": \"%s\"}".formatted(asked);
    TestAccounts.as(administrator)
        .contentType("application/json")
        .body("[{\"prompt\": [%s], \"chosen\": \"a\", \"rejected\": \"b\"}]".formatted(turns))
        .post("/api/projects/" + project + "/comparisons")
        .then()
        .statusCode(200);
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, administrator)) {
      Page page = visit.page();
      page.setViewportSize(360, 780);
      for (String path : List.of("", "/rankings")) {
        page.navigate("/projects/" + project + path);
        Number end =
            (Number)
                page.getByText("3 messages")
                    .evaluate(
                        "badge => { const words = document.createRange();"
                            + " words.selectNodeContents(badge);"
                            + " return words.getBoundingClientRect().right; }");
        assertThat(end.doubleValue()).as(path).isLessThan(360);
      }
    }
  }
}
