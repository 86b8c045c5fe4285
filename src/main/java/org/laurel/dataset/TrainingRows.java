package org.laurel.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of snapshot: where their rows come from, and how a trainer reads them in a run
 * directory.
 */
enum TrainingRows {
  /**
   * {@code {"prompt", "completions", "groups" of indices, "annotator"?, "strength"?,
   * "promptHash"}}.
   */
  PREFERENCE("rankings.jsonl", RankingRow.TRAINABLE, RankingRow.OF_SNAPSHOT) {
    @Override
    Row read(ResultSet row) throws SQLException {
      RankingRow ranking = RankingRow.read(row);
      return new Row(ranking.rankingId(), ranking.version(), line(ranking));
    }
  },
  /** As {@link #PREFERENCE}, by nobody: a reviewer's order in place of people's. */
  ADJUDICATION(
      "rankings.jsonl", RankingRow.ADJUDICATED_TRAINABLE, RankingRow.ADJUDICATED_OF_SNAPSHOT) {
    @Override
    Row read(ResultSet row) throws SQLException {
      RankingRow ranking = RankingRow.read(row);
      return new Row(ranking.rankingId(), ranking.version(), line(ranking));
    }
  },
  /**
   * As {@link #PREFERENCE}, of two completions, with {@code "probability"} that people choose so;
   * the annotator is the judging.
   */
  AI_VOTE("rankings.jsonl", RankingRow.AI_OF_PROJECT, RankingRow.AI_OF_SNAPSHOT) {
    @Override
    Row read(ResultSet row) throws SQLException {
      RankingRow ranking = RankingRow.read(row);
      return new Row(ranking.rankingId(), ranking.version(), line(ranking));
    }
  },
  /** {@code {"prompt", "promptHash"}}. */
  PROMPT(
      "prompts.jsonl",
      Sql.PROMPT + " from prompt p where p.project_id = ? and p.retired_at is null order by p.id",
      Sql.PROMPT
          + " from dataset_snapshot_prompt s join prompt p on p.id = s.prompt_id"
          + " where s.snapshot_id = ? order by p.id") {
    @Override
    Row read(ResultSet row) throws SQLException {
      return new Row(row.getObject("id", UUID.class), 1, Json.line(prompt(row)));
    }
  },
  /** {@code {"prompt", "promptHash", "completion", "annotator"?}}. */
  DEMONSTRATION(
      "demonstrations.jsonl",
      Sql.DEMONSTRATION
          + " from demonstration d join prompt p on p.id = d.prompt_id where p.project_id = ?"
          + " and p.retired_at is null and d.replaced_at is null and d.withheld_at is null"
          + " order by d.id",
      Sql.DEMONSTRATION
          + " from dataset_snapshot_demonstration s join demonstration d on d.id = s.demonstration_id"
          + " join prompt p on p.id = d.prompt_id where s.snapshot_id = ? order by d.id") {
    @Override
    Row read(ResultSet row) throws SQLException {
      ObjectNode json = prompt(row).put("completion", row.getString("text"));
      String writer = row.getString("writer_id");
      if (writer != null) {
        json.put("annotator", writer);
      }
      return new Row(row.getObject("id", UUID.class), 1, Json.line(json), writer);
    }
  },
  /** {@code {"prompt", "promptHash", "completion", "label"}}. */
  THUMB(
      "thumbs.jsonl",
      Sql.THUMB
          + " from thumb t join prompt p on p.id = t.prompt_id where p.project_id = ?"
          + " and p.retired_at is null and t.withdrawn_at is null order by t.id",
      Sql.THUMB
          + " from dataset_snapshot_thumb s join thumb t on t.id = s.thumb_id"
          + " join prompt p on p.id = t.prompt_id where s.snapshot_id = ? order by t.id") {
    @Override
    Row read(ResultSet row) throws SQLException {
      ObjectNode json = prompt(row).put("completion", row.getString("text"));
      json.put("label", row.getBoolean("up"));
      return new Row(row.getObject("id", UUID.class), 1, Json.line(json));
    }
  };

  /**
   * A row of a snapshot: what it is of, and its line without the line feed.
   *
   * @param by who wrote a demonstration, where that is known
   */
  record Row(UUID id, int version, String line, @Nullable String by) {
    Row(UUID id, int version, String line) {
      this(id, version, line, null);
    }

    Row withoutLine() {
      return new Row(id, version, "", by);
    }
  }

  private static final class Sql {
    static final String PROMPT =
        "select p.id, p.messages::text as messages, encode(p.content_hash, 'hex') as prompt_hash";
    static final String DEMONSTRATION =
        "select d.id, d.text, d.writer_id, p.messages::text as messages,"
            + " encode(p.content_hash, 'hex') as prompt_hash";
    static final String THUMB =
        "select t.id, t.text, t.up, p.messages::text as messages,"
            + " encode(p.content_hash, 'hex') as prompt_hash";
  }

  final String file;
  final String candidates;
  final String frozen;

  TrainingRows(String file, String candidates, String frozen) {
    this.file = file;
    this.candidates = candidates;
    this.frozen = frozen;
  }

  abstract Row read(ResultSet row) throws SQLException;

  String kind() {
    return switch (this) {
      case PREFERENCE, ADJUDICATION, AI_VOTE -> "preference";
      case PROMPT -> "prompt";
      case DEMONSTRATION -> "demonstration";
      case THUMB -> "thumb";
    };
  }

  /** What a snapshot of that kind may hold, in the order in which it is hashed and written. */
  static List<TrainingRows> ofKind(String kind) {
    List<TrainingRows> parts = Arrays.stream(values()).filter(r -> r.kind().equals(kind)).toList();
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("no snapshot is of kind " + kind);
    }
    return parts;
  }

  private static ObjectNode prompt(ResultSet row) throws SQLException {
    ObjectNode json = Json.object();
    json.set("prompt", Json.parse(row.getString("messages")));
    return json.put("promptHash", row.getString("prompt_hash"));
  }

  private static String line(RankingRow ranking) {
    Map<String, String> texts = ranking.texts();
    List<String> ids = new ArrayList<>(texts.keySet());
    ObjectNode json = Json.object();
    json.set("prompt", ranking.prompt());
    ArrayNode completions = json.putArray("completions");
    texts.values().forEach(completions::add);
    ArrayNode groups = json.putArray("groups");
    ranking
        .ranking()
        .ifPresent(
            ordered ->
                ordered
                    .groups()
                    .forEach(
                        tied -> {
                          ArrayNode group = groups.addArray();
                          tied.forEach(id -> group.add(ids.indexOf(id)));
                        }));
    if (ranking.annotatorId() != null) {
      json.put("annotator", ranking.annotatorId().toString());
    }
    if (ranking.strength() != null) {
      json.put("strength", ranking.strength());
    }
    JsonNode judge = ranking.judge();
    if (judge != null) {
      json.put("annotator", "judge-" + judge.get("judging").textValue());
      json.put("probability", judge.get("probability").doubleValue());
    }
    json.put("promptHash", ranking.promptHash());
    return Json.line(json);
  }
}
