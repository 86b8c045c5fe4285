package org.laurel.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * An acknowledged vote must outlive a power cut: the settings that make it so, asked of the server
 * itself.
 */
final class Durability {
  static final List<String> SETTINGS = List.of("fsync", "synchronous_commit", "full_page_writes");

  private Durability() {}

  static void check(Connection connection) throws SQLException {
    for (String setting : SETTINGS) {
      String value = show(connection, setting);
      if (!value.equals("on")) {
        throw new DatabaseException(
            "the database may lose acknowledged votes: %s is %s, must be on"
                .formatted(setting, value));
      }
    }
  }

  static String show(Connection connection, String setting) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show " + setting)) {
      row.next();
      return row.getString(1);
    }
  }
}
