package org.laurel.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Writes thumbs in batches. A person has one thumb on a text: the contrary one withdraws that which
 * stood, in the order of the file.
 */
final class ThumbRows {
  private final Connection connection;
  private final PromptRows prompts;
  private final UUID author;

  ThumbRows(Connection connection, PromptRows prompts, UUID author) {
    this.connection = connection;
    this.prompts = prompts;
    this.author = author;
  }

  /** What a thumb is on. */
  private record Place(UUID prompt, String text) {}

  /** How many said something else than what stood before them. */
  int insert(List<NewThumb> thumbs) throws SQLException {
    // its prompts are locked by that, so nobody gives another thumb on them meanwhile
    List<UUID> ids = prompts.ids(thumbs.stream().map(NewThumb::prompt).toList());
    Map<Place, Boolean> standing = standing(ids, thumbs);
    Map<Place, Boolean> turned = new LinkedHashMap<>();
    int fresh = 0;
    for (int i = 0; i < thumbs.size(); i++) {
      boolean up = thumbs.get(i).up();
      Place place = new Place(ids.get(i), thumbs.get(i).completion());
      Boolean before = standing.put(place, up);
      if (before == null || before != up) {
        turned.put(place, up);
        fresh++;
      }
    }
    withdraw(turned);
    give(turned);
    return fresh;
  }

  private Map<Place, Boolean> standing(List<UUID> ids, List<NewThumb> thumbs) throws SQLException {
    Map<Place, Boolean> standing = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select t.prompt_id, t.text, t.up"
                + " from unnest(?, ?) as given (prompt_id, content_hash)"
                + " join thumb t using (prompt_id, content_hash)"
                + " where t.author_id = ? and t.withdrawn_at is null")) {
      byte[][] hashes =
          thumbs.stream().map(t -> DigestUtils.sha256(t.completion())).toArray(byte[][]::new);
      select.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
      select.setArray(2, connection.createArrayOf("bytea", hashes));
      select.setObject(3, author);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          standing.put(
              new Place(row.getObject(1, UUID.class), row.getString(2)), row.getBoolean(3));
        }
      }
    }
    return standing;
  }

  private void withdraw(Map<Place, Boolean> turned) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "update thumb set withdrawn_at = now()"
                + " where prompt_id = ? and content_hash = ? and author_id = ?"
                + " and withdrawn_at is null")) {
      for (Place place : turned.keySet()) {
        update.setObject(1, place.prompt());
        update.setBytes(2, DigestUtils.sha256(place.text()));
        update.setObject(3, author);
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  private void give(Map<Place, Boolean> turned) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into thumb (id, prompt_id, text, content_hash, up, author_id)"
                + " values (?, ?, ?, ?, ?, ?)")) {
      for (Map.Entry<Place, Boolean> thumb : turned.entrySet()) {
        String text = thumb.getKey().text();
        insert.setObject(1, PromptRows.newId());
        insert.setObject(2, thumb.getKey().prompt());
        insert.setString(3, text);
        insert.setBytes(4, DigestUtils.sha256(text));
        insert.setBoolean(5, thumb.getValue());
        insert.setObject(6, author);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
