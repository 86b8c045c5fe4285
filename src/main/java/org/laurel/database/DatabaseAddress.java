package org.laurel.database;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;

/**
 * How to reach the database. The server leaves it in {@code LAUREL_HOME/database.properties},
 * readable by its owner alone, so that training processes find the database again after the server
 * was restarted.
 */
public record DatabaseAddress(String url, String user, String password) {
  private static final String FILE = "database.properties";

  /**
   * @throws SQLException if the database does not answer or refuses the password
   */
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("tcpKeepAlive", "true");
    return DriverManager.getConnection(url, properties);
  }

  /** The address that the last server of this home left. */
  public static DatabaseAddress read(Path home) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve(FILE))) {
      properties.load(reader);
    } catch (IOException e) {
      throw new DatabaseException(
          "no database is known in " + home + ": start the server first", e);
    }
    return new DatabaseAddress(
        properties.getProperty("url", ""),
        properties.getProperty("user", ""),
        properties.getProperty("password", ""));
  }

  /** Written whole or not at all: a training process may be reading. */
  public void store(Path home) {
    Properties properties = new Properties();
    properties.setProperty("url", url);
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    try {
      Path written = Files.createTempFile(home, FILE, ".new", ownerOnly(home));
      try (Writer writer = Files.newBufferedWriter(written)) {
        properties.store(writer, "How Laurel's processes reach the database. Keep it private.");
      }
      Files.move(
          written,
          home.resolve(FILE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new DatabaseException("cannot write " + home.resolve(FILE) + ": " + e, e);
    }
  }

  static FileAttribute<?>[] ownerOnly(Path folder) {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-------");
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }

  @Override
  public String toString() {
    return url + " as " + user;
  }
}
