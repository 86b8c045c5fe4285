package org.laurel.dataset;

import static org.laurel.dataset.ColumnType.BOOLEAN;
import static org.laurel.dataset.ColumnType.MESSAGES;
import static org.laurel.dataset.ColumnType.PAIRS;
import static org.laurel.dataset.ColumnType.TEXT;
import static org.laurel.dataset.ColumnType.TURN;
import static org.laurel.dataset.ColumnType.TURNS;
import static org.laurel.dataset.ColumnType.columns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.laurel.preference.OrderedGroups;

/**
 * The shapes in which other trainers read preferences and instructions.
 *
 * <p>A ranking gives the preference formats one row for every pair of completions of different
 * place: A over B over C gives three; ties and "cannot be ranked" give none. It gives the unpaired
 * format its best group as good and its last as bad, and the instruction formats the completions of
 * its best group, if something was ranked below them. A thumb is a row of the unpaired format,
 * before those that rankings give, and of its own; so is a demonstration of the instruction
 * formats.
 */
public enum ExportFormat {
  /** TRL's standard preference rows. */
  TRL_PREFERENCE(
      "trl-preference",
      "One row a comparison, plain text. Read by TRL's RewardTrainer and DPOTrainer.",
      columns("prompt", TEXT, "chosen", TEXT, "rejected", TEXT)) {
    @Override
    List<ObjectNode> rows(RankingRow ranking) {
      return pairs(
          ranking,
          (chosen, rejected) ->
              Json.object()
                  .put("prompt", Transcript.plain(ranking.prompt()))
                  .put("chosen", chosen)
                  .put("rejected", rejected));
    }
  },
  /** TRL's conversational preference rows. */
  TRL_PREFERENCE_CONVERSATIONAL(
      "trl-preference-conversational",
      "One row a comparison, as messages, so that the trainer applies its chat template.",
      columns("prompt", MESSAGES, "chosen", MESSAGES, "rejected", MESSAGES)) {
    @Override
    List<ObjectNode> rows(RankingRow ranking) {
      return pairs(
          ranking,
          (chosen, rejected) -> {
            ObjectNode row = Json.object();
            row.set("prompt", ranking.prompt());
            row.putArray("chosen").add(message("role", "assistant", "content", chosen));
            row.putArray("rejected").add(message("role", "assistant", "content", rejected));
            return row;
          });
    }
  },
  /** TRL's unpaired preference rows. */
  TRL_UNPAIRED(
      "trl-unpaired",
      "One row a thumb, then one for each best (true) and worst (false) completion of a ranking. Read by TRL's KTOTrainer.",
      columns("prompt", TEXT, "completion", TEXT, "label", BOOLEAN)) {
    @Override
    List<ObjectNode> rows(RankingRow ranking) {
      List<ObjectNode> rows = new ArrayList<>();
      Optional<OrderedGroups<String>> ordered =
          ranking.ranking().filter(r -> r.groups().size() > 1);
      Map<String, String> texts = ranking.texts();
      ordered.ifPresent(
          r -> {
            List<List<String>> groups = r.groups();
            for (String id : groups.get(0)) {
              rows.add(instruction(ranking.prompt(), text(texts, id)).put("label", true));
            }
            for (String id : groups.get(groups.size() - 1)) {
              rows.add(instruction(ranking.prompt(), text(texts, id)).put("label", false));
            }
          });
      return rows;
    }

    @Override
    List<ObjectNode> rows(ThumbRow thumb) {
      return List.of(instruction(thumb.prompt(), thumb.text()).put("label", thumb.up()));
    }
  },
  /** TRL's prompt-completion rows. */
  TRL_PROMPT_COMPLETION(
      "trl-prompt-completion",
      "One row a demonstration or best-ranked completion. Read by TRL's SFTTrainer.",
      columns("prompt", TEXT, "completion", TEXT)) {
    @Override
    List<ObjectNode> rows(RankingRow ranking) {
      return best(ranking).stream().map(text -> instruction(ranking.prompt(), text)).toList();
    }

    @Override
    List<ObjectNode> rows(DemonstrationRow demonstration) {
      return List.of(instruction(demonstration.prompt(), demonstration.text()));
    }
  },
  /** Anthropic's hh-rlhf rows. */
  HH_RLHF(
      "hh-rlhf",
      "One row a comparison: two transcripts that differ in the last answer.",
      columns("chosen", TEXT, "rejected", TEXT)) {
    @Override
    List<ObjectNode> rows(RankingRow ranking) {
      String prompt = Transcript.humanAssistant(ranking.prompt()) + "\n\nAssistant: ";
      return pairs(
          ranking,
          (chosen, rejected) ->
              Json.object().put("chosen", prompt + chosen).put("rejected", prompt + rejected));
    }
  },
  /**
   * Stanford Alpaca's instruction rows, with LLaMA-Factory's columns for what precedes the last
   * turn.
   */
  ALPACA(
      "alpaca",
      "One row a demonstration or best-ranked completion: instruction, input, output.",
      columns(
          "instruction", TEXT, "input", TEXT, "output", TEXT, "system", TEXT, "history", PAIRS)) {
    @Override
    List<ObjectNode> rows(RankingRow ranking) {
      return best(ranking).stream().map(text -> alpaca(ranking.prompt(), text)).toList();
    }

    @Override
    List<ObjectNode> rows(DemonstrationRow demonstration) {
      return List.of(alpaca(demonstration.prompt(), demonstration.text()));
    }
  },
  /** LLaMA-Factory's ShareGPT preference rows. */
  SHAREGPT(
      "sharegpt",
      "One row a comparison: conversations, chosen, rejected. Read by LLaMA-Factory.",
      columns("conversations", TURNS, "chosen", TURN, "rejected", TURN)) {
    @Override
    List<ObjectNode> rows(RankingRow ranking) {
      return pairs(
          ranking,
          (chosen, rejected) -> {
            ObjectNode row = Json.object();
            var turns = row.putArray("conversations");
            for (JsonNode m : ranking.prompt()) {
              String from =
                  switch (m.get("role").textValue()) {
                    case "assistant" -> "gpt";
                    case "system" -> "system";
                    default -> "human";
                  };
              turns.add(message("from", from, "value", m.get("content").textValue()));
            }
            row.set("chosen", message("from", "gpt", "value", chosen));
            row.set("rejected", message("from", "gpt", "value", rejected));
            return row;
          });
    }
  },
  /** Everything that is known of each ranking. */
  RANKINGS(
      "rankings",
      "One row a ranking with everything known of it: completions, ties, displayed order, ratings, times.",
      Lossless.RANKING) {
    @Override
    List<ObjectNode> rows(RankingRow ranking) {
      return List.of(Lossless.row(ranking));
    }
  },
  /** Everything that is known of each thumb. */
  THUMBS(
      "thumbs",
      "One row a thumb with everything known of it, and nothing of the rankings.",
      Lossless.THUMB) {
    @Override
    List<ObjectNode> rows(RankingRow ranking) {
      return List.of();
    }

    @Override
    List<ObjectNode> rows(ThumbRow thumb) {
      return List.of(Lossless.row(thumb));
    }
  },
  /** Everything that is known of each demonstration. */
  DEMONSTRATIONS(
      "demonstrations",
      "One row a demonstration with everything known of it: who wrote it, when, whether it counts.",
      Lossless.DEMONSTRATION) {
    @Override
    List<ObjectNode> rows(RankingRow ranking) {
      return List.of();
    }

    @Override
    List<ObjectNode> rows(DemonstrationRow demonstration) {
      return List.of(Lossless.row(demonstration));
    }
  };

