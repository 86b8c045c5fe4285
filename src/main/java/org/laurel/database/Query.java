package org.laurel.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A select by plain JDBC, for rows that are many or belong to no entity.
 *
 * @param parameters what stands in it for question marks
 */
public record Query(String sql, List<@Nullable Object> parameters) {

  public static Query of(String sql, @Nullable Object... parameters) {
    return new Query(sql, Arrays.asList(parameters));
  }

  /** What is made of one row. */
  public interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /**
   * All rows, read at once.
   *
   * @throws IllegalStateException if the database does not give them
   */
  public <T> List<T> rows(DataSource database, Reader<T> reader) {
    List<T> rows = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      int place = 0;
      for (Object parameter : parameters) {
        select.setObject(++place, parameter);
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(reader.read(row));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the database did not answer: " + sql, e);
    }
    return rows;
  }
}
