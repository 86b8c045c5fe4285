package org.laurel.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Copies what a run directory tells into the database: figures, sample completions, progress and
 * heartbeat. The files are the truth and every copy may be repeated, so nothing is lost while the
 * database is away, and nothing doubled.
 */
public final class RunRecord {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCH = 1000;

  private final UUID run;
  private final RunFolder folder;
  private long metricsRead;
  private long samplesRead;

  public RunRecord(UUID run, RunFolder folder) {
    this.run = run;
    this.folder = folder;
  }

  /**
   * Copies what is new since this object's last copy.
   *
   * @return whether somebody asked for the end of the run
   */
  public boolean copy(Connection connection) throws SQLException, IOException {
    connection.setAutoCommit(false);
    try {
      long metrics = copyMetrics(connection, metricsRead);
      long samples = copySamples(connection, samplesRead);
      boolean cancel = beat(connection);
      connection.commit();
      metricsRead = metrics;
      samplesRead = samples;
      return cancel;
    } catch (SQLException | IOException e) {
      rollback(connection, e);
      throw e;
    }
  }

  private long copyMetrics(Connection connection, long from) throws SQLException, IOException {
    Lines lines = Lines.read(folder.metrics(), from);
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into run_metric (run_id, key, step, value, at) values (?, ?, ?, ?, ?)
            on conflict (run_id, key, step) do update
               set value = excluded.value, at = excluded.at, sequence = default
             where (run_metric.value, run_metric.at) is distinct from (excluded.value, excluded.at)
            """)) {
      int waiting = 0;
      for (JsonNode line : lines.values()) {
        insert.setObject(1, run);
        insert.setString(2, line.path("key").asText());
        insert.setLong(3, line.path("step").asLong());
        insert.setDouble(4, line.path("value").asDouble());
        insert.setObject(5, OffsetDateTime.parse(line.path("time").asText()));
        insert.addBatch();
        if (++waiting % BATCH == 0) {
          insert.executeBatch();
        }
      }
      insert.executeBatch();
    }
    return lines.end();
  }

  private long copySamples(Connection connection, long from) throws SQLException, IOException {
    Lines lines = Lines.read(folder.samples(), from);
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into run_sample (run_id, step, ordinal, prompt, completion, score)
            values (?, ?, ?, ?, ?, ?)
            on conflict (run_id, step, ordinal) do update
               set prompt = excluded.prompt, completion = excluded.completion, score = excluded.score
            """)) {
      for (JsonNode line : lines.values()) {
        insert.setObject(1, run);
        insert.setLong(2, line.path("step").asLong());
        insert.setInt(3, line.path("ordinal").asInt());
        insert.setString(4, storable(line.path("prompt").asText()));
        insert.setString(5, storable(line.path("completion").asText()));
        insert.setObject(6, line.path("score").isNumber() ? line.path("score").asDouble() : null);
        insert.addBatch();
      }
      insert.executeBatch();
    }
    return lines.end();
  }

  private boolean beat(Connection connection) throws SQLException {
    JsonNode status = folder.status();
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            update run set heartbeat_at = now(), step = coalesce(?, step),
                   total_steps = coalesce(?, total_steps), stop_reason = ?
             where id = ? returning cancel_requested
            """)) {
      update.setObject(1, status.path("step").isNumber() ? status.path("step").asLong() : null);
      update.setObject(
          2, status.path("totalSteps").isNumber() ? status.path("totalSteps").asLong() : null);
      update.setString(3, status.path("stopReason").textValue());
      update.setObject(4, run);
      try (ResultSet row = update.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /** PostgreSQL's text holds every character but this one, which a policy may well write. */
  private static String storable(String text) {
    return text.replace('\0', '\uFFFD');
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * The whole lines of a file from some byte on, and the byte after them; a line still being
   * written waits.
   */
  private record Lines(List<JsonNode> values, long end) {
    static Lines read(Path path, long from) throws IOException {
      if (!Files.exists(path)) {
        return new Lines(List.of(), from);
      }
      byte[] bytes;
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
        // A resumed run may have cut the file back to its checkpoint: then everything is read
        // again.
        long start = file.length() < from ? 0 : from;
        bytes = new byte[Math.toIntExact(Math.min(file.length() - start, 64 << 20))];
        file.seek(start);
        file.readFully(bytes);
        from = start;
      }
      List<JsonNode> values = new ArrayList<>();
      int begin = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          String line = new String(bytes, begin, i - begin, StandardCharsets.UTF_8);
          if (!line.isBlank()) {
            values.add(JSON.readTree(line));
          }
          begin = i + 1;
        }
      }
      return new Lines(values, from + begin);
    }
  }
}
