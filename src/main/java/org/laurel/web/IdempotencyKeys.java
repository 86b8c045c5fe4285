package org.laurel.web;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.laurel.database.Servers;

/**
 * The keys that were used, and the answers given under them, for a day. The primary key of the
 * table lets one of several simultaneous requests with the same key be the first.
 */
@ApplicationScoped
class IdempotencyKeys {
  private final DataSource database;
  private final Servers servers;

  @Inject
  IdempotencyKeys(DataSource database, Servers servers) {
    this.database = database;
    this.servers = servers;
  }

  /** A key as one account uses it, and what it was used for. */
  record Use(UUID account, String key, String method, String path, byte[] bodyHash) {
    boolean isSameRequest(Use other) {
      return method.equals(other.method)
          && path.equals(other.path)
          && Arrays.equals(bodyHash, other.bodyHash);
    }
  }

  record Answer(
      int status,
      @Nullable String contentType,
      @Nullable String location,
      byte @Nullable [] body) {}

  /**
   * @param answer null while the first request is still being answered
   */
  record Earlier(Use use, @Nullable Answer answer) {}

  /** True if this use is the first. */
  boolean claim(Use use) {
    return update(
            "insert into idempotency_key (account_id, key, method, path, body_hash) values (?, ?, ?, ?, ?)"
                + " on conflict do nothing",
            use.account(),
            use.key(),
            use.method(),
            use.path(),
            use.bodyHash())
        == 1;
  }

  /** Null if it was given up in the meantime. */
  @Nullable Earlier earlier(UUID account, String key) {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select method, path, body_hash, status, content_type, location, response"
                    + " from idempotency_key where account_id = ? and key = ?")) {
      select.setObject(1, account);
      select.setString(2, key);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        Use use = new Use(account, key, row.getString(1), row.getString(2), row.getBytes(3));
        int status = row.getInt(4);
        return new Earlier(
            use,
            row.wasNull()
                ? null
                : new Answer(status, row.getString(5), row.getString(6), row.getBytes(7)));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the idempotency key", e);
    }
  }

  void keep(Use use, Answer answer) {
    update(
        "update idempotency_key set status = ?, content_type = ?, location = ?, response = ?"
            + " where account_id = ? and key = ?",
        answer.status(),
        answer.contentType(),
        answer.location(),
        answer.body(),
        use.account(),
        use.key());
  }

  /** The request failed on our side, or its answer cannot be kept: the key may be used again. */
  void giveUp(Use use) {
    update(
        "delete from idempotency_key where account_id = ? and key = ? and status is null",
        use.account(),
        use.key());
  }

  /** What a killed server was answering will never be answered; what another one is will be. */
  void forgetInterrupted(@Observes StartupEvent start) {
    servers.arrive(() -> update("delete from idempotency_key where status is null"));
  }

  @Scheduled(every = "1h", delayed = "10m")
  void forgetOld() {
    int forgotten =
        update("delete from idempotency_key where created_at < now() - interval '1 day'");
    Log.debugf("forgot %d idempotency keys", forgotten);
  }

  private int update(String sql, @Nullable Object... parameters) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot write the idempotency key", e);
    }
  }
}
