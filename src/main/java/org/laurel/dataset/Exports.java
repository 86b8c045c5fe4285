package org.laurel.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** A project's data in other trainers' formats: one state of the database, a row at a time. */
@ApplicationScoped
public class Exports {
  private final DataSource database;

  @Inject
  Exports(DataSource database) {
    this.database = database;
  }

  /**
   * Writes the project's rows by people, judges or both to {@code out} and closes it. Memory stays
   * the same whatever the size; votes that arrive while it writes are left out.
   *
   * @return how many rows were written
   */
  public long write(
      UUID project, ExportFormat format, VotesOf votes, FileType type, OutputStream out)
      throws IOException {
    try (RowWriter writer = type.writer(format, out)) {
      return each(project, format, votes, writer);
    }
  }

  private long each(UUID project, ExportFormat format, VotesOf votes, RowWriter writer)
      throws IOException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false); // or the driver would fetch every row at once
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try {
        return rows(connection, project, format, votes, writer);
      } finally {
        connection.rollback();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      }
    } catch (SQLException e) {
      throw new IOException("cannot read the project's rankings", e);
    }
  }

  private static long rows(
      Connection connection, UUID project, ExportFormat format, VotesOf votes, RowWriter writer)
      throws SQLException, IOException {
    long count = 0;
    for (Part part : parts(format, votes)) {
      try (PreparedStatement select = select(connection, part.statement(), project);
          ResultSet result = select.executeQuery()) {
        while (result.next()) {
          for (ObjectNode row : part.reader().rows(result)) {
            writer.write(row);
            count++;
          }
        }
      }
    }
    return count;
  }

  private interface Reader {
    /** What the row of the database that it stands at gives. */
    List<ObjectNode> rows(ResultSet row) throws SQLException;
  }

  private record Part(String statement, Reader reader) {}

  /** What goes into the file, in its order. */
  private static List<Part> parts(ExportFormat format, VotesOf votes) {
    List<Part> parts = new ArrayList<>();
    if (votes.people() && format.readsDemonstrations()) {
      parts.add(new Part(format.demonstrations(), row -> format.rows(DemonstrationRow.read(row))));
    }
    if (votes.people() && format.readsThumbs()) {
      parts.add(new Part(ThumbRow.OF_PROJECT, row -> format.rows(ThumbRow.read(row))));
    }
    Reader rankings = row -> format.rows(RankingRow.read(row));
    if (votes.people() && format.readsRankings()) {
      format.statements().forEach(statement -> parts.add(new Part(statement, rankings)));
    }
    if (votes.ai() && format.readsRankings()) {
      parts.add(new Part(RankingRow.AI_OF_PROJECT, rankings));
    }
    return parts;
  }

  private static PreparedStatement select(Connection connection, String sql, UUID project)
      throws SQLException {
    PreparedStatement select = connection.prepareStatement(sql);
    select.setFetchSize(200);
    select.setObject(1, project);
    return select;
  }
}
