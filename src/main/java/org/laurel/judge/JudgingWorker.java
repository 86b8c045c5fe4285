package org.laurel.judge;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Runs judgings one after the other in a thread of its own. As with samplings, an advisory lock of
 * PostgreSQL keeps each to one server, and frees it when that server dies.
 */
@ApplicationScoped
class JudgingWorker {
  private static final Logger LOG = Logger.getLogger(JudgingWorker.class);

  /** How long a judging that another server dropped waits at most. */
  private static final long LOOK_SECONDS = 5;

  private final DataSource database;
  private final JudgingJob job;
  private final TransactionSynchronizationRegistry transactions;
  private final Semaphore news = new Semaphore(0);
  private final Thread thread = new Thread(this::work, "judging");

  @Inject
  JudgingWorker(
      DataSource database, JudgingJob job, TransactionSynchronizationRegistry transactions) {
    this.database = database;
    this.job = job;
    this.transactions = transactions;
    thread.setDaemon(true);
  }

  void start(@Observes StartupEvent event) {
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    thread.interrupt();
    thread.join(TimeUnit.SECONDS.toMillis(10));
  }

  /** Says that there is something to do once the running transaction is committed. */
  void wakeAfterCommit() {
    transactions.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            news.release();
          }
        });
  }

  private void work() {
    try {
      while (true) {
        if (!runOne()) {
          news.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS);
          news.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the server stops; a judging under way goes on at the next start");
    }
  }

  /** Whether there was a judging that is nobody else's. */
  private boolean runOne() throws InterruptedException {
    try (Connection connection = database.getConnection()) {
      for (UUID id : waiting(connection)) {
        if (lock(connection, "pg_try_advisory_lock", id)) {
          try {
            // it may have ended between the look and the lock
            if (waiting(connection).contains(id)) {
              job.run(id);
              return true;
            }
          } finally {
            lock(connection, "pg_advisory_unlock", id);
          }
        }
      }
    } catch (SQLException e) {
      LOG.warnf("judgings wait for the database: %s", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a judging could not be run", e);
    }
    return false;
  }

  private static List<UUID> waiting(Connection connection) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    try (PreparedStatement statement =
            connection.prepareStatement(
                "select id from judging where status in ('queued', 'running')"
                    + " order by created_at");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getObject(1, UUID.class));
      }
    }
    return ids;
  }

  private static boolean lock(Connection connection, String function, UUID id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select " + function + "(hashtextextended(?, 0))")) {
      statement.setString(1, "judging " + id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }
}
