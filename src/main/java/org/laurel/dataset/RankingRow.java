package org.laurel.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.preference.OrderedGroups;

/**
 * A ranking with everything it was made of, as the database tells it.
 *
 * @param prompt messages, {@code [{"role","content"}, ...]}
 * @param promptHash 64 hex digits; the unit by which data is split into training and held-out
 * @param completions {@code [{"id","text", provenance...}, ...]} in the order of their ids
 * @param groups {@code [[completionId, ...], ...]} best first
 * @param displayedOrder completion ids, first to last
 * @param annotatorId null where the ranking was imported
 */
record RankingRow(
    UUID rankingId,
    UUID taskId,
    UUID promptId,
    JsonNode prompt,
    JsonNode promptMetadata,
    @Nullable String language,
    String promptHash,
    JsonNode completions,
    JsonNode groups,
    JsonNode displayedOrder,
    JsonNode ratings,
    JsonNode flags,
    @Nullable Integer strength,
    @Nullable String rationale,
    boolean unrankable,
    @Nullable UUID annotatorId,
    int version,
    @Nullable Integer guidelinesVersion,
    @Nullable Long elapsedMs,
    Instant submittedAt,
    Instant updatedAt) {

  private static final String COLUMNS =
      """
      select r.id, r.task_id, r.prompt_id, p.messages::text as messages, p.metadata::text as metadata,
             p.language, encode(p.content_hash, 'hex') as prompt_hash,
             (select coalesce(jsonb_agg(jsonb_build_object(
                       'id', c.id, 'text', c.text, 'origin', c.origin, 'policy', v.name,
                       'parameters', c.parameters, 'seed', c.seed, 'logprob', c.logprob,
                       'promptTokens', c.prompt_tokens, 'completionTokens', c.completion_tokens,
                       'finishReason', c.finish_reason) order by c.id), '[]')
                from task_completion tc
                join completion c on c.id = tc.completion_id
                left join policy_version v on v.id = c.policy_id
               where tc.task_id = r.task_id)::text as completions,
             rv.groups::text as groups, to_jsonb(rv.display_order)::text as display_order,
             rv.ratings::text as ratings, rv.flags::text as flags, rv.strength, rv.rationale,
             rv.unrankable, r.annotator_id, rv.version, r.guidelines_version, rv.elapsed_ms,
             r.submitted_at, r.updated_at
      """;

  /** Parameter: the project. All rankings in force, oldest first, unrankable ones too. */
  static final String OF_PROJECT =
      COLUMNS
          + """
            from ranking r
            join ranking_version rv on rv.ranking_id = r.id and rv.version = r.version
            join prompt p on p.id = r.prompt_id
           where r.project_id = ?
           order by r.submitted_at, r.id
          """;

  /** Parameter: the project. What can be learnt from, in the order in which snapshots hash it. */
  static final String TRAINABLE =
      COLUMNS
          + """
            from ranking r
            join ranking_version rv on rv.ranking_id = r.id and rv.version = r.version
            join prompt p on p.id = r.prompt_id
           where r.project_id = ? and not rv.unrankable
           order by r.id
          """;

  /** Parameter: the snapshot. */
  static final String OF_SNAPSHOT =
      COLUMNS
          + """
            from dataset_snapshot_ranking s
            join ranking r on r.id = s.ranking_id
            join ranking_version rv on rv.ranking_id = s.ranking_id and rv.version = s.version
            join prompt p on p.id = r.prompt_id
           where s.snapshot_id = ?
           order by r.id
          """;

  static RankingRow read(ResultSet row) throws SQLException {
    return new RankingRow(
        row.getObject("id", UUID.class),
        row.getObject("task_id", UUID.class),
        row.getObject("prompt_id", UUID.class),
        Json.parse(row.getString("messages")),
        Json.parse(row.getString("metadata")),
        row.getString("language"),
        row.getString("prompt_hash"),
        Json.parse(row.getString("completions")),
        Json.parse(row.getString("groups")),
        Json.parse(row.getString("display_order")),
        Json.parse(row.getString("ratings")),
        Json.parse(row.getString("flags")),
        row.getObject("strength", Integer.class),
        row.getString("rationale"),
        row.getBoolean("unrankable"),
        row.getObject("annotator_id", UUID.class),
        row.getInt("version"),
        row.getObject("guidelines_version", Integer.class),
        row.getObject("elapsed_ms", Long.class),
        row.getObject("submitted_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }

  /** The completions' texts by id, in the order of the ids. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    completions.forEach(c -> texts.put(c.get("id").textValue(), c.get("text").textValue()));
    return texts;
  }

  /** The ranking itself; empty where the annotator said that nothing could be ranked. */
  Optional<OrderedGroups<String>> ranking() {
    if (unrankable || groups.isEmpty()) {
      return Optional.empty();
    }
    List<List<String>> ordered = new ArrayList<>();
    groups.forEach(
        group -> {
          List<String> tied = new ArrayList<>();
          group.forEach(id -> tied.add(id.textValue()));
          ordered.add(tied);
        });
    return Optional.of(new OrderedGroups<>(ordered));
  }
}
