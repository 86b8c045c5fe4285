package org.laurel.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One figure of a run.
 *
 * @param step of the training, from 1
 * @param key as in TRL's logs, e.g. {@code objective/kl}
 * @param sequence the order in which figures became known; a figure that is learnt anew gets a new
 *     number
 */
public record Metric(long step, Instant time, String key, double value, @JsonIgnore long sequence) {

  /** The next figures after {@code sequence} in the order in which they became known. */
  static List<Metric> after(Connection connection, UUID run, long sequence, int limit)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select step, at, key, value, sequence from run_metric
             where run_id = ? and sequence > ? order by sequence limit ?
            """)) {
      select.setObject(1, run);
      select.setLong(2, sequence);
      select.setInt(3, limit);
      List<Metric> metrics = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          metrics.add(
              new Metric(
                  row.getLong(1),
                  row.getObject(2, OffsetDateTime.class).toInstant(),
                  row.getString(3),
                  row.getDouble(4),
                  row.getLong(5)));
        }
      }
      return metrics;
    }
  }
}
