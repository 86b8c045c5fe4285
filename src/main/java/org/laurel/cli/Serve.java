package org.laurel.cli;

import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.laurel.database.DatabaseAddress;
import org.laurel.database.EmbeddedDatabase;
import org.laurel.database.ExternalDatabase;
import org.laurel.database.Home;
import picocli.CommandLine.Command;

/** Starts the database, then the web application, and stops them in the opposite order. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Start the server (the default).")
public final class Serve implements Callable<Integer> {
  /** Quarkus ends the process itself, with its own status. */
  static final int LEAVE_TO_QUARKUS = -1;

  @Override
  public Integer call() {
    Path home = Home.locate();
    Home.Lock lock = Home.lock(home);
    DatabaseAddress database = database(home);
    database.store(home);
    System.setProperty("laurel.home", home.toString());
    System.setProperty("laurel.db.url", database.url());
    System.setProperty("laurel.db.user", database.user());
    System.setProperty("laurel.db.password", database.password());
    Quarkus.run();
    lock.close();
    return LEAVE_TO_QUARKUS;
  }

  private static DatabaseAddress database(Path home) {
    String url = setting("db.url");
    if (url != null) {
      String user = setting("db.user");
      String password = setting("db.password");
      return ExternalDatabase.check(
          new DatabaseAddress(url, user == null ? "" : user, password == null ? "" : password));
    }
    String port = setting("db.port");
    EmbeddedDatabase embedded =
        EmbeddedDatabase.start(home, port == null ? null : Integer.valueOf(port));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(embedded), "stop-database"));
    return embedded.address();
  }

  /**
   * Hooks run side by side, so this one waits until the application has let go of its connections.
   */
  private static void stop(EmbeddedDatabase embedded) {
    Application application = Application.currentApplication();
    if (application != null) {
      application.awaitShutdown();
    }
    embedded.close();
  }

  private static @Nullable String setting(String name) {
    String property = System.getProperty("laurel." + name);
    String value =
        property != null
            ? property
            : System.getenv("LAUREL_" + name.replace('.', '_').toUpperCase(Locale.ROOT));
    return value == null || value.isBlank() ? null : value;
  }
}
