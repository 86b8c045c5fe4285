package org.laurel.database;

import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Does the work that rows of a table stand for, one after the other in a thread of its own, from
 * the oldest that is queued or running. Which server works at which row is kept by an advisory lock
 * of PostgreSQL: it goes away with the connection, so a row whose server died is free at once, and
 * two servers never do the same one.
 */
public final class WaitingRows {
  private static final Logger LOG = Logger.getLogger(WaitingRows.class);

  /** How long a row that another server dropped waits at most. */
  private static final long LOOK_SECONDS = 5;

  private final String table;
  private final DataSource database;
  private final TransactionSynchronizationRegistry transactions;
  private final Work work;
  private final WorkThread thread;

  /** What is to be done about one row; ends its status, or returns early when interrupted. */
  public interface Work {
    void run(UUID id) throws InterruptedException;
  }

  /**
   * @param table of this program, with id, status and created_at; also the thread's name
   */
  public WaitingRows(
      String table,
      DataSource database,
      TransactionSynchronizationRegistry transactions,
      Work work) {
    this.table = table;
    this.database = database;
    this.transactions = transactions;
    this.work = work;
    thread = new WorkThread(table, LOOK_SECONDS, this::runOne);
  }

  public void start() {
    thread.start();
  }

  /** Interrupts what is under way; it goes on at the next start. */
  public void stop() throws InterruptedException {
    thread.stop();
  }

  /** Says that there is something to do once the running transaction is committed. */
  public void wakeAfterCommit() {
    transactions.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            thread.wake();
          }
        });
  }

  /** Whether there was a row that is nobody else's. */
  private boolean runOne() throws InterruptedException {
    try (Connection connection = database.getConnection()) {
      for (UUID id : waiting(connection)) {
        if (lock(connection, "pg_try_advisory_lock", id)) {
          try {
            // it may have ended between the look and the lock
            if (waiting(connection).contains(id)) {
              work.run(id);
              return true;
            }
          } finally {
            lock(connection, "pg_advisory_unlock", id);
          }
        }
      }
    } catch (SQLException e) {
      LOG.warnf("rows of %s wait for the database: %s", table, e.getMessage());
    } catch (RuntimeException e) {
      LOG.errorf(e, "a %s could not be run", table);
    }
    return false;
  }

  private List<UUID> waiting(Connection connection) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    String select =
        "select id from " + table + " where status in ('queued', 'running') order by created_at";
    try (PreparedStatement statement = connection.prepareStatement(select);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getObject(1, UUID.class));
      }
    }
    return ids;
  }

  private boolean lock(Connection connection, String function, UUID id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select " + function + "(hashtextextended(?, 0))")) {
      statement.setString(1, table + " " + id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }
}
