package org.laurel.database;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * One embedded PostgreSQL for all {@code @QuarkusTest} classes of a run, with a fresh database and
 * a fresh LAUREL_HOME. Found through META-INF/services, so no test has to name it. Tests share it:
 * make your own project and accounts.
 */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {
  /** In system properties, for this class is loaded once for each class loader of Quarkus. */
  private static final String HOME = "laurel.test.home";

  @Override
  public Map<String, String> start() {
    try {
      DatabaseAddress database = database();
      return Map.of(
          "laurel.home", System.getProperty(HOME, ""),
          "laurel.db.url", database.url(),
          "laurel.db.user", database.user(),
          "laurel.db.password", database.password());
    } catch (IOException e) {
      throw new DatabaseException("no database for tests: " + e, e);
    }
  }

  private static DatabaseAddress database() throws IOException {
    String known = System.getProperty(HOME);
    if (known != null) {
      return DatabaseAddress.read(Path.of(known));
    }
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "laurel-test-");
    EmbeddedDatabase database = EmbeddedDatabase.start(home, FreePort.find());
    database.address().store(home);
    Runtime.getRuntime().addShutdownHook(new Thread(database::close));
    System.setProperty(HOME, home.toString());
    return database.address();
  }

  /** The server stays for the classes that follow; the shutdown hook ends it. */
  @Override
  public void stop() {}
}
