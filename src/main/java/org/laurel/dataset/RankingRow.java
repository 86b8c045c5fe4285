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
 * @param annotatorId of an imported ranking the id on the server that exported it, if it was told;
 *     null where a judge voted
 * @param uncertainty of the task when it was handed out for that, 0 to 1; null where it came in its
 *     turn
 * @param authorKind person, import, ai, or reviewer: the order that counts in place of people's
 * @param withheld set-aside or returned; null while it counts
 * @param withheldNote why
 * @param withheldBy by whom, as annotators are told; null if it counts, or that is not known
 * @param judge of an AI vote: judging, model, rubric version, what it said in both orders, margin,
 *     calibrated probability
 * @param resolution of its task: single, unanimous, unresolved or adjudicated; null of an AI vote,
 *     and where it is not asked for
 * @param adjudication the order that counts in place of people's, with its reason, who gave it,
 *     when, and whether its task is a silent check; null if nobody did, and where it is not asked
 *     for
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
    @Nullable Double uncertainty,
    Instant submittedAt,
    Instant updatedAt,
    @Nullable String withheld,
    @Nullable String withheldNote,
    @Nullable Instant withheldAt,
    @Nullable UUID withheldBy,
    String authorKind,
    @Nullable JsonNode judge,
    @Nullable String resolution,
    @Nullable JsonNode adjudication) {
  static final String AI = "ai";

  private static final String COLUMNS =
      """
      select r.id, r.task_id, r.prompt_id, p.messages::text as messages, p.metadata::text as metadata,
             p.language, encode(p.content_hash, 'hex') as prompt_hash,
             (select coalesce(jsonb_agg(jsonb_build_object(
                       'id', c.id, 'text', c.text, 'origin', c.origin,
                       'policy', coalesce(v.name, c.source_policy),
                       'parameters', c.parameters, 'seed', c.seed, 'logprob', c.logprob,
                       'promptTokens', c.prompt_tokens, 'completionTokens', c.completion_tokens,
                       'finishReason', c.finish_reason, 'metadata', c.metadata) order by c.id), '[]')
                from task_completion tc
                join completion c on c.id = tc.completion_id
                left join policy_version v on v.id = c.policy_id
               where tc.task_id = r.task_id)::text as completions,
             rv.groups::text as groups, to_jsonb(rv.display_order)::text as display_order,
             rv.ratings::text as ratings, rv.flags::text as flags, rv.strength, rv.rationale,
             rv.unrankable, coalesce(r.annotator_id, r.source_annotator_id) as annotator_id, rv.version,
             r.guidelines_version, rv.elapsed_ms,
             (select s.uncertainty from task_seat s where s.task_id = r.task_id and s.seat = r.seat)::double precision
               as uncertainty,
             r.submitted_at, r.updated_at, r.withheld, r.withheld_note, r.withheld_at,
             coalesce(r.withheld_by, r.source_withheld_by) as withheld_by,
             case when r.annotator_id is null then 'import' else 'person' end as author_kind,
             null::text as judge
      """;

  private static final String NOT_ASKED =
      """
      , null::text as resolution, null::text as adjudication
      """;

  /** Who settled it is told by ids as the annotators are. */
  private static final String ASKED =
      """
      , k.resolution,
             (select jsonb_build_object(
                       'groups', adjudicated_groups(d.id), 'strength', d.strength,
                       'unrankable', d.unrankable, 'reason', d.reason,
                       'reviewerId', coalesce(d.given_by, d.source_given_by),
                       'givenAt', to_char(d.given_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                       'check', exists (select 1 from silent_check c where c.task_id = d.task_id))
                from adjudication d where d.task_id = r.task_id and d.withdrawn_at is null)::text
               as adjudication
      """;

  /** A reviewer's order in the shape of a ranking. */
  private static final String ADJUDICATED_COLUMNS =
      """
      select d.id, d.task_id, d.prompt_id, p.messages::text as messages, p.metadata::text as metadata,
             p.language, encode(p.content_hash, 'hex') as prompt_hash,
             (select jsonb_agg(jsonb_build_object('id', c.id, 'text', c.text) order by c.id)
                from task_completion tc join completion c on c.id = tc.completion_id
               where tc.task_id = d.task_id)::text as completions,
             adjudicated_groups(d.id)::text as groups, '[]' as display_order, '{}' as ratings,
             '{}' as flags, d.strength, d.reason as rationale, d.unrankable,
             null::uuid as annotator_id, 1 as version, null::integer as guidelines_version,
             null::bigint as elapsed_ms, null::double precision as uncertainty,
             d.given_at as submitted_at, d.given_at as updated_at, null::text as withheld,
             null::text as withheld_note, null::timestamptz as withheld_at, null::uuid as withheld_by,
             'reviewer' as author_kind,
             null::text as judge
      """
          + NOT_ASKED;

  /** A judge's vote in the shape of a ranking of two completions. */
  private static final String AI_COLUMNS =
      """
      select v.id, v.task_id, v.prompt_id, p.messages::text as messages, p.metadata::text as metadata,
             p.language, encode(p.content_hash, 'hex') as prompt_hash,
             (select jsonb_agg(jsonb_build_object(
                       'id', c.id, 'text', c.text, 'origin', c.origin,
                       'policy', coalesce(w.name, c.source_policy),
                       'parameters', c.parameters, 'seed', c.seed, 'logprob', c.logprob,
                       'promptTokens', c.prompt_tokens, 'completionTokens', c.completion_tokens,
                       'finishReason', c.finish_reason, 'metadata', c.metadata) order by c.id)
                from completion c left join policy_version w on w.id = c.policy_id
               where c.id in (v.first_id, v.second_id))::text as completions,
             jsonb_build_array(jsonb_build_array(v.chosen_id), jsonb_build_array(v.rejected_id))::text
               as groups,
             jsonb_build_array(v.first_id, v.second_id)::text as display_order,
             '{}' as ratings, '{}' as flags, null::smallint as strength, null::text as rationale,
             false as unrankable, null::uuid as annotator_id, 1 as version,
             null::integer as guidelines_version, null::bigint as elapsed_ms,
             null::double precision as uncertainty,
             v.created_at as submitted_at, v.created_at as updated_at, null::text as withheld,
             null::text as withheld_note, null::timestamptz as withheld_at, null::uuid as withheld_by,
             'ai' as author_kind,
             jsonb_build_object(
               'judging', v.judging_id, 'kind', v.judge, 'model', v.model, 'policy', v.policy_id,
               'endpoint', v.endpoint, 'rubricVersion', v.rubric_version, 'forward', v.forward,
               'backward', v.backward, 'margin', v.margin, 'probability', %s)::text as judge
      """
          + NOT_ASKED;

  /** Parameter: the project. Votes of approved judges. */
  static final String AI_OF_PROJECT =
      AI_COLUMNS.formatted("v.probability")
          + " from ai_vote v join prompt p on p.id = v.prompt_id where v.project_id = ? order by v.id";

  /** Parameter: the snapshot. As they were calibrated when it was made, approved still or not. */
  static final String AI_OF_SNAPSHOT =
      AI_COLUMNS.formatted("s.probability")
          + """
            from dataset_snapshot_ai_vote s
            join (select v.id, v.judging_id, v.prompt_id, v.task_id, v.first_id, v.second_id, v.forward,
                         v.backward, v.margin, v.created_at,
                         case v.outcome when 'first' then v.first_id else v.second_id end as chosen_id,
                         case v.outcome when 'first' then v.second_id else v.first_id end as rejected_id,
                         j.judge, j.policy_id, j.endpoint, j.model, j.rubric_version
                    from judge_verdict v join judging j on j.id = v.judging_id) v on v.id = s.verdict_id
            join prompt p on p.id = v.prompt_id
           where s.snapshot_id = ?
           order by v.id
          """;

  /** Parameter: the project. All rankings, oldest first, also those that do not count. */
  static final String OF_PROJECT =
      COLUMNS
          + ASKED
          + """
            from ranking r
            join ranking_version rv on rv.ranking_id = r.id and rv.version = r.version
            join prompt p on p.id = r.prompt_id
            join ranked_task k on k.task_id = r.task_id
           where r.project_id = ?
           order by r.submitted_at, r.id
          """;

  /**
   * Parameter: the project. The rankings that count, oldest first, unrankable ones too; none of
   * tasks that a reviewer has settled.
   */
  static final String COUNTED =
      COLUMNS
          + NOT_ASKED
          + """
            from ranking r
            join ranking_version rv on rv.ranking_id = r.id and rv.version = r.version
            join prompt p on p.id = r.prompt_id
           where r.project_id = ? and r.withheld is null
             and not exists (select 1 from adjudication d
                              where d.task_id = r.task_id and d.withdrawn_at is null)
           order by r.submitted_at, r.id
          """;

  /** Parameter: the project. What can be learnt from, in the order in which snapshots hash it. */
  static final String TRAINABLE =
      COLUMNS
          + NOT_ASKED
          + """
            from ranking r
            join ranking_version rv on rv.ranking_id = r.id and rv.version = r.version
            join prompt p on p.id = r.prompt_id
           where r.project_id = ? and not rv.unrankable and r.withheld is null
             and not exists (select 1 from adjudication d
                              where d.task_id = r.task_id and d.withdrawn_at is null)
           order by r.id
          """;

  /** Parameter: the snapshot. */
  static final String OF_SNAPSHOT =
      COLUMNS
          + NOT_ASKED
          + """
            from dataset_snapshot_ranking s
            join ranking r on r.id = s.ranking_id
            join ranking_version rv on rv.ranking_id = s.ranking_id and rv.version = s.version
            join prompt p on p.id = r.prompt_id
           where s.snapshot_id = ?
           order by r.id
          """;

  /** Parameter: the project. The orders that count in place of rankings, oldest first. */
  static final String ADJUDICATED =
      ADJUDICATED_COLUMNS
          + """
            from adjudication d join prompt p on p.id = d.prompt_id
           where d.project_id = ? and d.withdrawn_at is null
           order by d.given_at, d.id
          """;

  /** Parameter: the project. Those of them that can be learnt from, in the order of hashing. */
  static final String ADJUDICATED_TRAINABLE =
      ADJUDICATED_COLUMNS
          + """
            from adjudication d join prompt p on p.id = d.prompt_id
           where d.project_id = ? and d.withdrawn_at is null and not d.unrankable
           order by d.id
          """;

  /** Parameter: the snapshot. In force still or not. */
  static final String ADJUDICATED_OF_SNAPSHOT =
      ADJUDICATED_COLUMNS
          + """
            from dataset_snapshot_adjudication s
            join adjudication d on d.id = s.adjudication_id
            join prompt p on p.id = d.prompt_id
           where s.snapshot_id = ?
           order by d.id
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
        row.getObject("uncertainty", Double.class),
        row.getObject("submitted_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
        row.getString("withheld"),
        row.getString("withheld_note"),
        instant(row.getObject("withheld_at", OffsetDateTime.class)),
        row.getObject("withheld_by", UUID.class),
        row.getString("author_kind"),
        json(row.getString("judge")),
        row.getString("resolution"),
        json(row.getString("adjudication")));
  }

  private static @Nullable JsonNode json(@Nullable String text) {
    return text == null ? null : Json.parse(text);
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
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
