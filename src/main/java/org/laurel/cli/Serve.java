package org.laurel.cli;

import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.util.ExceptionUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.laurel.database.DatabaseAddress;
import org.laurel.database.EmbeddedDatabase;
import org.laurel.database.ExternalDatabase;
import org.laurel.database.Home;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts the database, then the web application, and stops them in the opposite order. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Start the server (the default).")
public final class Serve implements Callable<Integer> {
  /** Quarkus ends the process itself, with its own status. */
  static final int LEAVE_TO_QUARKUS = -1;

  @Spec private CommandSpec spec;

  /** What {@code laurel} alone does. */
  static Serve as(CommandSpec laurel) {
    Serve serve = new Serve();
    serve.spec = laurel;
    return serve;
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = checked();
    Path home = Home.locate();
    Home.Lock lock = Home.lock(home);
    settings.requirePort();
    DatabaseAddress database = database(home, settings);
    database.store(home);
    System.setProperty("laurel.home", home.toString());
    System.setProperty("laurel.db.url", database.url());
    System.setProperty("laurel.db.user", database.user());
    System.setProperty("laurel.db.password", database.password());
    Quarkus.run(null, this::ended);
    lock.close();
    return LEAVE_TO_QUARKUS;
  }

  private Settings checked() {
    Settings settings = Settings.ofEnvironment();
    try {
      settings.check();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return settings;
  }

  /** In place of Quarkus' own handler, which logs the trace of what stopped a start. */
  private void ended(int status, @Nullable Throwable failure) {
    if (failure != null) {
      Laurel.failure(ExceptionUtil.getRootCause(failure), spec.commandLine());
    }
    System.exit(status);
  }

  private static DatabaseAddress database(Path home, Settings settings) {
    Optional<String> url = settings.text("laurel.db.url");
    if (url.isPresent()) {
      String user = settings.text("laurel.db.user").orElse("");
      String password = settings.text("laurel.db.password").orElse("");
      return ExternalDatabase.check(new DatabaseAddress(url.get(), user, password));
    }
    EmbeddedDatabase embedded = EmbeddedDatabase.start(home, settings.databasePort().orElse(null));
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
}
