package org.laurel.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A thumb that stands, as the database tells it.
 *
 * @param prompt messages, {@code [{"role","content"}, ...]}
 * @param policy name of the version that wrote the text, where known
 */
record ThumbRow(
    JsonNode prompt,
    JsonNode promptMetadata,
    @Nullable String language,
    String text,
    boolean up,
    @Nullable UUID author,
    @Nullable String policy,
    Instant givenAt) {

  /** Parameter: the project. In the order in which they were given. */
  static final String OF_PROJECT =
      """
      select p.messages::text as messages, p.metadata::text as metadata, p.language,
             t.text, t.up, coalesce(t.source_author_id, t.author_id) as author_id,
             coalesce(v.name, t.source_policy) as policy, t.created_at
        from thumb t join prompt p on p.id = t.prompt_id
        left join policy_version v on v.id = t.policy_id
       where p.project_id = ? and t.withdrawn_at is null order by t.created_at, t.id
      """;

  static ThumbRow read(ResultSet row) throws SQLException {
    return new ThumbRow(
        Json.parse(row.getString("messages")),
        Json.parse(row.getString("metadata")),
        row.getString("language"),
        row.getString("text"),
        row.getBoolean("up"),
        row.getObject("author_id", UUID.class),
        row.getString("policy"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
