package org.laurel.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a picture of every page of a running Laurel, on a desk and on a phone, light and dark, for
 * people to look at: {@code Screenshots ADDRESS EMAIL PASSWORD FOLDER [PATH...]}. Not a test.
 */
public final class Screenshots {
  private static final Pattern PROJECT = Pattern.compile("/projects/([0-9a-f-]{36})");

  private Screenshots() {}

  public static void main(String[] arguments) {
    String address = arguments[0];
    Path folder = Path.of(arguments[3]);
    List<String> wanted = List.of(arguments).subList(4, arguments.length);
    try (Chromium chromium = new Chromium()) {
      for (boolean phone : new boolean[] {false, true}) {
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
          BrowserContext context =
              chromium
                  .browser()
                  .newContext(
                      new Browser.NewContextOptions()
                          .setBaseURL(address)
                          .setColorScheme(scheme)
                          .setViewportSize(phone ? 390 : 1440, phone ? 844 : 900));
          Page page = context.newPage();
          page.onConsoleMessage(
              message -> {
                if (message.type().equals("error")) {
                  System.err.println(page.url() + ": " + message.text());
                }
              });
          String suffix =
              (phone ? "phone" : "desk") + (scheme == ColorScheme.DARK ? "-dark" : "-light");
          if (wanted.isEmpty()) {
            take(page, "/sign-in", folder, suffix);
          }
          Visit.signIn(page, arguments[1], arguments[2]);
          for (String path : wanted.isEmpty() ? all(page) : wanted) {
            take(page, path, folder, suffix);
          }
          context.close();
        }
      }
    }
  }

  /** Every page, those of the first project included. */
  private static List<String> all(Page page) {
    List<String> paths =
        new ArrayList<>(List.of("/", "/models", "/playground", "/people", "/account"));
    Matcher project = PROJECT.matcher(page.content());
    if (project.find()) {
      String id = project.group(1);
      for (String part : List.of("", "/guidelines", "/tasks", "/judge", "/rounds", "/export")) {
        paths.add("/projects/" + id + part);
      }
    }
    return paths;
  }

  private static void take(Page page, String path, Path folder, String suffix) {
    page.navigate(path);
    page.waitForTimeout(400);
    String name = path.replaceAll("[0-9a-f-]{36}", "x").replaceAll("[^a-z]+", "-");
    name = name.replaceAll("^-|-$", "");
    Path file = folder.resolve((name.isEmpty() ? "home" : name) + "-" + suffix + ".png");
    page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
    System.out.println(file);
  }
}
