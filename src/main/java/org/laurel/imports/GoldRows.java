package org.laurel.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Writes the right orders of imported tasks, which are silent checks by that. */
final class GoldRows {
  private final Connection connection;
  private final UUID project;

  /**
   * A task and its right order.
   *
   * @param order completions, best first, those of one group tied
   */
  record Gold(UUID task, UUID prompt, List<List<UUID>> order) {}

  GoldRows(Connection connection, UUID project) {
    this.connection = connection;
    this.project = project;
  }

  void insert(List<Gold> all) throws SQLException {
    try (PreparedStatement adjudication =
            connection.prepareStatement(
                "insert into adjudication (id, task_id, version, project_id, prompt_id)"
                    + " values (?, ?, 1, ?, ?)");
        PreparedStatement place =
            connection.prepareStatement(
                "insert into adjudication_place (adjudication_id, task_id, completion_id, place)"
                    + " values (?, ?, ?, ?)")) {
      for (Gold gold : all) {
        UUID id = PromptRows.newId();
        adjudication.setObject(1, id);
        adjudication.setObject(2, gold.task());
        adjudication.setObject(3, project);
        adjudication.setObject(4, gold.prompt());
        adjudication.addBatch();
        int better = 0;
        for (List<UUID> tied : gold.order()) {
          for (UUID completion : tied) {
            place.setObject(1, id);
            place.setObject(2, gold.task());
            place.setObject(3, completion);
            place.setInt(4, better + 1);
            place.addBatch();
          }
          better++;
        }
      }
      adjudication.executeBatch();
      place.executeBatch();
    }
    mark(all.stream().map(Gold::task).toList());
  }

  /** Makes settled tasks silent checks. */
  void mark(List<UUID> tasks) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into silent_check (task_id, project_id) select task, ? from unnest(?) as task"
                + " on conflict do nothing")) {
      insert.setObject(1, project);
      insert.setArray(2, connection.createArrayOf("uuid", tasks.toArray()));
      insert.executeUpdate();
    }
  }
}
