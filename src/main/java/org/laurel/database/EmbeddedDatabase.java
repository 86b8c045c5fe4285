package org.laurel.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of Laurel's own in {@code LAUREL_HOME/postgres}: listens on the loopback interface
 * alone, asks for a generated password, and keeps what it acknowledged.
 *
 * <p>It outlives a killed Laurel. The next start finds it by its pid file and adopts it if it is
 * this folder's server with the right settings; otherwise it is stopped and started anew.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(EmbeddedDatabase.class);
  private static final String LOOPBACK = "127.0.0.1";
  private static final String USER = "laurel";
  private static final String NAME = "laurel";

  /** Below the ports that systems give to outgoing connections. */
  private static final int FIRST_PORT = 15432;

  private static final int PORTS = 200;

  /** How the folders begin that {@code initdb} has not finished. */
  private static final String UNFINISHED = "initialising-";

  private final PostgresPrograms programs;
  private final Path data;
  private final DatabaseAddress address;

  private EmbeddedDatabase(PostgresPrograms programs, Path data, DatabaseAddress address) {
    this.programs = programs;
    this.data = data;
    this.address = address;
  }

  public DatabaseAddress address() {
    return address;
  }

  /**
   * @param home LAUREL_HOME, locked by the caller
   * @param port the port to listen on; null keeps the one used before, at first the first free from
   *     15432
   * @throws DatabaseException if it cannot be started, or its port belongs to another program
   */
  public static EmbeddedDatabase start(Path home, @Nullable Integer port) {
    Path postgres = home.resolve("postgres");
    try {
      Home.createPrivate(postgres);
      PostgresBinaries.removeUnfinished(postgres);
      removeUnfinished(postgres);
      PostgresPrograms programs = new PostgresPrograms(PostgresBinaries.unpack(postgres));
      Path data = postgres.resolve("data");
      String password = password(postgres);
      if (!Files.exists(data.resolve("PG_VERSION"))) {
        initialise(programs, postgres, data);
      }
      int chosen = port != null ? port : port(postgres);
      EmbeddedDatabase database = new EmbeddedDatabase(programs, data, address(chosen, password));
      if (!database.adopt(chosen)) {
        requireFree(chosen);
        database.launch(chosen, postgres.resolve("server.log"));
        database.prepare();
      }
      return database;
    } catch (IOException | SQLException e) {
      throw new DatabaseException(
          "the embedded PostgreSQL does not start (%s); its log is %s"
              .formatted(e.getMessage(), postgres.resolve("server.log")),
          e);
    }
  }

  /** Ends sessions and stops the server; what was committed is on disk. */
  @Override
  public void close() {
    try {
      stop();
    } catch (IOException e) {
      throw new DatabaseException("the embedded PostgreSQL does not stop: " + e.getMessage(), e);
    }
  }

  private boolean adopt(int port) throws IOException {
    Optional<Postmaster> leftOver = Postmaster.of(data);
    if (leftOver.isEmpty()) {
      return false;
    }
    long pid = leftOver.get().pid();
    if (leftOver.get().port() == port && isOurs()) {
      LOG.infof("adopted the PostgreSQL (process %d) that an interrupted Laurel left running", pid);
      return true;
    }
    LOG.warnf("stopping the PostgreSQL (process %d) that an interrupted Laurel left running", pid);
    stop();
    return false;
  }

  private boolean isOurs() {
    try (Connection connection = address.connect()) {
      Path served = Path.of(Durability.show(connection, "data_directory"));
      Durability.check(connection);
      return Files.isSameFile(served, data);
    } catch (SQLException | IOException | DatabaseException e) {
      LOG.warnf("the left-over PostgreSQL is not fit to be adopted: %s", e.getMessage());
      return false;
    }
  }

  private void launch(int port, Path log) throws IOException {
    StringBuilder options = new StringBuilder();
    for (String setting : Durability.SETTINGS) {
      options.append("-c ").append(setting).append("=on ");
    }
    options.append("-c listen_addresses=").append(LOOPBACK);
    options.append(" -c port=").append(port);
    options.append(" -c unix_socket_directories= -c max_connections=100 -c shared_buffers=128MB");
    run(
        "pg_ctl",
        "start",
        "-w",
        "-t",
        "90",
        "-D",
        data.toString(),
        "-l",
        log.toString(),
        "-o",
        options.toString());
  }

  private void prepare() throws SQLException {
    DatabaseAddress maintenance =
        new DatabaseAddress(
            address.url().replace("/" + NAME, "/postgres"), address.user(), address.password());
    try (Connection connection = maintenance.connect();
        var statement = connection.createStatement()) {
      boolean exists;
      try (var row =
          statement.executeQuery("select 1 from pg_database where datname = '" + NAME + "'")) {
        exists = row.next();
      }
      if (!exists) {
        statement.execute("create database " + NAME);
      }
      Durability.check(connection);
    }
  }

  private void stop() throws IOException {
    if (Postmaster.of(data).isPresent()) {
      run("pg_ctl", "stop", "-w", "-t", "60", "-m", "fast", "-D", data.toString());
    }
  }

  private void run(String program, String... arguments) throws IOException {
    PostgresPrograms.Outcome outcome = programs.run(program, arguments);
    if (outcome.status() != 0) {
      throw new IOException(outcome.output().strip().replaceAll("\\s*\\n\\s*", "; "));
    }
  }

  /**
   * Elsewhere first, in a folder of a name of its own: an interrupted {@code initdb} leaves what
   * cannot be started, and one that outlives its Laurel goes on writing.
   */
  private static void initialise(PostgresPrograms programs, Path postgres, Path data)
      throws IOException {
    Path unfinished = Files.createTempDirectory(postgres, UNFINISHED);
    PostgresPrograms.Outcome outcome =
        programs.run(
            "initdb",
            "-D",
            unfinished.toString(),
            "-U",
            USER,
            "--pwfile=" + postgres.resolve("password"),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions");
    if (outcome.status() != 0) {
      throw new IOException(outcome.output().strip().replaceAll("\\s*\\n\\s*", "; "));
    }
    Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What is still being written to stays till the next start. */
  private static void removeUnfinished(Path postgres) throws IOException {
    try (var folders = Files.newDirectoryStream(postgres, UNFINISHED + "*")) {
      folders.forEach(folder -> FileUtils.deleteQuietly(folder.toFile()));
    }
  }

  private static String password(Path postgres) throws IOException {
    Path file = postgres.resolve("password");
    if (!Files.exists(file)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      Path written =
          Files.createTempFile(postgres, "password", ".new", DatabaseAddress.ownerOnly(postgres));
      Files.writeString(written, HexFormat.of().formatHex(random));
      Files.move(written, file);
    }
    return Files.readString(file).strip();
  }

  private static int port(Path postgres) throws IOException {
    Path file = postgres.resolve("port");
    if (Files.exists(file)) {
      return Integer.parseInt(Files.readString(file).strip());
    }
    for (int port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
      if (isFree(port)) {
        Files.writeString(file, Integer.toString(port));
        return port;
      }
    }
    throw new DatabaseException(
        "no free port from %d on for the embedded PostgreSQL; name one by LAUREL_DB_PORT"
            .formatted(FIRST_PORT));
  }

  private static void requireFree(int port) {
    if (!isFree(port)) {
      throw new DatabaseException(
          "port %d, the embedded PostgreSQL's, is held by another program; stop it, or name another port by LAUREL_DB_PORT"
              .formatted(port));
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static DatabaseAddress address(int port, String password) {
    return new DatabaseAddress(
        "jdbc:postgresql://" + LOOPBACK + ":" + port + "/" + NAME, USER, password);
  }
}
