package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.cli.ChildServer;
import org.laurel.simulation.GoldPreference;
import org.laurel.simulation.LaurelApi;
import org.laurel.simulation.Simulation;

/**
 * The whole way as people go it, in a browser and on the packaged server: prompts come in, the
 * policy answers, an invited annotator ranks by keyboard, a round learns from it, people compare
 * the new policy blind with the old one, it is promoted and answers, the data is exported. Every
 * page on the way is checked for accessibility.
 */
class WholeLoopIT {
  private static final int PROMPTS = 24;
  private static final int BY_HAND = 10;

  /** Milliseconds that a training may take to show something, on a busy machine. */
  private static final double PATIENCE = 240_000;

  @TempDir Path folder;

  private final List<String> complaints = new ArrayList<>();

  @Test
  void rankingsBecomeABetterPolicyThatAnswers() throws Exception {
    PlaywrightAssertions.setDefaultAssertionTimeout(60_000);
    try (ChildServer server = ChildServer.start(folder.resolve("laurel"), freePort());
        Chromium chromium = new Chromium()) {
      Page administrator = open(chromium, server);
      signIn(administrator);
      UUID project = createProject(administrator);
      importPrompts(administrator);
      sample(administrator);
      String invitation = invite(administrator);

      Page annotator = open(chromium, server);
      accept(annotator, invitation);
      rankByKeyboard(annotator);

      long simulated = simulate(server, project);
      administrator.navigate("/projects/" + project);
      assertThat(administrator.locator(".tile").first())
          .containsText(String.valueOf(BY_HAND + simulated));
      Accessibility.check(administrator);

      String policy = learn(administrator, project);
      long compared = compare(administrator, server, project, policy);
      seePolicyServed(administrator, policy);
      talk(administrator, policy);
      export(administrator, project, BY_HAND + simulated + compared);
      assertThat(complaints).as("what the browser's console said").isEmpty();
    }
  }

