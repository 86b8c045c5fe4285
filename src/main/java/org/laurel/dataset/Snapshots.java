package org.laurel.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/** Freezes a project's data for training, and writes what was frozen into a run directory. */
@ApplicationScoped
@Transactional
public class Snapshots {
  private final DataSource database;

  @Inject
  Snapshots(DataSource database) {
    this.database = database;
  }

  /**
   * All rankings in force by people, without those that said "cannot be ranked"; of a task that a
   * reviewer has settled their order in their place.
   */
  public DatasetSnapshot freezeRankings(UUID project, @Nullable UUID account) {
    return freezeRankings(project, account, VotesOf.PEOPLE);
  }

  /**
   * Rankings by people, votes of approved judges, or both; the snapshot's selection says how many
   * of each, and how many of people's are orders by which a reviewer settled a task.
   */
  public DatasetSnapshot freezeRankings(UUID project, @Nullable UUID account, VotesOf votes) {
    List<TrainingRows> parts = new ArrayList<>();
    if (votes.people()) {
      parts.add(TrainingRows.PREFERENCE);
      parts.add(TrainingRows.ADJUDICATION);
    }
    if (votes.ai()) {
      parts.add(TrainingRows.AI_VOTE);
    }
    return freeze(parts, project, account);
  }

  /** All prompts that were not retired. */
  public DatasetSnapshot freezePrompts(UUID project, @Nullable UUID account) {
    return freeze(List.of(TrainingRows.PROMPT), project, account);
  }

  /** All demonstrations of prompts that were not retired. */
  public DatasetSnapshot freezeDemonstrations(UUID project, @Nullable UUID account) {
    return freeze(List.of(TrainingRows.DEMONSTRATION), project, account);
  }

  /** All thumbs on completions of prompts that were not retired. */
  public DatasetSnapshot freezeThumbs(UUID project, @Nullable UUID account) {
    return freeze(List.of(TrainingRows.THUMB), project, account);
  }

  /** The rows of one part that go into a snapshot. */
  private record Chosen(TrainingRows rows, List<TrainingRows.Row> found) {}

