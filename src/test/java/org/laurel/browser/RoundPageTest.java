package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class RoundPageTest {
  private static final String CHART =
      "async (canvas) => (await import('/_static/echarts/6.0.0/dist/echarts.esm.min.js'))"
          + ".getInstanceByDom(canvas)";

  @Inject Workplace workplace;

  @Test
  void figuresSayWhoseTheyAre() {
    UUID round = round("{\"ece\": 0.1639, \"kept_step\": 20, \"held_out_rankings\": 48}");
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      page.navigate("/rounds/" + round);
      assertThat(page.locator(".step-count")).hasText("Step 32 of 32 · kept: step 20");
      assertThat(page.locator(".figures")).containsText("0.1639");
      assertThat(page.locator(".chosen"))
          .hasText("Chosen: learningRate 0.001, annotatorAccuracy {\"somebody\":0.8}");
      assertThat(page.locator("#launched")).containsText(", seed 1");
      assertThat(chart(page, "Calibration error").locator(".latest")).hasText("0.1986 at step 32");
      assertThat(chart(page, "Loss").locator(".latest")).hasText("Held out 0.688 at step 32");
      Locator accuracy = chart(page, "Accuracy").locator(".chart-canvas");
      page.waitForCondition(
          () ->
              "20".equals(evaluated(accuracy, ".getOption().series[0].markLine?.data[0]?.xAxis")));
      assertThat(
              Double.parseDouble(
                  evaluated(
                      accuracy, ".getModel().getComponent('yAxis').axis.scale.getExtent()[0]")))
          .isEqualTo(0.3);
      assertThat(visit.scriptErrors()).isEmpty();
    }
  }

  @Test
  void aMeanOfStatesIsCalledSo() {
    UUID round = round("{\"ece\": 0.1639, \"kept_states\": 6}");
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      visit.page().navigate("/rounds/" + round);
      assertThat(visit.page().locator(".step-count"))
          .hasText("Step 32 of 32 · kept: the mean of 6 states along the way");
      assertThat((int) visit.page().evaluate("document.documentElement.scrollWidth"))
          .isEqualTo(390);
    }
  }

  /** Broken after the first figure, and then answered by a proxy whose server is starting. */
  @Test
  void figuresComeOnceEachHoweverTheyAreBroken() {
    UUID round = round("{}");
    Object first =
        workplace.one(
            "select min(m.sequence) from run_metric m join run r on r.id = m.run_id"
                + " where r.round_id = ?1",
            round);
    String figure =
        "id: %s%ndata: {\"key\": \"train/loss\", \"step\": 20, \"value\": 0.61}%n%n"
            .formatted(first);
    AtomicInteger asked = new AtomicInteger();
    try (Chromium chromium = new Chromium();
        Visit visit = Visit.atADesk(chromium, TestAccounts.create(Role.ADMINISTRATOR))) {
      Page page = visit.page();
      page.route(
          "**/api/runs/*/metrics",
          route -> {
            switch (asked.incrementAndGet()) {
              case 1 ->
                  route.fulfill(
                      new Route.FulfillOptions()
                          .setContentType("text/event-stream")
                          .setBody(figure));
              case 2 -> route.fulfill(new Route.FulfillOptions().setStatus(502));
              default -> route.resume();
            }
          });
      page.navigate("/rounds/" + round);
      assertThat(chart(page, "Loss").locator(".latest"))
          .hasText(
              "Held out 0.688 at step 32",
              new LocatorAssertions.HasTextOptions().setTimeout(30_000));
      assertThat(chart(page, "Loss")).hasAttribute("data-points", "4");
      assertThat(asked).hasValue(3);
    }
  }

  private static Locator chart(Page page, String title) {
    return page.locator("figure", new Page.LocatorOptions().setHasText(title)).first();
  }

  private static String evaluated(Locator canvas, String question) {
    return String.valueOf(
        canvas.evaluate("async (c) => String((await (" + CHART + ")(c))" + question + ")"));
  }

  /** A finished round whose reward model was kept from before the end. */
  private UUID round(String metrics) {
    UUID project = workplace.project("{}");
    UUID round = UUID.randomUUID();
    UUID run = UUID.randomUUID();
    workplace.run(
        "insert into round (id, project_id, number, seed, configuration, status, finished_at)"
            + " values (?1, ?2, 1, 1, cast(?3 as jsonb), 'finished', now())",
        round,
        project,
        "{\"steps\":[\"reward\"],\"hyperparameters\":{},\"policy\":\"" + UUID.randomUUID() + "\"}");
    workplace.run(
        "insert into run (id, project_id, round_id, kind, status, seed, step, total_steps, metrics,"
            + " hyperparameters, finished_at) values (?1, ?2, ?3, 'reward', 'finished', 1, 32, 32,"
            + " cast(?4 as jsonb), cast(?5 as jsonb), now())",
        run,
        project,
        round,
        metrics,
        "{\"learningRate\": 0.001, \"annotatorAccuracy\": {\"somebody\": 0.8}}");
    figure(run, "train/loss", 0.61, 0.42);
    figure(run, "eval/log_loss", 0.675, 0.688);
    figure(run, "train/accuracy", 0.6, 0.9);
    figure(run, "eval/accuracy", 0.34, 0.62);
    figure(run, "eval/ece", 0.1639, 0.1986);
    return round;
  }

  private void figure(UUID run, String key, double early, double late) {
    for (Object[] point : new Object[][] {{20, early}, {32, late}}) {
      workplace.run(
          "insert into run_metric (run_id, key, step, value) values (?1, ?2, ?3, ?4)",
          run,
          key,
          point[0],
          point[1]);
    }
  }
}