  private Page open(Chromium chromium, ChildServer server) {
    BrowserContext context =
        chromium
            .browser()
            .newContext(
                new Browser.NewContextOptions()
                    .setBaseURL(server.address().toString())
                    .setLocale("en-GB")
                    .setViewportSize(1440, 900));
    context.setDefaultTimeout(60_000);
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          // A refused import is said so by the browser, too.
          if (message.type().equals("error") && !message.text().contains("status of 422")) {
            complaints.add(page.url() + ": " + message.text());
          }
        });
    page.onPageError(error -> complaints.add(page.url() + ": " + error));
    return page;
  }

  private static void signIn(Page page) {
    page.navigate("/");
    assertThat(page).hasURL(Pattern.compile(".*/sign-in.*"));
    Accessibility.check(page);
    page.getByLabel("E-mail").fill("admin@example.org");
    page.getByLabel("Password").fill("correct horse battery");
    page.keyboard().press("Enter");
    assertThat(heading(page, "Projects")).isVisible();
    Accessibility.check(page);
  }

  private static UUID createProject(Page page) {
    button(page, "New project").first().click();
    page.getByLabel("Name", exactly()).fill("Everyday questions");
    page.getByLabel("Guidelines").fill("Prefer answers that are **right** and kind.");
    Accessibility.check(page);
    button(page, "Create").click();
    assertThat(heading(page, "Everyday questions")).isVisible();
    assertThat(page.getByText("Next: bring the questions.")).isVisible();
    Accessibility.check(page);
    return UUID.fromString(page.url().replaceAll(".*/", ""));
  }

  private static void importPrompts(Page page) {
    button(page, "Import prompts").first().click();
    page.locator("#import-text").fill("{\"prompt\": \"How long do eggs keep?\"}\n{\"prompt\": 3}");
    button(page, "Import").last().click();
    assertThat(page.locator("#import-result")).containsText("Line 2");
    assertThat(page.locator("#import-result")).containsText("Nothing was imported");
    Accessibility.check(page);

    String lines =
        IntStream.range(0, PROMPTS)
            .mapToObj(i -> "{\"prompt\": \"How do I look after plant number " + i + "?\"}")
            .collect(Collectors.joining("\n"));
    page.locator("#import-text").fill(lines);
    button(page, "Import").last().click();
    assertThat(page.locator("#import-result")).containsText(PROMPTS + " imported");
    page.locator("#import [data-close]").last().click();
    assertThat(page.getByText("Next: let")).isVisible();
  }

  private static void sample(Page page) {
    button(page, "Sample completions").first().click();
    page.getByLabel("Longest answer").fill("24");
    Accessibility.check(page);
    button(page, "Sample").last().click();
    assertThat(page.locator("#samplings .badge.finished")).isVisible();
    assertThat(page.getByText("Next: people rank.")).isVisible();
    page.getByLabel("Search the prompts").fill("number 17");
    assertThat(page.locator("#prompts tbody tr")).hasCount(1);
  }

  private static String invite(Page page) {
    button(page, "Invite an annotator").first().click();
    page.getByLabel("E-mail address").fill("grace@example.org");
    button(page, "Make the link").click();
    assertThat(page.locator("#invite-link")).isVisible();
    Accessibility.check(page);
    return page.locator("#invite-address").inputValue();
  }

  private static void accept(Page page, String invitation) {
    page.navigate(invitation);
    Accessibility.check(page);
    page.getByLabel("Your name").fill("Grace");
    page.getByLabel("Choose a password").fill("a short sentence of mine");
    button(page, "Begin").click();
    assertThat(heading(page, "Your work")).isVisible();
    assertThat(page.getByText(PROMPTS + " waiting for you")).isVisible();
    Accessibility.check(page);
  }

  private static void rankByKeyboard(Page page) {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Start ranking")).click();
    String before = "";
    for (int done = 0; done < BY_HAND; done++) {
      assertThat(page.locator("#count-today")).hasText(String.valueOf(done));
      assertThat(page.locator("#prompt .message")).not().hasText(before);
      before = page.locator("#prompt .message").textContent();
      int answers = page.locator("#cards .answer").count();
      assertThat(answers).isBetween(2, 4);
      for (int answer = 0; answer < answers; answer++) {
        // Another order than the one shown, which the page would question: 2 3 4 1.
        page.keyboard().press(String.valueOf((answer + 1) % answers + 1));
      }
      if (done == 0) {
        Accessibility.check(page);
      }
      page.keyboard().press("Enter");
    }
    assertThat(page.locator("#count-today")).hasText(String.valueOf(BY_HAND));
    assertThat(page.locator("#save-text")).containsText("Saved");
  }

  /** Simulated annotators rank what is left; the answer is how many rankings they gave. */
  private static long simulate(ChildServer server, UUID project) throws Exception {
    long given = simulate(server, project, 7);
    // The person's page still holds the task shown and the next one.
    assertThat(given).isBetween(PROMPTS - BY_HAND - 2L, PROMPTS - BY_HAND + 0L);
    return given;
  }

  private static long simulate(ChildServer server, UUID project, long seed) throws Exception {
    LaurelApi api =
        new LaurelApi(
            HttpClient.newHttpClient(),
            server.address(),
            ChildServer.ADMIN_TOKEN,
            Duration.ofMinutes(1));
    GoldPreference gold = GoldPreference.named("helpful");
    return new Simulation(project, 3, gold, 0.9, seed, 1000, 0).run(api).acknowledged();
  }

  /** Launches a small round and watches it; what it made is named. */
  private static String learn(Page page, UUID project) {
    page.navigate("/projects/" + project + "/rounds");
    assertThat(page.locator("#advice-why")).containsText("comparisons");
    Accessibility.check(page);
    button(page, "Launch a round").first().click();
    number(page, "Passes over the rankings").fill("1");
    // Of so few prompts the usual share may be none.
    number(page, "Held out").fill("0.4");
    number(page, "Steps").fill("3");
    number(page, "Answers a step").fill("16");
    page.locator("#launch-form [data-of=ppo] summary").click();
    number(page, "Longest answer, tokens").fill("24");
    number(page, "Samples to scale scores").fill("32");
    Accessibility.check(page);
    button(page, "Launch").last().click();

    assertThat(page.locator(".step")).hasCount(2);
    Locator reward = page.locator(".step").first();
    Locator policy = page.locator(".step").last();
    await(page, chart(reward, "Loss"));
    await(page, reward.locator(".badge.finished"));
    assertThat(reward.getByText("Held-out accuracy")).isVisible();
    await(page, chart(policy, "KL from the reference"));
    await(page, policy.locator(".sample").first());
    await(page, page.locator("#status.finished"));
    assertThat(policy.locator("figure[data-points]:not([data-points='1'])").first()).isVisible();
    Accessibility.check(page);
    assertThat(page.locator("#made-name")).isVisible();
    return page.locator("#made-name").textContent();
  }

  /**
   * Lets people compare what a round made with what is served, and promotes it; the votes given.
   */
  private static long compare(Page page, ChildServer server, UUID project, String policy)
      throws Exception {
    page.locator("#compare").click();
    assertThat(page.locator("#compare-policy option:checked")).hasText(policy);
    Accessibility.check(page);
    number(page, "Prompts").fill("6");
    button(page, "Begin").click();
    Locator card = page.locator("[data-evaluation]");
    assertThat(card.locator("h2")).hasText(policy + " against starter");
    assertThat(card.locator("progress")).hasCount(0);
    long votes = simulate(server, project, 8);
    // to some prompts both may say the same
    assertThat(votes).isBetween(3L, 6L);
    assertThat(card).containsText("%d of %d pairs judged.".formatted(votes, votes));
    Accessibility.check(page);
    page.onceDialog(Dialog::accept); // asked where people do not prefer it
    card.locator("[data-evaluation-action=promote]").click();
    assertThat(card.locator(".badge.served")).isVisible();
    return votes;
  }

  /** A field of the steps that are chosen; those of the other steps are hidden. */
  private static Locator number(Page page, String label) {
    return page.getByRole(
        AriaRole.SPINBUTTON, new Page.GetByRoleOptions().setName(label).setExact(true));
  }

  /** The chart of that title, once it has a point. */
  private static Locator chart(Locator step, String title) {
    return step.locator("figure[data-points]")
        .filter(new Locator.FilterOptions().setHasText(title));
  }

  /** Waits for something of the round's page, but not once the round has failed. */
  private static void await(Page page, Locator wanted) {
    page.waitForCondition(
        () -> wanted.isVisible() || page.locator("#status.failed").isVisible(),
        new Page.WaitForConditionOptions().setTimeout(PATIENCE));
    assertThat(page.locator("#error")).isHidden();
    assertThat(wanted).isVisible();
  }

  private static void seePolicyServed(Page page, String policy) {
    page.navigate("/models");
    Locator row =
        page.locator("#policies tr").filter(new Locator.FilterOptions().setHasText(policy));
    assertThat(row.first().locator(".badge.served")).isVisible();
    assertThat(page.locator("#reward-models tr")).hasCount(1);
    Accessibility.check(page);
  }

  private static void talk(Page page, String policy) {
    page.navigate("/playground");
    assertThat(page.locator("#left-policy")).hasValue(policy);
    page.getByLabel("Message", exactly()).fill("How long do eggs keep?");
    page.keyboard().press("Enter");
    assertThat(page.locator("#left .message.assistant .figures")).containsText("tokens");
    assertThat(page.locator("#left .message.assistant .words")).hasText(Pattern.compile("\\S"));
    Accessibility.check(page);
  }

  private static void export(Page page, UUID project, long rankings) throws Exception {
    page.navigate("/projects/" + project + "/export");
    Accessibility.check(page);
    Download download =
        page.waitForDownload(
            () ->
                page.getByRole(
                        AriaRole.LINK, new Page.GetByRoleOptions().setName("jsonl of rankings"))
                    .click());
    ObjectMapper json = new ObjectMapper();
    List<String> lines = Files.readAllLines(download.path());
    assertThat(lines).hasSize((int) rankings);
    for (String line : lines) {
      JsonNode row = json.readTree(line);
      assertThat(row.path("taskId").asText()).isNotEmpty();
      assertThat(row.path("annotatorId").asText()).isNotEmpty();
      assertThat(row.path("groups").size()).isPositive();
    }
  }

  private static Page.GetByLabelOptions exactly() {
    return new Page.GetByLabelOptions().setExact(true);
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }

  private static Locator heading(Page page, String name) {
    return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
