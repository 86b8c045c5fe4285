package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
 * policy answers, an invited annotator ranks by keyboard, a round learns from it, the new policy is
 * promoted and answers, the data is exported. Every page on the way is checked for accessibility.
 */
class WholeLoopIT {
  private static final int PROMPTS = 24;
  private static final int BY_HAND = 10;

  @TempDir Path folder;

  private final List<String> complaints = new ArrayList<>();

  @Test
  void rankingsBecomeABetterPolicyThatAnswers() throws Exception {
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

      simulate(server, project);
      administrator.navigate("/projects/" + project);
      assertThat(administrator.locator(".tile").first()).containsText(String.valueOf(PROMPTS));
      Accessibility.check(administrator);
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
          if (message.type().equals("error")) {
            complaints.add(page.url() + ": " + message.text());
          }
        });
    page.onPageError(error -> complaints.add(page.url() + ": " + error));
    return page;
  }

  private static void signIn(Page page) {
    page.navigate("/");
    assertThat(page).hasURL(java.util.regex.Pattern.compile(".*/sign-in.*"));
    Accessibility.check(page);
    page.getByLabel("E-mail").fill("admin@example.org");
    page.getByLabel("Password").fill("correct horse battery");
    page.keyboard().press("Enter");
    assertThat(heading(page, "Projects")).isVisible();
    Accessibility.check(page);
  }

  private static UUID createProject(Page page) {
    button(page, "New project").first().click();
    page.getByLabel("Name").fill("Everyday questions");
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
    for (int done = 0; done < BY_HAND; done++) {
      assertThat(page.locator("#count-today")).hasText(String.valueOf(done));
      assertThat(page.locator("#cards .answer")).hasCount(4);
      for (String key : new String[] {"2", "4", "1", "3"}) {
        page.keyboard().press(key);
      }
      if (done == 0) {
        Accessibility.check(page);
      }
      page.keyboard().press("Enter");
    }
    assertThat(page.locator("#count-today")).hasText(String.valueOf(BY_HAND));
    assertThat(page.locator("#save-text")).containsText("Saved");
  }

  private static void simulate(ChildServer server, UUID project) throws Exception {
    LaurelApi api =
        new LaurelApi(
            HttpClient.newHttpClient(),
            server.address(),
            ChildServer.ADMIN_TOKEN,
            Duration.ofMinutes(1));
    Simulation.Outcome outcome =
        new Simulation(project, 3, GoldPreference.named("helpful"), 0.9, 7, 1000, 0).run(api);
    assertThat(outcome.acknowledged()).isEqualTo(PROMPTS - BY_HAND);
  }

  private static com.microsoft.playwright.Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }

  private static com.microsoft.playwright.Locator heading(Page page, String name) {
    return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
  }

  private static int freePort() throws java.io.IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
