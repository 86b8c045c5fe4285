package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.engine.dpo.DpoHyperparameters;
import org.laurel.engine.dpo.KtoHyperparameters;
import org.laurel.engine.ppo.PpoHyperparameters;
import org.laurel.engine.rejection.RejectionHyperparameters;
import org.laurel.engine.reward.RewardHyperparameters;
import org.laurel.engine.sft.SftHyperparameters;
import org.laurel.task.Workplace;

@QuarkusTest
class LaunchFormTest {
  private static final Map<String, Class<? extends Record>> SETTINGS =
      Map.of(
          "sft", SftHyperparameters.class,
          "reward", RewardHyperparameters.class,
          "rejection", RejectionHyperparameters.class,
          "dpo", DpoHyperparameters.class,
          "ipo", DpoHyperparameters.class,
          "kto", KtoHyperparameters.class,
          "ppo", PpoHyperparameters.class);

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
  void everySettingOfEveryStepCanBeChosen() {
    UUID project = project();
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      open(page, project);
      List<String> there = new ArrayList<>();
      for (Locator field : page.locator("#launch-form [data-step]").all()) {
        there.add(field.getAttribute("data-step") + "." + field.getAttribute("name"));
      }
      List<String> wanted = new ArrayList<>();
      SETTINGS.forEach(
          (step, type) -> {
            for (RecordComponent component : type.getRecordComponents()) {
              wanted.add(step + "." + component.getName());
            }
          });
      assertThat(there).containsExactlyInAnyOrderElementsOf(wanted);
      assertThat(page.locator("#launch-form input[data-step][placeholder='']")).hasCount(0);
      assertThat(page.locator("#reward-rate")).hasAttribute("placeholder", "3e-4");

      page.route("**/api/projects/*/rounds", route -> route.abort()); // nothing is to be trained
      more(page, "reward");
      page.selectOption("#reward-ties", "DAVIDSON");
      more(page, "ppo");
      page.selectOption("#ppo-klEstimator", "K3");
      page.selectOption("#ppo-whitenRewards", "true");
      page.fill("#ppo-clipRange", "0.1");
      page.fill("#ppo-rules", "[{\"name\": \"ends\", ");
      page.click("#launch-form [type=submit]");
      assertThat(page.locator("#launch-form [role=alert]")).containsText("rules is not JSON");
      page.fill("#ppo-rules", "[{\"name\": \"ends\", \"weight\": 1, \"kind\": \"SENTENCE\"}]");
      Request sent =
          page.waitForRequest(
              "**/api/projects/*/rounds", () -> page.click("#launch-form [type=submit]"));
      assertThat(sent.postData())
          .isEqualTo(
              "{\"steps\":[\"reward\",\"ppo\"],\"reward\":{\"ties\":\"DAVIDSON\"},"
                  + "\"ppo\":{\"klEstimator\":\"K3\",\"clipRange\":0.1,\"whitenRewards\":true,"
                  + "\"rules\":[{\"name\":\"ends\",\"weight\":1,\"kind\":\"SENTENCE\"}]}}");
      assertThat(visit.scriptErrors()).isEmpty();
    }
  }

  @Test
  void defaultsAreThoseOfTheBackboneAndFaultsAreShownWhereTheyAre() {
    UUID project = project();
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      open(page, project);
      Locator epochs = page.locator("#reward-epochs");
      Locator ngrams = page.locator("#reward-ngrams option").first();
      assertThat(epochs).hasAttribute("placeholder", "2");
      page.selectOption("#reward-backbone", "minilm");
      assertThat(epochs).hasAttribute("placeholder", "1");
      assertThat(ngrams).hasText("true, the default");
      page.selectOption("#reward-backbone", "");
      assertThat(epochs).hasAttribute("placeholder", "2");
      assertThat(ngrams).hasText("false, the default");

      more(page, "ppo");
      Accessibility.check(page);
      assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
      page.fill("#ppo-gamma", "1.5");
      more(page, "ppo");
      page.click("#launch-form [type=submit]");
      assertThat(page.locator("#launch-form [role=alert]")).containsText("ppo.gamma");
      assertThat(page.locator("#ppo-gamma")).isVisible();
      assertThat(page.locator("#ppo-gamma")).hasAttribute("aria-invalid", "true");
    }
  }

  @Test
  void settingsOfAMethodThatWasNotChosenDoNotHoldUpTheLaunch() {
    UUID project = project();
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      page.route("**/api/projects/*/rounds", route -> route.abort()); // nothing is to be trained
      open(page, project);
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
      more(page, "ppo");
      page.fill("#ppo-temperature", "0");
      more(page, "ppo");
      assertThat(page.locator("#ppo-temperature")).isHidden();
      page.click("#launch-form [type=submit]");
      assertThat(page.locator("#ppo-temperature")).isFocused();
    }
  }

  private static void open(Page page, UUID project) {
    page.navigate("/projects/" + project + "/rounds");
    page.locator("[data-open=launch]").first().click();
  }

  private static void more(Page page, String step) {
    page.locator("#launch-form [data-of=" + step + "] summary").click();
  }

  /** With a comparison to learn from. */
  private UUID project() {
    UUID project = workplace.project("{}");
    TestAccounts.as(Role.ADMINISTRATOR)
        .contentType("text/plain")
        .body("{\"prompt\": \"Ask\", \"chosen\": \"yes\", \"rejected\": \"no\"}")
        .post("/api/projects/" + project + "/comparisons")
        .then()
        .statusCode(200);
    return project;
  }
}
