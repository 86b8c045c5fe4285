package org.laurel.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Writes demonstrations in batches, each text of a person once for a prompt; one of which nobody
 * knows whose it is only if nobody has written the same.
 */
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
            "insert into demonstration (id, prompt_id, text, content_hash, author_id,"
                + " source_author_id, flags, elapsed_ms, created_at, withheld_note, withheld_at)"
                + " select n.id, n.prompt_id, n.text, n.content_hash, n.author_id, n.writer_id,"
                + " n.flags, n.elapsed_ms, coalesce(n.written_at, now()), n.note,"
                + " case when n.note is not null then coalesce(n.withheld_at, now()) end"
                + " from (values (?::uuid, ?::uuid, ?::text, ?::bytea, ?::uuid, ?::uuid, ?::text[],"
                + " ?::bigint, ?::timestamptz, ?::text, ?::timestamptz)) as n (id, prompt_id, text,"
                + " content_hash, author_id, writer_id, flags, elapsed_ms, written_at, note,"
                + " withheld_at)"
                + " where not exists (select from demonstration d"
                + " where d.prompt_id = n.prompt_id and d.content_hash = n.content_hash"
                + " and d.replaced_at is null"
                + " and (n.writer_id is null or d.writer_id = n.writer_id))"
                + " on conflict do nothing")) {
      for (int i = 0; i < demonstrations.size(); i++) {
        NewDemonstration demonstration = demonstrations.get(i);
        insert.setObject(1, PromptRows.newId());
        insert.setObject(2, ids.get(i));
        insert.setString(3, demonstration.completion());
        insert.setBytes(4, DigestUtils.sha256(demonstration.completion()));
        insert.setObject(5, author);
        insert.setObject(6, demonstration.annotator());
        insert.setArray(7, connection.createArrayOf("text", demonstration.flags().toArray()));
        insert.setObject(8, demonstration.elapsedMs(), Types.BIGINT);
        insert.setObject(9, PromptRows.time(demonstration.writtenAt()));
        insert.setString(10, demonstration.setAside());
        insert.setObject(11, PromptRows.time(demonstration.setAsideAt()));
        insert.addBatch();
      }
      return PromptRows.inserted(insert.executeBatch());
    }
  }
}
