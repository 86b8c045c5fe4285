package org.laurel.imports;

import java.security.MessageDigest;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.laurel.prompt.Conversation;

/**
 * Writes imported judgments as what they would be had they been given here: a closed task of which
 * the only seat is taken by nobody's ranking. So comparisons are derived from them like from any
 * other.
 */
final class JudgmentRows {
  private final Connection connection;
  private final UUID project;
  private final PromptRows prompts;

  JudgmentRows(Connection connection, UUID project, PromptRows prompts) {
    this.connection = connection;
    this.project = project;
    this.prompts = prompts;
  }

  /** A judgment that the project did not have, with the ids of its rows. */
  private record Fresh(JudgedCompletions judged, UUID prompt, UUID task, List<UUID> completions) {
    List<List<UUID>> groups() {
      return judged.groups().stream()
          .map(tied -> tied.stream().map(completions::get).toList())
          .toList();
    }

    /** By the random ids: the better one must not always come first. */
    UUID[] displayOrder() {
      return completions.stream().sorted().toArray(UUID[]::new);
    }
  }

  /** How many were new. The same judgment of the same texts is taken once. */
  int insert(List<JudgedCompletions> rows) throws SQLException {
    List<UUID> promptIds =
        prompts.ids(rows.stream().map(row -> new NewPrompt(row.prompt(), null, Map.of())).toList());
    List<Fresh> fresh = tasks(rows, promptIds);
    completions(fresh);
    rankings(fresh);
    places(fresh);
    return fresh.size();
  }

  private List<Fresh> tasks(List<JudgedCompletions> rows, List<UUID> promptIds)
      throws SQLException {
    List<Fresh> tried = new ArrayList<>();
    int[] counts;
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into task (id, project_id, prompt_id, origin, closed_at, import_hash)"
                + " values (?, ?, ?, 'import', now(), ?) on conflict do nothing")) {
      for (int i = 0; i < rows.size(); i++) {
        List<UUID> completions =
            Stream.generate(UUID::randomUUID).limit(rows.get(i).completions().size()).toList();
        Fresh row = new Fresh(rows.get(i), promptIds.get(i), PromptRows.newId(), completions);
        tried.add(row);
        insert.setObject(1, row.task());
        insert.setObject(2, project);
        insert.setObject(3, row.prompt());
        insert.setBytes(4, hash(row.judged()));
        insert.addBatch();
      }
      counts = insert.executeBatch();
    }
    List<Fresh> fresh = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        fresh.add(tried.get(i));
      }
    }
    return fresh;
  }

  private void completions(List<Fresh> rows) throws SQLException {
    try (PreparedStatement completion =
            connection.prepareStatement(
                "insert into completion (id, prompt_id, text, origin) values (?, ?, ?, 'import')");
        PreparedStatement member =
            connection.prepareStatement(
                "insert into task_completion (task_id, completion_id) values (?, ?)")) {
      for (Fresh row : rows) {
        for (int i = 0; i < row.completions().size(); i++) {
          completion.setObject(1, row.completions().get(i));
          completion.setObject(2, row.prompt());
          completion.setString(3, row.judged().completions().get(i));
          completion.addBatch();
          member.setObject(1, row.task());
          member.setObject(2, row.completions().get(i));
          member.addBatch();
        }
      }
      completion.executeBatch();
      member.executeBatch();
    }
  }

  private void rankings(List<Fresh> rows) throws SQLException {
    try (PreparedStatement seat =
            connection.prepareStatement(
                "insert into task_seat (task_id, seat, display_order, submitted_at) values (?, 1, ?, now())");
        PreparedStatement ranking =
            connection.prepareStatement(
                "insert into ranking (id, task_id, seat, project_id, prompt_id, unrankable)"
                    + " values (?, ?, 1, ?, ?, ?)");
        PreparedStatement version =
            connection.prepareStatement(
                "insert into ranking_version"
                    + " (ranking_id, version, groups, display_order, strength, unrankable)"
                    + " values (?, 1, ?::jsonb, ?, ?, ?)")) {
      for (Fresh row : rows) {
        Array order = connection.createArrayOf("uuid", row.displayOrder());
        seat.setObject(1, row.task());
        seat.setArray(2, order);
        seat.addBatch();
        ranking.setObject(1, row.task());
        ranking.setObject(2, row.task());
        ranking.setObject(3, project);
        ranking.setObject(4, row.prompt());
        ranking.setBoolean(5, row.judged().isUnrankable());
        ranking.addBatch();
        version.setObject(1, row.task());
        version.setString(2, PromptRows.json(row.groups()));
        version.setArray(3, order);
        version.setObject(4, row.judged().strength(), Types.SMALLINT);
        version.setBoolean(5, row.judged().isUnrankable());
        version.addBatch();
      }
      seat.executeBatch();
      ranking.executeBatch();
      version.executeBatch();
    }
  }

  private void places(List<Fresh> rows) throws SQLException {
    try (PreparedStatement place =
        connection.prepareStatement(
            "insert into ranking_place (ranking_id, task_id, completion_id, place) values (?, ?, ?, ?)")) {
      for (Fresh row : rows) {
        int better = 0;
        for (List<UUID> tied : row.groups()) {
          for (UUID completion : tied) {
            place.setObject(1, row.task());
            place.setObject(2, row.task());
            place.setObject(3, completion);
            place.setInt(4, better + 1);
            place.addBatch();
          }
          better++;
        }
      }
      place.executeBatch();
    }
  }

  private static byte[] hash(JudgedCompletions judged) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    digest.update(Conversation.hash(judged.prompt()));
    if (judged.isUnrankable()) {
      judged.completions().stream().sorted().forEach(text -> Conversation.add(digest, text));
    }
    for (List<Integer> tied : judged.groups()) {
      digest.update((byte) '|');
      tied.stream()
          .map(i -> judged.completions().get(i))
          .sorted()
          .forEach(text -> Conversation.add(digest, text));
    }
    return digest.digest();
  }
}
