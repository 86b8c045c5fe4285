package org.laurel.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The browser that is on this machine: CHROMIUM names it, else it is found where Debian puts it.
 */
final class Chromium implements AutoCloseable {
  /** How long closing a window may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "chromium-clock");
            thread.setDaemon(true);
            return thread;
          });

  private final Playwright playwright;
  private final Browser browser;
  private final List<ProcessHandle> processes;

  Chromium() {
    Set<ProcessHandle> others = running().collect(Collectors.toSet());
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable())
                    .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")));
    processes = running().filter(process -> !others.contains(process)).toList();
  }

  private static Stream<ProcessHandle> running() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").contains("chrom"));
  }

  Browser browser() {
    return browser;
  }

  private static Path executable() {
    return Stream.of(System.getenv("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/google-chrome")
        .filter(Objects::nonNull)
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException("no browser: install chromium, or set CHROMIUM to one"));
  }

  /**
   * Closes a window, or the whole browser where that does not answer: Chromium sometimes waits for
   * ever when it is to forget a page that is just loading anew.
   */
  void close(BrowserContext window) {
    orKill(window::close, PATIENCE);
  }

  /** Does what waits for the browser, which is killed when that takes too long. */
  void orKill(Runnable what, Duration patience) {
    ScheduledFuture<?> end =
        CLOCK.schedule(
            () -> processes.forEach(ProcessHandle::destroyForcibly),
            patience.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      what.run();
    } catch (PlaywrightException e) {
      if (!end.isDone()) {
        throw e;
      }
    } finally {
      end.cancel(false);
    }
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
