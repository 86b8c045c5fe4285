package org.laurel.run;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A run's figures for those who read them all, and for those who follow them as they come. */
@ApplicationScoped
class MetricFeed {
  private static final int PIECE = 2000;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final DataSource database;

  @Inject
  MetricFeed(DataSource database) {
    this.database = database;
  }

  /** What one look at the database found; {@code ended} once nothing more will come. */
  record Look(List<Metric> metrics, Progress progress, boolean ended) {}

  /** How far the run is. */
  record Progress(String status, long step, @Nullable Long totalSteps, @Nullable String error) {}

  /**
   * Writes every figure known now as NDJSON, a piece at a time; whoever reads slowly holds no
   * connection meanwhile.
   */
  void write(UUID run, OutputStream out, LineWriter line) throws IOException {
    long sequence = 0;
    List<Metric> piece = after(run, sequence);
    while (!piece.isEmpty()) {
      for (Metric metric : piece) {
        out.write((line.write(metric) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      sequence = piece.get(piece.size() - 1).sequence();
      piece = after(run, sequence);
    }
  }

  private List<Metric> after(UUID run, long sequence) throws IOException {
    try (Connection connection = database.getConnection()) {
      return Metric.after(connection, run, sequence, PIECE);
    } catch (SQLException e) {
      throw new IOException("cannot read the figures of run " + run, e);
    }
  }

  /** A figure as JSON. */
  interface LineWriter {
    String write(Metric metric) throws IOException;
  }

  /**
   * Looks once a second for what came after {@code sequence}, until the run has ended and
   * everything was seen.
   */
  Multi<Look> follow(UUID run, long sequence) {
    AtomicLong seen = new AtomicLong(sequence);
    return Multi.createBy()
        .repeating()
        .uni(
            () ->
                Uni.createFrom()
                    .item(() -> look(run, seen))
                    .runSubscriptionOn(Infrastructure.getDefaultWorkerPool()))
        .withDelay(PAUSE)
        .whilst(look -> !look.ended());
  }

  private Look look(UUID run, AtomicLong seen) {
    try (Connection connection = database.getConnection()) {
      // The status first: what it says has ended wrote its last figure before.
      Progress progress = progress(connection, run);
      List<Metric> metrics = Metric.after(connection, run, seen.get(), PIECE);
      if (!metrics.isEmpty()) {
        seen.set(metrics.get(metrics.size() - 1).sequence());
      }
      boolean ended =
          metrics.size() < PIECE
              && !progress.status().equals("running")
              && !progress.status().equals("queued");
      return new Look(metrics, progress, ended);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot follow run " + run, e);
    }
  }

  private static Progress progress(Connection connection, UUID run) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select status, step, total_steps, error from run where id = ?")) {
      select.setObject(1, run);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return new Progress("failed", 0, null, "the run is gone");
        }
        return new Progress(
            row.getString(1), row.getLong(2), row.getObject(3, Long.class), row.getString(4));
      }
    }
  }
}