  /** As written in addresses. */
  public final String key;

  /** One or two sentences for people. */
  public final String description;

  final Map<String, ColumnType> columns;

  ExportFormat(String key, String description, Map<String, ColumnType> columns) {
    this.key = key;
    this.description = description;
    this.columns = columns;
  }

  /** The rows that a ranking gives, each with all columns in their order. */
  abstract List<ObjectNode> rows(RankingRow ranking);

  /** The row that a demonstration gives, in the formats for instruction tuning. */
  List<ObjectNode> rows(DemonstrationRow demonstration) {
    return List.of();
  }

  /** Whether demonstrations give rows. */
  boolean readsDemonstrations() {
    return this == TRL_PROMPT_COMPLETION || this == ALPACA || this == DEMONSTRATIONS;
  }

  /** The row that a thumb gives, in the formats for single completions. */
  List<ObjectNode> rows(ThumbRow thumb) {
    return List.of();
  }

  /** Whether thumbs give rows. */
  boolean readsThumbs() {
    return this == TRL_UNPAIRED || this == THUMBS;
  }

  /** Whether rankings give rows. */
  boolean readsRankings() {
    return this != THUMBS && this != DEMONSTRATIONS;
  }

  /**
   * Where the rankings come from. The lossless rows are of all; otherwise only those that count,
   * and in place of those of a settled task the reviewer's order.
   */
  List<String> statements() {
    return this == RANKINGS
        ? List.of(RankingRow.OF_PROJECT)
        : List.of(RankingRow.COUNTED, RankingRow.ADJUDICATED);
  }

