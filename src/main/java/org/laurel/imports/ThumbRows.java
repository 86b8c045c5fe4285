package org.laurel.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Writes thumbs in batches. A person has one thumb on a text: the contrary one withdraws that which
 * stood, in the order of the file, unless that is known to be the newer one. Whoever a file names
 * gave their thumb; the others are the importer's.
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

  /** What a thumb is on, and whose it is. */
  private record Place(UUID prompt, String text, UUID person) {}

  private record Standing(boolean up, Instant givenAt) {}

  /** How many said something else than what stood before them. */
  int insert(List<NewThumb> thumbs) throws SQLException {
    // its prompts are locked by that, so nobody gives another thumb on them meanwhile
    List<UUID> ids = prompts.ids(thumbs.stream().map(NewThumb::prompt).toList());
    Map<Place, Standing> standing = standing(ids, thumbs);
    Map<Place, NewThumb> turned = new LinkedHashMap<>();
    int fresh = 0;
    for (int i = 0; i < thumbs.size(); i++) {
      NewThumb thumb = thumbs.get(i);
      UUID person = thumb.annotator() == null ? author : thumb.annotator();
      Place place = new Place(ids.get(i), thumb.completion(), person);
      Instant at = thumb.givenAt() == null ? Instant.now() : thumb.givenAt();
      Standing before = standing.get(place);
      if (before == null || (before.up() != thumb.up() && !at.isBefore(before.givenAt()))) {
        standing.put(place, new Standing(thumb.up(), at));
        turned.put(place, thumb);
        fresh++;
      }
    }
    withdraw(turned);
    give(turned);
    return fresh;
  }

  private Map<Place, Standing> standing(List<UUID> ids, List<NewThumb> thumbs) throws SQLException {
    Map<Place, Standing> standing = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select t.prompt_id, t.text, coalesce(t.source_author_id, t.author_id), t.up, t.created_at"
                + " from (select distinct * from unnest(?, ?)) as given (prompt_id, content_hash)"
                + " join thumb t using (prompt_id, content_hash)"
                + " where t.withdrawn_at is null and t.author_id is not null")) {
      byte[][] hashes =
          thumbs.stream().map(t -> DigestUtils.sha256(t.completion())).toArray(byte[][]::new);
      select.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
      select.setArray(2, connection.createArrayOf("bytea", hashes));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          standing.put(
              new Place(
                  row.getObject(1, UUID.class), row.getString(2), row.getObject(3, UUID.class)),
              new Standing(row.getBoolean(4), row.getObject(5, OffsetDateTime.class).toInstant()));
        }
      }
    }
    return standing;
  }

  private void withdraw(Map<Place, NewThumb> turned) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "update thumb set withdrawn_at = now()"
                + " where prompt_id = ? and content_hash = ?"
                + " and coalesce(source_author_id, author_id) = ? and withdrawn_at is null")) {
      for (Place place : turned.keySet()) {
        update.setObject(1, place.prompt());
        update.setBytes(2, DigestUtils.sha256(place.text()));
        update.setObject(3, place.person());
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  private void give(Map<Place, NewThumb> turned) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into thumb (id, prompt_id, text, content_hash, up, author_id, source_author_id,"
                + " source_policy, created_at)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, now()))")) {
      for (Map.Entry<Place, NewThumb> given : turned.entrySet()) {
        NewThumb thumb = given.getValue();
        insert.setObject(1, PromptRows.newId());
        insert.setObject(2, given.getKey().prompt());
        insert.setString(3, thumb.completion());
        insert.setBytes(4, DigestUtils.sha256(thumb.completion()));
        insert.setBoolean(5, thumb.up());
        insert.setObject(6, author);
        insert.setObject(7, thumb.annotator());
        insert.setString(8, thumb.policy());
        insert.setObject(9, PromptRows.time(thumb.givenAt()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
