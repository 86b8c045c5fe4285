package org.laurel.imports;

import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.laurel.imports.Particulars.Settled;
import org.laurel.imports.Particulars.Source;
import org.laurel.prompt.Conversation;
import org.laurel.web.Problem;

/**
 * Writes the closed tasks of imported judgments, with their completions. Rankings of one task on
 * the server that exported them sit in one task here too; any other judgment has a task of its own,
 * which the project has once.
 */
final class TaskRows {
  /** Seats of a task, as many as people may be asked; anybody may be checked by one. */
  private static final int SEATS = 20;

  private final Connection connection;
  private final UUID project;

  TaskRows(Connection connection, UUID project) {
    this.connection = connection;
    this.project = project;
  }

  /**
   * A place for a judgment that the project did not have.
   *
   * @param completions in the order of the judgment's
   */
  record Place(JudgedCompletions judged, UUID prompt, UUID task, int seat, List<UUID> completions) {
    List<List<UUID>> groups() {
      return named(judged.groups());
    }

    /** The completions that indices stand for. */
    List<List<UUID>> named(List<List<Integer>> groups) {
      return groups.stream().map(tied -> tied.stream().map(completions::get).toList()).toList();
    }

    /** As it was; if that is not told, by the random ids: the better must not always come first. */
    UUID[] displayOrder() {
      List<Integer> order = judged.particulars().displayedOrder();
      return order.isEmpty()
          ? completions.stream().sorted().toArray(UUID[]::new)
          : order.stream().map(completions::get).toArray(UUID[]::new);
    }
  }

  /** A task in which several sat. */
  private static final class Shared {
    final UUID id;
    final Map<String, UUID> byText = new HashMap<>();
    int seats;

    Shared(UUID id) {
      this.id = id;
    }
  }

  /** Places for those that are new, in their order. */
  List<Place> places(List<JudgedCompletions> rows, List<UUID> prompts) throws SQLException {
    List<byte[]> hashes = rows.stream().map(TaskRows::hash).toList();
    List<UUID> ids = rows.stream().map(row -> PromptRows.newId()).toList();
    int[] counts = insert(ids, prompts, hashes);
    List<Integer> fresh =
        IntStream.range(0, counts.length).filter(i -> counts[i] > 0).boxed().toList();
    Map<Integer, List<UUID>> written = completions(rows, prompts, ids, fresh);
    Map<String, Shared> shared = shared(rows, hashes);
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Shared task = shared.get(HexFormat.of().formatHex(hashes.get(i)));
      List<UUID> completions = written.get(i);
      if (task != null) {
        places.add(next(task, rows.get(i), prompts.get(i)));
      } else if (completions != null) {
        places.add(new Place(rows.get(i), prompts.get(i), ids.get(i), 1, completions));
      }
    }
    return places;
  }

  private static Place next(Shared task, JudgedCompletions judged, UUID prompt) {
    Source source = judged.particulars().source();
    Settled settled = judged.particulars().settled();
    boolean check = settled != null && settled.check();
    if (++task.seats > SEATS && !check) {
      throw Problem.invalid(
          "nothing was imported; task %s has more than %d rankings"
              .formatted(source == null ? task.id : source.task(), SEATS));
    }
    List<UUID> completions = judged.completions().stream().map(task.byText::get).toList();
    return new Place(judged, prompt, task.id, task.seats, completions);
  }

  private int[] insert(List<UUID> ids, List<UUID> prompts, List<byte[]> hashes)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into task (id, project_id, prompt_id, origin, closed_at, import_hash)"
                + " values (?, ?, ?, 'import', now(), ?) on conflict do nothing")) {
      for (int i = 0; i < ids.size(); i++) {
        insert.setObject(1, ids.get(i));
        insert.setObject(2, project);
        insert.setObject(3, prompts.get(i));
        insert.setBytes(4, hashes.get(i));
        insert.addBatch();
      }
      return insert.executeBatch();
    }
  }

  private Map<Integer, List<UUID>> completions(
      List<JudgedCompletions> rows, List<UUID> prompts, List<UUID> tasks, List<Integer> fresh)
      throws SQLException {
    Map<Integer, List<UUID>> written = new HashMap<>();
    try (CompletionBatch batch = new CompletionBatch(connection)) {
      for (int i : fresh) {
        JudgedCompletions row = rows.get(i);
        Particulars particulars = row.particulars();
        written.put(
            i, batch.add(tasks.get(i), prompts.get(i), row.completions(), particulars::writing));
      }
      batch.write();
    }
    return written;
  }

  /** The tasks of judgments that others may share, by the hex digits of their hashes. */
  private Map<String, Shared> shared(List<JudgedCompletions> rows, List<byte[]> hashes)
      throws SQLException {
    byte[][] wanted =
        IntStream.range(0, rows.size())
            .filter(i -> rows.get(i).particulars().source() != null)
            .mapToObj(hashes::get)
            .toArray(byte[][]::new);
    Map<String, Shared> shared = new HashMap<>();
    if (wanted.length == 0) {
      return shared;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select t.import_hash, t.id, c.id, c.text,
                   (select coalesce(max(s.seat), 0) from task_seat s where s.task_id = t.id)
              from task t
              join task_completion m on m.task_id = t.id
              join completion c on c.id = m.completion_id
             where t.project_id = ? and t.import_hash = any (?)
            """)) {
      select.setObject(1, project);
      select.setArray(2, connection.createArrayOf("bytea", wanted));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          UUID id = row.getObject(2, UUID.class);
          Shared task =
              shared.computeIfAbsent(
                  HexFormat.of().formatHex(row.getBytes(1)), h -> new Shared(id));
          task.byText.put(row.getString(4), row.getObject(3, UUID.class));
          task.seats = row.getInt(5);
        }
      }
    }
    return shared;
  }

  /** What makes a task the same: where it comes from, or else the judgment. */
  private static byte[] hash(JudgedCompletions judged) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    digest.update(Conversation.hash(judged.prompt()));
    Source source = judged.particulars().source();
    if (source != null) {
      Conversation.add(digest, source.task().toString());
    }
    if (source != null || judged.isUnrankable()) {
      judged.completions().stream().sorted().forEach(text -> Conversation.add(digest, text));
      return digest.digest();
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
