package org.laurel.cli;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged server as a process of its own, with an embedded PostgreSQL, for tests that kill it.
 */
public final class ChildServer implements AutoCloseable {

  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
  private static final Duration START = Duration.ofMinutes(10);

  public static final String ADMIN_TOKEN = "laurel_test_administrator_token_0123456789";

  private final Process process;
  private final URI address;

  private ChildServer(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Starts it and waits until it serves. */
  public static ChildServer start(Path home, int port) throws IOException, InterruptedException {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is missing: this test runs after package");
    }
    File log = home.resolveSibling(home.getFileName() + ".log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-jar",
                JAR.toString(),
                "serve"));
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder
        .environment()
        .putAll(
            Map.of(
                "LAUREL_HOME",
                home.toString(),
                "LAUREL_PORT",
                String.valueOf(port),
                "LAUREL_DEMO",
                "false",
                "LAUREL_ADMIN_EMAIL",
                "admin@example.org",
                "LAUREL_ADMIN_PASSWORD",
                "correct horse battery",
                "LAUREL_ADMIN_TOKEN",
                ADMIN_TOKEN));
    ChildServer server = new ChildServer(builder.start(), URI.create("http://localhost:" + port));
    try {
      server.awaitReady(log);
      return server;
    } catch (IOException | InterruptedException e) {
      server.process.destroyForcibly();
      throw e;
    }
  }

  private void awaitReady(File log) throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest ready = HttpRequest.newBuilder(address.resolve("/q/health/ready")).build();
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      try {
        if (http.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        Thread.sleep(100);
      }
    }
    throw new IOException("the server did not start:\n" + Files.readString(log.toPath()));
  }

  public URI address() {
    return address;
  }

  /** kill -9. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it in good order, its PostgreSQL too. */
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
