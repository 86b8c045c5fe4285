package org.laurel.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
  @TempDir static Path home;
  private static int port;

  @BeforeAll
  static void unpack() throws Exception {
    port = FreePort.find();
    EmbeddedDatabase.start(home, port).close();
  }

  @AfterAll
  static void stop() {
    EmbeddedDatabase.start(home, port).close();
  }

  @Test
  void keepsWhatItAcknowledges() throws SQLException {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(home, port);
        Connection connection = database.address().connect()) {
      for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        assertThat(Durability.show(connection, setting)).as(setting).isEqualTo("on");
      }
      assertThat(Durability.show(connection, "server_encoding")).isEqualTo("UTF8");
      assertThat(Durability.show(connection, "listen_addresses")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void refusesAServerThatMayLoseVotes() throws SQLException {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(home, port);
        Connection connection = database.address().connect()) {
      connection.createStatement().execute("set synchronous_commit = off");

      assertThatThrownBy(() -> Durability.check(connection))
          .hasMessageContaining("synchronous_commit is off, must be on");
    }
  }

  @Test
  void asksForThePasswordThatOnlyTheOwnerCanRead() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(home, port)) {
      database.address().store(home);

      assertThatThrownBy(
              () -> DriverManager.getConnection(database.address().url(), "laurel", "guess"))
          .hasMessageContaining("password authentication failed");
      for (Path secret :
          List.of(home.resolve("database.properties"), home.resolve("postgres/password"))) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
            .isEqualTo("rw-------");
      }
      assertThat(DatabaseAddress.read(home)).isEqualTo(database.address());
    }
  }

  @Test
  void adoptsTheServerThatAKilledProcessLeft() throws Exception {
    Process killed = startInAnotherProcess();
    long leftOver = Postmaster.of(home.resolve("postgres/data")).orElseThrow().pid();
    killed.destroyForcibly().waitFor();

    try (EmbeddedDatabase database = EmbeddedDatabase.start(home, port);
        Connection connection = database.address().connect();
        var row = connection.createStatement().executeQuery("select note from acknowledged")) {
      assertThat(Postmaster.of(home.resolve("postgres/data")).orElseThrow().pid())
          .isEqualTo(leftOver);
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("kept");
    }
  }

  @Test
  void startsAfterAKillWhileTheDataWereInitialised(@TempDir Path fresh) throws Exception {
    Path postgres = Files.createDirectories(fresh.resolve("postgres"));
    Path programs = PostgresBinaries.unpack(home.resolve("postgres"));
    Files.createSymbolicLink(postgres.resolve(programs.getFileName()), programs);
    Process killed = inAnotherProcess(fresh);
    while (initialised(postgres).isEmpty()) {
      assertThat(killed.isAlive()).isTrue();
      Thread.sleep(5);
    }
    killed.descendants().forEach(ProcessHandle::destroyForcibly);
    killed.destroyForcibly().waitFor();
    assertThat(postgres.resolve("server.log")).as("killed before the first start").doesNotExist();

    try (EmbeddedDatabase database = EmbeddedDatabase.start(fresh, port);
        Connection connection = database.address().connect()) {
      Durability.check(connection);
      assertThat(initialised(postgres)).containsExactly(postgres.resolve("data"));
    }
  }

  @Test
  void stopsALeftOverServerThatIsNotDurable() throws Exception {
    PostgresPrograms programs =
        new PostgresPrograms(PostgresBinaries.unpack(home.resolve("postgres")));
    Path data = home.resolve("postgres/data");
    programs.run(
        "pg_ctl",
        "start",
        "-w",
        "-D",
        data.toString(),
        "-l",
        home.resolve("log").toString(),
        "-o",
        "-c fsync=off -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c port=" + port);
    long leftOver = Postmaster.of(data).orElseThrow().pid();

    try (EmbeddedDatabase database = EmbeddedDatabase.start(home, port);
        Connection connection = database.address().connect()) {
      assertThat(Durability.show(connection, "fsync")).isEqualTo("on");
      assertThat(Postmaster.of(data).orElseThrow().pid()).isNotEqualTo(leftOver);
    }
  }

  @Test
  void refusesAPortThatAnotherProgramHolds() throws Exception {
    try (ServerSocket foreign = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedDatabase.start(home, foreign.getLocalPort()))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("port " + foreign.getLocalPort())
          .hasMessageContaining("held by another program");
    }
  }

  @Test
  void aPidFileOfAnotherProgramDoesNotStopTheStart() throws Exception {
    Path data = home.resolve("postgres/data");
    Files.writeString(
        data.resolve("postmaster.pid"),
        ProcessHandle.current().pid() + "\n" + data + "\n1\n" + port + "\n");

    try (EmbeddedDatabase database = EmbeddedDatabase.start(home, port)) {
      assertThat(Postmaster.of(data).orElseThrow().pid())
          .isNotEqualTo(ProcessHandle.current().pid());
      assertThat(database.address().url()).contains(":" + port + "/");
    }
  }

  @Test
  void aPidFileOfAnotherUsersProgramIsLeftToPostgres() throws Exception {
    Path data = home.resolve("postgres/data");
    Path file = data.resolve("postmaster.pid");
    ProcessHandle foreign = foreignProcess();
    try {
      Files.writeString(file, foreign.pid() + "\n" + data + "\n1\n" + port + "\n");

      assertThat(Postmaster.of(data)).isEmpty();
      assertThat(file).exists();
      try (EmbeddedDatabase database = EmbeddedDatabase.start(home, port)) {
        assertThat(database.address().url()).contains(":" + port + "/");
        assertThat(Postmaster.of(data).orElseThrow().pid()).isNotEqualTo(foreign.pid());
        assertThat(foreign.isAlive()).isTrue();
      }
    } finally {
      if (foreign.pid() != 1) {
        foreign.destroy();
      }
    }
  }

  /** The first of all processes is root's. */
  private static ProcessHandle foreignProcess() throws Exception {
    if (!ProcessHandle.current().info().user().equals(Optional.of("root"))) {
      return ProcessHandle.of(1).orElseThrow();
    }
    Process process =
        new ProcessBuilder("setpriv", "--reuid=65534", "--clear-groups", "sleep", "600").start();
    while (process.info().user().equals(Optional.of("root"))) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(5);
    }
    return process.toHandle();
  }

  @Test
  void anExternalDatabaseIsTriedBeforeTheServerStarts() {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(home, port)) {
      DatabaseAddress known = database.address();
      String withoutPrefix = known.url().substring("jdbc:".length());

      assertThat(
              ExternalDatabase.check(
                  new DatabaseAddress(withoutPrefix, known.user(), known.password())))
          .isEqualTo(known);
      assertThatThrownBy(
              () -> ExternalDatabase.check(new DatabaseAddress(known.url(), known.user(), "guess")))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("LAUREL_DB_URL does not answer");
      assertThatThrownBy(() -> ExternalDatabase.check(new DatabaseAddress("jdbc:h2:mem:x", "", "")))
          .hasMessageContaining("must begin with jdbc:postgresql://");
    }
  }

  @Test
  void oneLaurelForEachHome() {
    try (Home.Lock held = Home.lock(home)) {
      assertThat(held.channel().isOpen()).isTrue();
      assertThatThrownBy(() -> Home.lock(home))
          .hasMessageContaining("another Laurel (process " + ProcessHandle.current().pid() + ")");
    }
    Home.lock(home).close();
  }

  /** Folders that {@code initdb} has at least begun. */
  private static List<Path> initialised(Path postgres) throws Exception {
    try (var folders = Files.list(postgres)) {
      return folders.filter(folder -> Files.exists(folder.resolve("PG_VERSION"))).toList();
    }
  }

  private static Process startInAnotherProcess() throws Exception {
    Process process = inAnotherProcess(home);
    var lines = process.inputReader();
    for (String line; (line = lines.readLine()) != null; ) {
      if (line.equals("acknowledged")) {
        return process;
      }
    }
    process.waitFor(1, TimeUnit.SECONDS);
    throw new AssertionError("the other process ended early");
  }

  private static Process inAnotherProcess(Path home) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LeftOver.class.getName(), home.toString(), Integer.toString(port)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Commits a row, says so, and waits to be killed. */
  static final class LeftOver {
    private LeftOver() {}

    public static void main(String[] arguments) throws Exception {
      EmbeddedDatabase database =
          EmbeddedDatabase.start(Path.of(arguments[0]), Integer.valueOf(arguments[1]));
      try (Connection connection = database.address().connect()) {
        connection.createStatement().execute("create table acknowledged as select 'kept' as note");
      }
      System.out.println("acknowledged");
      Thread.sleep(60_000);
    }
  }
}
