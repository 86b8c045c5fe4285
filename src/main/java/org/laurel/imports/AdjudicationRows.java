package org.laurel.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.laurel.imports.Particulars.Settled;
import org.laurel.imports.TaskRows.Place;

/**
 * Writes how reviewers settled imported tasks, which every line of such a task tells. A task that
 * was settled here before stays as it is, even if that was taken back.
 */
final class AdjudicationRows {
  private final Connection connection;
  private final UUID project;

  AdjudicationRows(Connection connection, UUID project) {
    this.connection = connection;
    this.project = project;
  }

  private record One(UUID id, Place place, Settled settled) {}

  void insert(List<Place> places) throws SQLException {
    Map<UUID, One> byTask = new LinkedHashMap<>();
    for (Place place : places) {
      Settled settled = place.judged().particulars().settled();
      if (settled != null) {
        byTask.putIfAbsent(place.task(), new One(PromptRows.newId(), place, settled));
      }
    }
    List<One> fresh = adjudications(List.copyOf(byTask.values()));
    order(fresh);
    new GoldRows(connection, project)
        .mark(
            fresh.stream()
                .filter(one -> one.settled().check())
                .map(one -> one.place().task())
                .toList());
  }

  /** Those that were new. */
  private List<One> adjudications(List<One> all) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into adjudication (id, task_id, version, project_id, prompt_id, unrankable,"
                + " strength, reason, source_given_by, given_at)"
                + " values (?, ?, 1, ?, ?, ?, ?, ?, ?, coalesce(?, now())) on conflict do nothing")) {
      for (One one : all) {
        insert.setObject(1, one.id());
        insert.setObject(2, one.place().task());
        insert.setObject(3, project);
        insert.setObject(4, one.place().prompt());
        insert.setBoolean(5, one.settled().groups().isEmpty());
        insert.setObject(6, one.settled().strength(), Types.SMALLINT);
        insert.setString(7, one.settled().reason());
        insert.setObject(8, one.settled().reviewer());
        insert.setObject(9, PromptRows.time(one.settled().at()));
        insert.addBatch();
      }
      int[] counts = insert.executeBatch();
      List<One> fresh = new ArrayList<>();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] > 0) {
          fresh.add(all.get(i));
        }
      }
      return fresh;
    }
  }

  private void order(List<One> all) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into adjudication_place (adjudication_id, task_id, completion_id, place)"
                + " values (?, ?, ?, ?)")) {
      for (One one : all) {
        int better = 0;
        for (List<UUID> tied : one.place().named(one.settled().groups())) {
          for (UUID completion : tied) {
            insert.setObject(1, one.id());
            insert.setObject(2, one.place().task());
            insert.setObject(3, completion);
            insert.setInt(4, better + 1);
            insert.addBatch();
          }
          better++;
        }
      }
      insert.executeBatch();
    }
  }
}
