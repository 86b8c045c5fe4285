package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;
import org.laurel.task.Workplace;

@QuarkusTest
class EvaluationPageTest {
  @Inject Workplace workplace;

  @Test
  void anAdministratorLetsPeopleCompareTwoPoliciesAndSeesWhoWins() {
    Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
    PolicyVersion policy = TestPolicies.create(31);
    PolicyVersion against = TestPolicies.create(32);
    UUID project = workplace.project("{}");
    workplace.prompts(project, 3, "Which is better? ");
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, administrator)) {
      Page page = visit.page();
      page.navigate("/projects/" + project + "/evaluations?policy=" + policy.id);
      assertThat(page.locator("#begin")).isVisible();
      assertThat(page.locator("#compare-policy")).hasValue(policy.id.toString());
      page.selectOption("#compare-against", policy.id.toString());
      page.click("#begin-form [type=submit]");
      assertThat(page.locator("#begin-form [role=alert]")).containsText("same policy");
      page.selectOption("#compare-against", against.id.toString());
      page.fill("#compare-prompts", "2");
      page.click("#begin-form [type=submit]");

      Locator card = page.locator("[data-evaluation]");
      assertThat(card.locator("h2")).hasText(policy.name + " against " + against.name);
      assertThat(card).containsText("0 of 2 pairs judged, 2 judgments wanted");
      assertThat(card.locator("[data-evaluation-action=promote]")).isHidden();
      card.locator("a[href$=tasks]").click();
      assertThat(page.locator(".answer")).hasCount(2);
      assertThat(page.locator(".answer").first()).isFocused();
      assertThat(page.locator("main")).not().containsText(policy.name);
      page.keyboard().press("1");
      page.keyboard().press("1");
      page.keyboard().press("Enter");
      assertThat(page.locator("#save-text")).containsText("Saved");

      page.navigate("/projects/" + project + "/evaluations");
      assertThat(card).containsText("50% of the pairs won by " + policy.name);
      assertThat(card).containsText("1 of 2 pairs judged, 1 judgment wanted. Votes: 0 for, 1 even");
      assertThat(card.locator(".badge")).hasText("not told apart");
      Accessibility.check(page);
      assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
      assertThat(overlap(card.locator("time"), card.locator("[data-evaluation-action=cancel]")))
          .isFalse();
      card.locator("[data-evaluation-action=cancel]").click();
      assertThat(card).containsText("1 of 2 pairs judged. Votes");
      assertThat(card.locator("[data-evaluation-action=cancel]")).isHidden();
      // what was swapped in speaks the person's own time, too
      assertThat(card.locator("time")).not().containsText("Z");
      assertThat(visit.complaints()).allMatch(text -> text.contains("422")).hasSize(1);
      assertThat(visit.scriptErrors()).isEmpty();
    }
  }

  private static boolean overlap(Locator one, Locator other) {
    BoundingBox a = one.boundingBox();
    BoundingBox b = other.boundingBox();
    return a.x < b.x + b.width
        && b.x < a.x + a.width
        && a.y < b.y + b.height
        && b.y < a.y + a.height;
  }
}
