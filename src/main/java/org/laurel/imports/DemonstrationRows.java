package org.laurel.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/** Writes demonstrations in batches, each text once for a prompt. */
final class DemonstrationRows {
  private final Connection connection;
  private final PromptRows prompts;
  private final @Nullable UUID author;

  DemonstrationRows(Connection connection, PromptRows prompts, @Nullable UUID author) {
    this.connection = connection;
    this.prompts = prompts;
    this.author = author;
  }

  int insert(List<NewDemonstration> demonstrations) throws SQLException {
    List<UUID> ids = prompts.ids(demonstrations.stream().map(NewDemonstration::prompt).toList());
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into demonstration (id, prompt_id, text, content_hash, author_id) values (?, ?, ?, ?, ?)"
                + " on conflict do nothing")) {
      for (int i = 0; i < demonstrations.size(); i++) {
        String text = demonstrations.get(i).completion();
        insert.setObject(1, PromptRows.newId());
        insert.setObject(2, ids.get(i));
        insert.setString(3, text);
        insert.setBytes(4, DigestUtils.sha256(text));
        insert.setObject(5, author);
        insert.addBatch();
      }
      return PromptRows.inserted(insert.executeBatch());
    }
  }
}