  private DatasetSnapshot freeze(List<TrainingRows> parts, UUID project, @Nullable UUID account) {
    List<Chosen> chosen = new ArrayList<>();
    MessageDigest digest = DigestUtils.getSha256Digest();
    UUID id = UUID.randomUUID();
    String kind = parts.get(0).kind();
    try (Connection connection = database.getConnection()) {
      if (parts.contains(TrainingRows.ADJUDICATION)) {
        settleNothing(connection, project);
      }
      for (TrainingRows rows : parts) {
        chosen.add(choose(connection, rows, project, digest));
      }
      insert(connection, id, kind, project, account, chosen, digest.digest());
      for (Chosen part : chosen) {
        insertRows(connection, id, part);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot freeze the " + kind + " data", e);
    }
    return DatasetSnapshot.findById(id);
  }

  /**
   * Until the transaction ends nobody settles a task or takes that back, so that of each either
   * people's rankings or the reviewer's order is chosen, never both nor none.
   */
  private static void settleNothing(Connection connection, UUID project) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("select 1 from project where id = ? for share")) {
      lock.setObject(1, project);
      lock.execute();
    }
  }

  /**
   * By one statement, so of one state of the database: votes that arrive meanwhile are in or out,
   * never half.
   */
  private static Chosen choose(
      Connection connection, TrainingRows rows, UUID project, MessageDigest digest)
      throws SQLException {
    List<TrainingRows.Row> found = new ArrayList<>();
    try (PreparedStatement select = streaming(connection, rows.candidates)) {
      select.setObject(1, project);
      try (ResultSet result = select.executeQuery()) {
        while (result.next()) {
          TrainingRows.Row row = rows.read(result);
          found.add(row.withoutLine());
          digest.update((row.line() + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return new Chosen(rows, found);
  }

  /**
   * Writes the snapshot's rows as {@code rankings.jsonl}, {@code prompts.jsonl}, {@code
   * demonstrations.jsonl} or {@code thumbs.jsonl} into {@code folder}.
   *
   * @throws IllegalStateException if they are no longer what was frozen
   */
  public Path write(DatasetSnapshot snapshot, Path folder) {
    List<TrainingRows> parts = TrainingRows.ofKind(snapshot.kind);
    Path file = folder.resolve(parts.get(0).file);
    MessageDigest digest = DigestUtils.getSha256Digest();
    try (Connection connection = database.getConnection()) {
      Files.createDirectories(folder);
      try (Writer out = new BufferedWriter(Files.newBufferedWriter(file))) {
        for (TrainingRows rows : parts) {
          write(connection, rows, snapshot.id, digest, out);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read snapshot " + snapshot.id, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write snapshot " + snapshot.id + " to " + file, e);
    }
    byte[] hash = digest.digest();
    if (!Arrays.equals(hash, snapshot.contentHash)) {
      throw new IllegalStateException(
          "snapshot "
              + snapshot.id
              + " was frozen as "
              + snapshot.hash()
              + " but its rows now hash to "
              + HexFormat.of().formatHex(hash));
    }
    return file;
  }

  private static void write(
      Connection connection, TrainingRows rows, UUID snapshot, MessageDigest digest, Writer out)
      throws SQLException, IOException {
    try (PreparedStatement select = streaming(connection, rows.frozen)) {
      select.setObject(1, snapshot);
      try (ResultSet result = select.executeQuery()) {
        while (result.next()) {
          String line = rows.read(result).line() + "\n";
          digest.update(line.getBytes(StandardCharsets.UTF_8));
          out.write(line);
        }
      }
    }
  }

  private static PreparedStatement streaming(Connection connection, String sql)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setFetchSize(
        500); // with a transaction open, PostgreSQL then sends rows as they are asked for
    return statement;
  }

  private static void insert(
      Connection connection,
      UUID id,
      String kind,
      UUID project,
      @Nullable UUID account,
      List<Chosen> chosen,
      byte[] hash)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into dataset_snapshot"
                + " (id, project_id, kind, row_count, content_hash, created_by, selection)"
                + " values (?, ?, ?, ?, ?, ?, ?::jsonb)")) {
      insert.setObject(1, id);
      insert.setObject(2, project);
      insert.setString(3, kind);
      insert.setLong(4, chosen.stream().mapToLong(part -> part.found().size()).sum());
      insert.setBytes(5, hash);
      insert.setObject(6, account);
      insert.setString(7, selection(chosen));
      insert.executeUpdate();
    }
  }

  /** Of preferences: whose votes, and how many of each; of demonstrations, how many by whom. */
  private static String selection(List<Chosen> chosen) {
    if (chosen.get(0).rows() == TrainingRows.DEMONSTRATION) {
      return Json.line(writers(chosen.get(0).found()));
    }
    long adjudicated = count(chosen, TrainingRows.ADJUDICATION);
    long people = count(chosen, TrainingRows.PREFERENCE) + adjudicated;
    long ai = count(chosen, TrainingRows.AI_VOTE);
    if (!chosen.get(0).rows().kind().equals(TrainingRows.PREFERENCE.kind())) {
      return "{}";
    }
    List<TrainingRows> parts = chosen.stream().map(Chosen::rows).toList();
    VotesOf votes =
        !parts.contains(TrainingRows.AI_VOTE)
            ? VotesOf.PEOPLE
            : parts.contains(TrainingRows.PREFERENCE) ? VotesOf.BOTH : VotesOf.AI;
    return Json.line(
        Json.object()
            .put("votes", votes.key())
            .put("people", people)
            .put("adjudicated", adjudicated)
            .put("ai", ai));
  }

  private static ObjectNode writers(List<TrainingRows.Row> found) {
    Map<String, Long> byWriter = new TreeMap<>();
    for (TrainingRows.Row row : found) {
      if (row.by() != null) {
        byWriter.merge(row.by(), 1L, Long::sum);
      }
    }
    long told = byWriter.values().stream().mapToLong(Long::longValue).sum();
    ObjectNode json = Json.object();
    ObjectNode people = json.putObject("writers");
    byWriter.forEach(people::put);
    return json.put("unnamed", found.size() - told);
  }

  private static long count(List<Chosen> chosen, TrainingRows rows) {
    return chosen.stream()
        .filter(part -> part.rows() == rows)
        .mapToLong(part -> part.found().size())
        .sum();
  }

  private static void insertRows(Connection connection, UUID id, Chosen part) throws SQLException {
    String sql =
        switch (part.rows()) {
          case PREFERENCE ->
              "insert into dataset_snapshot_ranking (snapshot_id, ranking_id, version)"
                  + " select ?, * from unnest(?, ?)";
          case ADJUDICATION ->
              "insert into dataset_snapshot_adjudication (snapshot_id, adjudication_id)"
                  + " select ?, * from unnest(?)";
          case AI_VOTE ->
              "insert into dataset_snapshot_ai_vote (snapshot_id, verdict_id, probability)"
                  + " select ?, v.id, v.probability from ai_vote v where v.id = any (?)";
          case PROMPT ->
              "insert into dataset_snapshot_prompt (snapshot_id, prompt_id) select ?, * from unnest(?)";
          case DEMONSTRATION ->
              "insert into dataset_snapshot_demonstration (snapshot_id, demonstration_id)"
                  + " select ?, * from unnest(?)";
          case THUMB ->
              "insert into dataset_snapshot_thumb (snapshot_id, thumb_id)"
                  + " select ?, * from unnest(?)";
        };
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      Object[] ids = part.found().stream().map(TrainingRows.Row::id).toArray();
      insert.setObject(1, id);
      insert.setArray(2, connection.createArrayOf("uuid", ids));
      if (part.rows() == TrainingRows.PREFERENCE) {
        Object[] versions = part.found().stream().map(TrainingRows.Row::version).toArray();
        insert.setArray(3, connection.createArrayOf("integer", versions));
      }
      int inserted = insert.executeUpdate();
      if (inserted != ids.length) {
        throw new SQLException("votes were withdrawn while they were frozen");
      }
    }
  }
}