  /** Where the demonstrations come from; but for the lossless rows only those that count do. */
  String demonstrations() {
    return this == DEMONSTRATIONS ? DemonstrationRow.OF_PROJECT : DemonstrationRow.COUNTED;
  }

  /** The format of that key. */
  public static Optional<ExportFormat> of(String key) {
    for (ExportFormat format : values()) {
      if (format.key.equals(key.toLowerCase(Locale.ROOT))) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  private interface PairRow {
    ObjectNode of(String chosen, String rejected);
  }

  private static List<ObjectNode> pairs(RankingRow ranking, PairRow row) {
    Map<String, String> texts = ranking.texts();
    return ranking.ranking().stream()
        .flatMap(ordered -> ordered.comparisons().stream())
        .filter(comparison -> !comparison.tie())
        .map(pair -> row.of(text(texts, pair.chosen()), text(texts, pair.rejected())))
        .toList();
  }

  private static List<String> best(RankingRow ranking) {
    Map<String, String> texts = ranking.texts();
    return ranking
        .ranking()
        .filter(ordered -> ordered.groups().size() > 1)
        .map(ordered -> ordered.groups().get(0).stream().map(id -> text(texts, id)).toList())
        .orElse(List.of());
  }

  private static String text(Map<String, String> texts, String id) {
    String text = texts.get(id);
    if (text == null) {
      throw new IllegalStateException("completion " + id + " is ranked but not in its task");
    }
    return text;
  }

  private static ObjectNode instruction(JsonNode prompt, String completion) {
    return Json.object().put("prompt", Transcript.plain(prompt)).put("completion", completion);
  }

  private static ObjectNode alpaca(JsonNode prompt, String output) {
    String system = "";
    List<String> turns = new ArrayList<>();
    for (JsonNode message : prompt) {
      if (message.get("role").textValue().equals("system")) {
        system = message.get("content").textValue();
      } else {
        turns.add(message.get("content").textValue());
      }
    }
    ObjectNode row =
        Json.object()
            .put("instruction", turns.get(turns.size() - 1))
            .put("input", "")
            .put("output", output)
            .put("system", system);
    var history = row.putArray("history");
    for (int i = 0; i + 2 < turns.size(); i += 2) {
      history.addArray().add(turns.get(i)).add(turns.get(i + 1));
    }
    return row;
  }

  private static ObjectNode message(String whoKey, String who, String textKey, String text) {
    return Json.object().put(whoKey, who).put(textKey, text);
  }
}
