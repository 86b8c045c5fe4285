package org.laurel.database;

import java.sql.Connection;
import java.sql.SQLException;

/** A PostgreSQL that somebody else runs, given by LAUREL_DB_URL. */
public final class ExternalDatabase {
  private static final int OLDEST = 14;

  private ExternalDatabase() {}

  /**
   * @param address {@code postgresql://} is accepted for {@code jdbc:postgresql://}
   * @throws DatabaseException if it does not answer, or is older than PostgreSQL 14
   */
  public static DatabaseAddress check(DatabaseAddress address) {
    String url = address.url().startsWith("jdbc:") ? address.url() : "jdbc:" + address.url();
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new DatabaseException("LAUREL_DB_URL must begin with jdbc:postgresql://");
    }
    DatabaseAddress database = new DatabaseAddress(url, address.user(), address.password());
    try (Connection connection = database.connect()) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST) {
        throw new DatabaseException(
            "the database is PostgreSQL %d; Laurel needs %d or newer".formatted(version, OLDEST));
      }
      return database;
    } catch (SQLException e) {
      throw new DatabaseException(
          "the database of LAUREL_DB_URL does not answer: " + e.getMessage(), e);
    }
  }
}
