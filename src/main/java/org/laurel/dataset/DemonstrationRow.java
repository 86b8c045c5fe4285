package org.laurel.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A demonstration in force, as the database tells it.
 *
 * @param prompt messages, {@code [{"role","content"}, ...]}
 * @param flags what its writer found wrong with the prompt
 * @param writer of an imported one the id on the server that exported it, if it was told
 * @param withheldNote why it does not count; null while it does
 * @param authorKind person or import
 */
record DemonstrationRow(
    UUID id,
    UUID promptId,
    JsonNode prompt,
    JsonNode promptMetadata,
    @Nullable String language,
    String text,
    JsonNode flags,
    @Nullable UUID writer,
    int version,
    @Nullable Integer guidelinesVersion,
    @Nullable Long elapsedMs,
    Instant writtenAt,
    @Nullable String withheldNote,
    @Nullable Instant withheldAt,
    String authorKind) {

  private static final String COLUMNS =
      """
      select d.id, d.prompt_id, p.messages::text as messages, p.metadata::text as metadata, p.language,
             d.text, to_jsonb(d.flags)::text as flags, d.writer_id, d.version, d.guidelines_version,
             d.elapsed_ms, d.created_at, d.withheld_note, d.withheld_at,
             case d.origin when 'import' then 'import' else 'person' end as author_kind
        from demonstration d join prompt p on p.id = d.prompt_id
       where p.project_id = ? and d.replaced_at is null
      """;

  private static final String ORDER = " order by d.created_at, d.id";

  /** Parameter: the project. All in force, oldest first, also those that were set aside. */
  static final String OF_PROJECT = COLUMNS + ORDER;

  /** Parameter: the project. Those that count, oldest first. */
  static final String COUNTED = COLUMNS + " and d.withheld_at is null" + ORDER;

  static DemonstrationRow read(ResultSet row) throws SQLException {
    OffsetDateTime withheldAt = row.getObject("withheld_at", OffsetDateTime.class);
    return new DemonstrationRow(
        row.getObject("id", UUID.class),
        row.getObject("prompt_id", UUID.class),
        Json.parse(row.getString("messages")),
        Json.parse(row.getString("metadata")),
        row.getString("language"),
        row.getString("text"),
        Json.parse(row.getString("flags")),
        row.getObject("writer_id", UUID.class),
        row.getInt("version"),
        row.getObject("guidelines_version", Integer.class),
        row.getObject("elapsed_ms", Long.class),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getString("withheld_note"),
        withheldAt == null ? null : withheldAt.toInstant(),
        row.getString("author_kind"));
  }
}
