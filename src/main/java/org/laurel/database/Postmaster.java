package org.laurel.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A running server of our data folder, as its {@code postmaster.pid} names it. */
record Postmaster(long pid, int port) {
  private static final int PORT_LINE = 3;

  /**
   * Empty when no server runs. A pid file whose process is gone, or is by now some other program
   * with the same number (after a restart of the machine), is removed.
   */
  static Optional<Postmaster> of(Path data) throws IOException {
    Path file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    long pid = lines.isEmpty() ? 0 : Math.abs(Long.parseLong(lines.get(0).strip()));
    boolean alive = ProcessHandle.of(pid).filter(Postmaster::isPostgres).isPresent();
    if (!alive) {
      Files.deleteIfExists(file);
      return Optional.empty();
    }
    int port = lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE).strip()) : 0;
    return Optional.of(new Postmaster(pid, port));
  }

  /**
   * A process whose program cannot be seen counts as one: starting a second server on its data
   * would be worse.
   */
  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().map(command -> command.contains("postgres")).orElse(true);
  }
}
