package org.laurel.run;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.database.DatabaseAddress;
import org.laurel.database.DatabaseException;

/**
 * Keeps the database told of a training, on a thread of its own in the training process. The
 * database may go away and come back elsewhere, as it does when the server is restarted: the
 * training never waits for it, and what was missed follows.
 */
public final class RunReporter implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Path home;
  private final RunRecord record;
  private final Thread thread;
  private volatile boolean ending;
  private volatile boolean cancelRequested;
  private @Nullable Connection connection;

  private RunReporter(Path home, UUID run, RunFolder folder) {
    this.home = home;
    this.record = new RunRecord(run, folder);
    this.thread = new Thread(this::report, "run-reporter");
    this.thread.setDaemon(true);
  }

  /**
   * Starts to tell the database of the run.
   *
   * @param home where the server leaves the database's address
   */
  public static RunReporter start(Path home, UUID run, RunFolder folder) {
    RunReporter reporter = new RunReporter(home, run, folder);
    reporter.thread.start();
    return reporter;
  }

  /** Whether the database said that somebody wants the run to end. */
  public boolean cancelRequested() {
    return cancelRequested;
  }

  private void report() {
    Duration pause = PAUSE;
    boolean away = false;
    while (!ending) {
      try {
        Thread.sleep(pause.toMillis());
      } catch (InterruptedException e) {
        continue; // told to end
      }
      try {
        copy();
        pause = PAUSE;
        if (away) {
          System.out.println("laurel train: the database is back");
        }
        away = false;
      } catch (SQLException | IOException | DatabaseException e) {
        if (!away) {
          System.out.println("laurel train: the database is away, training goes on: " + e);
        }
        away = true;
        pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        disconnect();
      }
    }
  }

  private void copy() throws SQLException, IOException {
    if (connection == null) {
      connection = DatabaseAddress.read(home).connect();
    }
    cancelRequested = record.copy(connection);
  }

  private void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // It was broken already.
      }
      connection = null;
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Tells the database the rest, once; if it is away the server reads the files later. */
  @Override
  public void close() throws InterruptedException {
    ending = true;
    thread.interrupt();
    thread.join();
    try {
      copy();
    } catch (SQLException | IOException | DatabaseException e) {
      System.out.println(
          "laurel train: the database is away, the server will read the files: " + e);
    }
    disconnect();
  }
}
