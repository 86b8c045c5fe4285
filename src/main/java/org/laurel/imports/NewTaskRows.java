package org.laurel.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes imported tasks in batches; the database keeps each once in a project. They are open, with
 * free seats, or silent checks, which want no seats of their own.
 */
final class NewTaskRows {
  private final Connection connection;
  private final UUID project;
  private final PromptRows prompts;
  private final Queueing queueing;

  /** Tasks of one time are handed out in no order; these are in the file's. */
  private Instant next = Instant.now().truncatedTo(ChronoUnit.MICROS);

  /**
   * How the tasks stand in the project's queue.
   *
   * @param seats how many people are to rank each
   * @param priority tasks of a higher one are handed out first
   */
  record Queueing(int seats, int priority) {}

  NewTaskRows(Connection connection, UUID project, PromptRows prompts, Queueing queueing) {
    this.connection = connection;
    this.project = project;
    this.prompts = prompts;
    this.queueing = queueing;
  }

  /** How many were new. */
  int insert(List<NewTask> tasks) throws SQLException {
    List<UUID> promptIds = prompts.ids(tasks.stream().map(NewTask::prompt).toList());
    // random: whoever wants a random sample of the tasks takes the first by their ids
    List<UUID> ids = Stream.generate(UUID::randomUUID).limit(tasks.size()).toList();
    int[] counts = open(tasks, ids, promptIds);
    int[] fresh = IntStream.range(0, counts.length).filter(i -> counts[i] > 0).toArray();
    List<GoldRows.Gold> gold = new ArrayList<>();
    try (CompletionBatch completions = new CompletionBatch(connection)) {
      for (int i : fresh) {
        NewTask task = tasks.get(i);
        List<UUID> written =
            completions.add(ids.get(i), promptIds.get(i), task.completions(), task.writings()::get);
        if (task.isCheck()) {
          gold.add(new GoldRows.Gold(ids.get(i), promptIds.get(i), named(task.gold(), written)));
        }
      }
      completions.write();
    }
    seats(
        IntStream.of(fresh)
            .filter(i -> !tasks.get(i).isCheck())
            .mapToObj(ids::get)
            .toArray(UUID[]::new));
    new GoldRows(connection, project).insert(gold);
    return fresh.length;
  }

  private static List<List<UUID>> named(List<List<Integer>> order, List<UUID> completions) {
    return order.stream().map(tied -> tied.stream().map(completions::get).toList()).toList();
  }

  private int[] open(List<NewTask> tasks, List<UUID> ids, List<UUID> promptIds)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into task (id, project_id, prompt_id, origin, priority, created_at,"
                + " import_hash, closed_at) values (?, ?, ?, 'import', ?, ?, ?, ?)"
                + " on conflict do nothing")) {
      for (int i = 0; i < tasks.size(); i++) {
        insert.setObject(1, ids.get(i));
        insert.setObject(2, project);
        insert.setObject(3, promptIds.get(i));
        insert.setInt(4, queueing.priority());
        insert.setObject(5, PromptRows.time(next));
        insert.setBytes(6, tasks.get(i).hash());
        insert.setObject(7, tasks.get(i).isCheck() ? PromptRows.time(next) : null);
        insert.addBatch();
        next = next.plus(1, ChronoUnit.MICROS);
      }
      return insert.executeBatch();
    }
  }

  private void seats(UUID[] tasks) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into task_seat (task_id, seat)"
                + " select task, seat from unnest(?) as task, generate_series(1, ?) as seat")) {
      insert.setArray(1, connection.createArrayOf("uuid", tasks));
      insert.setInt(2, queueing.seats());
      insert.executeUpdate();
    }
  }
}
