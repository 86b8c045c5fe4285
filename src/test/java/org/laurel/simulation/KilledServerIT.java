package org.laurel.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.cli.ChildServer;
import org.laurel.database.DatabaseAddress;

/** Twenty annotators at work while the server is killed under them. */
class KilledServerIT {

  private static final int TASKS = 60;
  private static final int OVERLAP = 3;

  @TempDir Path folder;

  @Test
  void losesNoAcknowledgedVoteAndDoublesNone() throws Exception {
    Path home = folder.resolve("laurel");
    int port = freePort();
    ChildServer server = ChildServer.start(home, port);
    ExecutorService office = Executors.newSingleThreadExecutor();
    try {
      LaurelApi administrator =
          new LaurelApi(
              HttpClient.newHttpClient(),
              server.address(),
              ChildServer.ADMIN_TOKEN,
              Duration.ofMinutes(10));
      UUID project = project(administrator);
      openTasks(home, project);
      Simulation simulation =
          new Simulation(project, 20, GoldPreference.named("helpful"), 0.8, 11, 100_000, 40);
      Future<Simulation.Outcome> work = office.submit(() -> simulation.run(administrator));
      long before = awaitRankings(home, project, TASKS);
      server.kill();
      assertThat(work.isDone()).as("the server was killed in the middle of the work").isFalse();
      server = ChildServer.start(home, port);
      assertThat(count(home, "select count(*) from ranking where project_id = ?", project))
          .isGreaterThanOrEqualTo(before);

      Simulation.Outcome outcome = work.get();
      assertThat(outcome.retries()).isPositive();
      assertThat(outcome.lost()).isZero();
      assertThat(outcome.surplus()).isZero();
      assertThat(outcome.acknowledged()).isEqualTo(TASKS * OVERLAP);
      assertThat(count(home, "select count(*) from ranking where project_id = ?", project))
          .isEqualTo(TASKS * OVERLAP);
      assertThat(
              count(
                  home,
                  "select max(n) from (select count(*) as n from ranking where project_id = ?"
                      + " group by task_id) per_task",
                  project))
          .isEqualTo(OVERLAP);
      assertThat(
              count(
                  home,
                  "select count(distinct (task_id, annotator_id)) from ranking"
                      + " where project_id = ?",
                  project))
          .isEqualTo(TASKS * OVERLAP);
    } finally {
      office.shutdownNow();
      server.close();
    }
  }

  private static UUID project(LaurelApi administrator) throws IOException, InterruptedException {
    return UUID.fromString(
        administrator
            .post("/api/projects", Map.of("name", "Killed", "overlap", OVERLAP))
            .expected("making a project")
            .path("id")
            .asText());
  }

  /** Straight into the database: what is tested begins where completions are there to be ranked. */
  private static void openTasks(Path home, UUID project) throws SQLException {
    try (Connection connection = DatabaseAddress.read(home).connect();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                with p as (
                  insert into prompt (project_id, messages, text, content_hash)
                  select ?, jsonb_build_array(jsonb_build_object('role', 'user', 'content', q)), q,
                         sha256(convert_to(q, 'UTF8'))
                    from (select 'How do I cook ' || i || ' eggs?' as q
                            from generate_series(1, ?) i) questions
                  returning id, project_id),
                c as (
                  insert into completion (prompt_id, text, origin)
                  select id, answer, 'import' from p, (values
                    ('Boil water, put them in for eight minutes, then cool them.'),
                    ('No idea.'), ('Eggs are a food that comes from hens, which are birds.'),
                    ('Put them into boiling water for a while.')) answers (answer)
                  returning id, prompt_id),
                t as (
                  insert into task (project_id, prompt_id, origin)
                  select project_id, id, 'import' from p returning id, prompt_id),
                s as (
                  insert into task_seat (task_id, seat)
                  select id, seat from t, generate_series(1, ?) seat)
                insert into task_completion (task_id, completion_id)
                select t.id, c.id from t join c on c.prompt_id = t.prompt_id
                """)) {
      statement.setObject(1, project);
      statement.setInt(2, TASKS);
      statement.setInt(3, OVERLAP);
      assertThat(statement.executeUpdate()).isEqualTo(4 * TASKS);
    }
  }

  /** Waits until that many rankings are stored, and answers how many are. */
  private static long awaitRankings(Path home, UUID project, long enough)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (System.nanoTime() < deadline) {
      long stored = count(home, "select count(*) from ranking where project_id = ?", project);
      if (stored >= enough) {
        return stored;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("the annotators do not get on");
  }

  private static long count(Path home, String sql, UUID project) throws SQLException {
    try (Connection connection = DatabaseAddress.read(home).connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, project);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
