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
   * with the same number (after a restart of the machine), is removed. Where it is another user's
   * process, or one whose program cannot be seen, the file is left to PostgreSQL, which looks at it
   * when it starts.
   */
  static Optional<Postmaster> of(Path data) throws IOException {
    Path file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    long pid = lines.isEmpty() ? 0 : Math.abs(Long.parseLong(lines.get(0).strip()));
    Optional<ProcessHandle.Info> process = ProcessHandle.of(pid).map(ProcessHandle::info);
    if (process.isPresent() && !isKnown(process.get())) {
      return Optional.empty();
    }
    if (process.flatMap(ProcessHandle.Info::command).filter(Postmaster::isPostgres).isEmpty()) {
      Files.deleteIfExists(file);
      return Optional.empty();
    }
    int port = lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE).strip()) : 0;
    return Optional.of(new Postmaster(pid, port));
  }

  private static boolean isKnown(ProcessHandle.Info process) {
    return process.command().isPresent()
        && process.user().equals(ProcessHandle.current().info().user());
  }

  private static boolean isPostgres(String command) {
    return command.contains("postgres");
  }
}
