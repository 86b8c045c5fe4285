package org.laurel.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes imported tasks in batches, open, with free seats; the database keeps each once in a
 * project.
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
    try (CompletionBatch completions = new CompletionBatch(connection)) {
      for (int i : fresh) {
        NewTask task = tasks.get(i);
        completions.add(ids.get(i), promptIds.get(i), task.completions(), task.writings()::get);
      }
      completions.write();
    }
    seats(IntStream.of(fresh).mapToObj(ids::get).toArray(UUID[]::new));
    return fresh.length;
  }

  private int[] open(List<NewTask> tasks, List<UUID> ids, List<UUID> promptIds)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into task (id, project_id, prompt_id, origin, priority, created_at, import_hash)"
                + " values (?, ?, ?, 'import', ?, ?, ?) on conflict do nothing")) {
      for (int i = 0; i < tasks.size(); i++) {
        insert.setObject(1, ids.get(i));
        insert.setObject(2, project);
        insert.setObject(3, promptIds.get(i));
        insert.setInt(4, queueing.priority());
        insert.setObject(5, PromptRows.time(next));
        insert.setBytes(6, tasks.get(i).hash());
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
