package org.laurel.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;

/** Writes thumbs in batches, each person's thumb on a text once. */
final class ThumbRows {
  private final Connection connection;
  private final PromptRows prompts;
  private final UUID author;

  ThumbRows(Connection connection, PromptRows prompts, UUID author) {
    this.connection = connection;
    this.prompts = prompts;
    this.author = author;
  }

  int insert(List<NewThumb> thumbs) throws SQLException {
    List<UUID> ids = prompts.ids(thumbs.stream().map(NewThumb::prompt).toList());
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into thumb (id, prompt_id, text, content_hash, up, author_id)"
                + " values (?, ?, ?, ?, ?, ?) on conflict do nothing")) {
      for (int i = 0; i < thumbs.size(); i++) {
        NewThumb thumb = thumbs.get(i);
        insert.setObject(1, PromptRows.newId());
        insert.setObject(2, ids.get(i));
        insert.setString(3, thumb.completion());
        insert.setBytes(4, DigestUtils.sha256(thumb.completion()));
        insert.setBoolean(5, thumb.up());
        insert.setObject(6, author);
        insert.addBatch();
      }
      return PromptRows.inserted(insert.executeBatch());
    }
  }
}
