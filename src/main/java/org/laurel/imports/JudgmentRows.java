package org.laurel.imports;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.laurel.imports.Particulars.Source;
import org.laurel.imports.Particulars.Withheld;
import org.laurel.imports.TaskRows.Place;

/**
 * Writes imported judgments as what they would be had they been given here: rankings in the seats
 * of closed tasks, by nobody. So comparisons are derived from them like from any other.
 */
final class JudgmentRows {
  private final Connection connection;
  private final UUID project;
  private final PromptRows prompts;
  private final TaskRows tasks;

  JudgmentRows(Connection connection, UUID project, PromptRows prompts) {
    this.connection = connection;
    this.project = project;
    this.prompts = prompts;
    this.tasks = new TaskRows(connection, project);
  }

  /**
   * How many were new and said something. A ranking that Laurel exported is taken once, also into
   * the project that it comes from, where it is there already; of others, the same judgment of the
   * same texts.
   */
  int insert(List<JudgedCompletions> rows) throws SQLException {
    List<JudgedCompletions> unknown =
        unknown(rows.stream().filter(row -> !row.saysNothing()).toList());
    List<UUID> promptIds = prompts.ids(unknown.stream().map(JudgmentRows::prompt).toList());
    List<Place> places = tasks.places(unknown, promptIds);
    List<UUID> ids = places.stream().map(place -> PromptRows.newId()).toList();
    seats(places);
    rankings(places, ids);
    versions(places, ids);
    order(places, ids);
    new AdjudicationRows(connection, project).insert(places);
    return places.size();
  }

  private static NewPrompt prompt(JudgedCompletions row) {
    Particulars particulars = row.particulars();
    return new NewPrompt(row.prompt(), particulars.language(), particulars.promptMetadata());
  }

  /** Without those that were exported from this project or have been imported into it. */
  private List<JudgedCompletions> unknown(List<JudgedCompletions> rows) throws SQLException {
    UUID[] sources =
        rows.stream()
            .map(row -> row.particulars().source())
            .filter(Objects::nonNull)
            .map(Source::ranking)
            .toArray(UUID[]::new);
    if (sources.length == 0) {
      return rows;
    }
    Set<UUID> known = known(sources);
    List<JudgedCompletions> unknown = new ArrayList<>();
    for (JudgedCompletions row : rows) {
      Source source = row.particulars().source();
      if (source == null || known.add(source.ranking())) {
        unknown.add(row);
      }
    }
    return unknown;
  }

  private Set<UUID> known(UUID[] sources) throws SQLException {
    Set<UUID> known = new HashSet<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select source_id from ranking where project_id = ? and source_id = any (?)"
                + " union all select id from ranking where project_id = ? and id = any (?)")) {
      Array wanted = connection.createArrayOf("uuid", sources);
      select.setObject(1, project);
      select.setArray(2, wanted);
      select.setObject(3, project);
      select.setArray(4, wanted);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          known.add(row.getObject(1, UUID.class));
        }
      }
    }
    return known;
  }

  private void seats(List<Place> places) throws SQLException {
    try (PreparedStatement seat =
        connection.prepareStatement(
            "insert into task_seat (task_id, seat, display_order, submitted_at, uncertainty)"
                + " values (?, ?, ?, coalesce(?, now()), ?)")) {
      for (Place place : places) {
        Particulars particulars = place.judged().particulars();
        seat.setObject(1, place.task());
        seat.setInt(2, place.seat());
        seat.setArray(3, connection.createArrayOf("uuid", place.displayOrder()));
        seat.setObject(4, PromptRows.time(particulars.submittedAt()));
        seat.setObject(5, particulars.uncertainty(), Types.REAL);
        seat.addBatch();
      }
      seat.executeBatch();
    }
  }

  private void rankings(List<Place> places, List<UUID> ids) throws SQLException {
    try (PreparedStatement ranking =
        connection.prepareStatement(
            "insert into ranking (id, task_id, seat, project_id, prompt_id, unrankable,"
                + " submitted_at, updated_at, source_id, source_annotator_id, withheld, withheld_note,"
                + " withheld_at, source_withheld_by) values (?, ?, ?, ?, ?, ?, coalesce(?, now()),"
                + " coalesce(?, now()), ?, ?, ?, ?, ?, ?)")) {
      for (int i = 0; i < places.size(); i++) {
        Place place = places.get(i);
        Particulars particulars = place.judged().particulars();
        Source source = particulars.source();
        ranking.setObject(1, ids.get(i));
        ranking.setObject(2, place.task());
        ranking.setInt(3, place.seat());
        ranking.setObject(4, project);
        ranking.setObject(5, place.prompt());
        ranking.setBoolean(6, place.judged().isUnrankable());
        ranking.setObject(7, PromptRows.time(particulars.submittedAt()));
        ranking.setObject(8, PromptRows.time(particulars.updatedAt()));
        ranking.setObject(9, source == null ? null : source.ranking());
        ranking.setObject(10, source == null ? null : source.annotator());
        Withheld withheld = particulars.withheld();
        ranking.setString(11, withheld == null ? null : withheld.how());
        ranking.setString(12, withheld == null ? null : withheld.note());
        ranking.setObject(13, withheld == null ? null : PromptRows.time(at(withheld)));
        ranking.setObject(14, withheld == null ? null : withheld.by());
        ranking.addBatch();
      }
      ranking.executeBatch();
    }
  }

  private static Instant at(Withheld withheld) {
    Instant at = withheld.at();
    return at == null ? Instant.now() : at;
  }

  private void versions(List<Place> places, List<UUID> ids) throws SQLException {
    try (PreparedStatement version =
        connection.prepareStatement(
            "insert into ranking_version (ranking_id, version, groups, display_order, ratings,"
                + " flags, strength, rationale, elapsed_ms, unrankable, created_at)"
                + " values (?, 1, ?::jsonb, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?, coalesce(?, now()))")) {
      for (int i = 0; i < places.size(); i++) {
        Place place = places.get(i);
        Particulars particulars = place.judged().particulars();
        version.setObject(1, ids.get(i));
        version.setString(2, PromptRows.json(place.groups()));
        version.setArray(3, connection.createArrayOf("uuid", place.displayOrder()));
        version.setString(4, PromptRows.json(byId(place, particulars.ratings())));
        version.setString(5, PromptRows.json(byId(place, particulars.flags())));
        version.setObject(6, place.judged().strength(), Types.SMALLINT);
        version.setString(7, particulars.rationale());
        version.setObject(8, particulars.elapsedMs(), Types.BIGINT);
        version.setBoolean(9, place.judged().isUnrankable());
        version.setObject(10, PromptRows.time(particulars.updatedAt()));
        version.addBatch();
      }
      version.executeBatch();
    }
  }

  private void order(List<Place> places, List<UUID> ids) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into ranking_place (ranking_id, task_id, completion_id, place) values (?, ?, ?, ?)")) {
      for (int i = 0; i < places.size(); i++) {
        int better = 0;
        for (List<UUID> tied : places.get(i).groups()) {
          for (UUID completion : tied) {
            insert.setObject(1, ids.get(i));
            insert.setObject(2, places.get(i).task());
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

  private static <T> Map<UUID, T> byId(Place place, Map<Integer, T> byIndex) {
    Map<UUID, T> byId = new LinkedHashMap<>();
    byIndex.forEach((index, value) -> byId.put(place.completions().get(index), value));
    return byId;
  }
}
