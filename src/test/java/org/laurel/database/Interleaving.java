package org.laurel.database;

import io.quarkus.arc.Arc;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/** Transactions in an order that a test chooses. */
public final class Interleaving {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Interleaving() {}

  /**
   * Does {@code first}, and {@code second} in another thread before the first is committed: that
   * happens once so many transactions wait for locks, or the second has ended.
   *
   * @return what {@code second} returned
   */
  public static <T> T beforeCommit(Runnable first, int waiting, Callable<T> second)
      throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<T> ending =
          QuarkusTransaction.requiringNew()
              .call(
                  () -> {
                    first.run();
                    Future<T> begun = other.submit(second);
                    await(() -> begun.isDone() || waiting() >= waiting);
                    return begun;
                  });
      return ending.get();
    } finally {
      other.shutdownNow();
    }
  }

  /** Returns once a transaction waits for a lock. */
  public static void awaitWaiting() {
    await(() -> waiting() > 0);
  }

  public static void await(BooleanSupplier condition) {
    Instant late = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(late)) {
        throw new AssertionError("what was waited for did not happen");
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** In a transaction of its own, for what waits is read once a transaction. */
  private static int waiting() {
    return QuarkusTransaction.requiringNew().call(Interleaving::count);
  }

  private static int count() {
    DataSource database = Arc.container().instance(DataSource.class).get();
    try (Connection connection = database.getConnection();
        Statement select = connection.createStatement();
        ResultSet row =
            select.executeQuery(
                "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and cardinality(pg_blocking_pids(pid)) > 0")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
