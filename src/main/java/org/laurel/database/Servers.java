package org.laurel.database;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Whether other servers work with the same database. Each holds a shared advisory lock on a
 * connection of its own for as long as it runs, which PostgreSQL takes from a server that was
 * killed.
 */
@ApplicationScoped
public class Servers {
  private final DataSource database;
  private @Nullable Connection presence;

  @Inject
  public Servers(DataSource database) {
    this.database = database;
  }

  /**
   * This server is there from now on.
   *
   * @param ifAlone what to do before that if no other one is
   */
  public synchronized void arrive(Runnable ifAlone) {
    try {
      Connection connection = database.getConnection();
      if (call(connection, "pg_try_advisory_lock")) {
        try {
          ifAlone.run();
        } finally {
          call(connection, "pg_advisory_lock_shared");
          call(connection, "pg_advisory_unlock");
        }
      } else {
        call(connection, "pg_advisory_lock_shared");
      }
      presence = connection;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot tell whether other servers are there", e);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    leave();
  }

  public synchronized void leave() {
    if (presence == null) {
      return;
    }
    try (Connection connection = presence) {
      presence = null;
      call(connection, "pg_advisory_unlock_shared");
    } catch (SQLException e) {
      throw new IllegalStateException("cannot leave the database", e);
    }
  }

  /** True also of a function without a result: it came back. */
  private static boolean call(Connection connection, String function) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "select " + function + "(hashtextextended('laurel servers', 0))");
        var rows = statement.executeQuery()) {
      rows.next();
      return !(rows.getObject(1) instanceof Boolean did) || did;
    }
  }
}
