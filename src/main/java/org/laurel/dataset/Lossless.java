package org.laurel.dataset;

import static org.laurel.dataset.ColumnType.BOOLEAN;
import static org.laurel.dataset.ColumnType.GROUPS;
import static org.laurel.dataset.ColumnType.INTEGER;
import static org.laurel.dataset.ColumnType.JSON;
import static org.laurel.dataset.ColumnType.MESSAGES;
import static org.laurel.dataset.ColumnType.NUMBER;
import static org.laurel.dataset.ColumnType.TEXT;
import static org.laurel.dataset.ColumnType.TEXTS;
import static org.laurel.dataset.ColumnType.TIME;
import static org.laurel.dataset.ColumnType.columns;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Laurel's own rows, which tell everything that is known of a ranking, a thumb or a demonstration.
 */
final class Lossless {
  static final Map<String, ColumnType> RANKING =
      columns(
          "rankingId",
          TEXT,
          "taskId",
          TEXT,
          "promptId",
          TEXT,
          "annotatorId",
          TEXT,
          "prompt",
          MESSAGES,
          "promptMetadata",
          JSON,
          "language",
          TEXT,
          "completions",
          JSON,
          "groups",
          GROUPS,
          "displayedOrder",
          TEXTS,
          "ratings",
          JSON,
          "flags",
          JSON,
          "strength",
          INTEGER,
          "rationale",
          TEXT,
          "unrankable",
          BOOLEAN,
          "version",
          INTEGER,
          "guidelinesVersion",
          INTEGER,
          "elapsedMs",
          INTEGER,
          "uncertainty",
          NUMBER,
          "submittedAt",
          TIME,
          "updatedAt",
          TIME,
          "withheld",
          TEXT,
          "withheldNote",
          TEXT,
          "withheldAt",
          TIME,
          "withheldBy",
          TEXT,
          "authorKind",
          TEXT,
          "judge",
          JSON,
          "resolution",
          TEXT,
          "adjudication",
          JSON);

  static final Map<String, ColumnType> THUMB =
      columns(
          "prompt",
          MESSAGES,
          "completion",
          TEXT,
          "label",
          BOOLEAN,
          "metadata",
          JSON,
          "language",
          TEXT,
          "annotatorId",
          TEXT,
          "policy",
          TEXT,
          "givenAt",
          TIME);

  static final Map<String, ColumnType> DEMONSTRATION =
      columns(
          "demonstrationId",
          TEXT,
          "promptId",
          TEXT,
          "annotatorId",
          TEXT,
          "prompt",
          MESSAGES,
          "completion",
          TEXT,
          "metadata",
          JSON,
          "language",
          TEXT,
          "flags",
          TEXTS,
          "version",
          INTEGER,
          "guidelinesVersion",
          INTEGER,
          "elapsedMs",
          INTEGER,
          "writtenAt",
          TIME,
          "withheld",
          TEXT,
          "withheldNote",
          TEXT,
          "withheldAt",
          TIME,
          "authorKind",
          TEXT);

  private Lossless() {}

  static ObjectNode row(RankingRow ranking) {
    ObjectNode row =
        Json.object()
            .put("rankingId", ranking.rankingId().toString())
            .put("taskId", ranking.taskId().toString())
            .put("promptId", ranking.promptId().toString())
            .put("annotatorId", text(ranking.annotatorId()));
    row.set("prompt", ranking.prompt());
    row.set("promptMetadata", ranking.promptMetadata());
    row.put("language", ranking.language());
    row.set("completions", ranking.completions());
    row.set("groups", ranking.groups());
    row.set("displayedOrder", ranking.displayedOrder());
    row.set("ratings", ranking.ratings());
    row.set("flags", ranking.flags());
    row.put("strength", ranking.strength())
        .put("rationale", ranking.rationale())
        .put("unrankable", ranking.unrankable())
        .put("version", ranking.version())
        .put("guidelinesVersion", ranking.guidelinesVersion())
        .put("elapsedMs", ranking.elapsedMs())
        .put("uncertainty", ranking.uncertainty())
        .put("submittedAt", ranking.submittedAt().toString())
        .put("updatedAt", ranking.updatedAt().toString())
        .put("withheld", ranking.withheld())
        .put("withheldNote", ranking.withheldNote())
        .put("withheldAt", text(ranking.withheldAt()))
        .put("withheldBy", text(ranking.withheldBy()))
        .put("authorKind", ranking.authorKind());
    row.set("judge", ranking.judge());
    row.put("resolution", ranking.resolution());
    row.set("adjudication", ranking.adjudication());
    return row;
  }

  static ObjectNode row(ThumbRow thumb) {
    ObjectNode row = Json.object();
    row.set("prompt", thumb.prompt());
    row.put("completion", thumb.text()).put("label", thumb.up());
    row.set("metadata", thumb.promptMetadata());
    row.put("language", thumb.language())
        .put("annotatorId", text(thumb.author()))
        .put("policy", thumb.policy())
        .put("givenAt", thumb.givenAt().toString());
    return row;
  }

  static ObjectNode row(DemonstrationRow demonstration) {
    ObjectNode row =
        Json.object()
            .put("demonstrationId", demonstration.id().toString())
            .put("promptId", demonstration.promptId().toString())
            .put("annotatorId", text(demonstration.writer()));
    row.set("prompt", demonstration.prompt());
    row.put("completion", demonstration.text());
    row.set("metadata", demonstration.promptMetadata());
    row.put("language", demonstration.language());
    row.set("flags", demonstration.flags());
    return row.put("version", demonstration.version())
        .put("guidelinesVersion", demonstration.guidelinesVersion())
        .put("elapsedMs", demonstration.elapsedMs())
        .put("writtenAt", demonstration.writtenAt().toString())
        .put("withheld", demonstration.withheldNote() == null ? null : "set-aside")
        .put("withheldNote", demonstration.withheldNote())
        .put("withheldAt", text(demonstration.withheldAt()))
        .put("authorKind", demonstration.authorKind());
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
