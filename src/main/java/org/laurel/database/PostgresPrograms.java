package org.laurel.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code initdb} and {@code pg_ctl}. */
final class PostgresPrograms {
  private final Path folder;
  private final List<String> prefix;

  PostgresPrograms(Path folder) {
    this.folder = folder;
    this.prefix = isRoot() ? unprivileged() : List.of();
  }

  /** The exit status and what was printed. */
  record Outcome(int status, String output) {}

  Outcome run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(folder.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** Output goes through a file: a started server would hold a pipe open for ever. */
  private static Outcome run(List<String> command) throws IOException {
    Path output = Files.createTempFile("laurel-postgres", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("no end after 120 s: " + command);
      }
      return new Outcome(process.exitValue(), Files.readString(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + command, e);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"))
        && System.getProperty("os.name", "").startsWith("Linux");
  }

  /** PostgreSQL refuses to run as root; in a user namespace of its own it is nobody. */
  private static List<String> unprivileged() {
    try {
      if (run(List.of("unshare", "-U", "true")).status() == 0) {
        return List.of("unshare", "-U");
      }
    } catch (IOException noUnshare) {
      // Told below, with what to do.
    }
    throw new DatabaseException(
        "the embedded PostgreSQL cannot run as root here; start Laurel as another user, or give LAUREL_DB_URL");
  }
}
