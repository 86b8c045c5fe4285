package org.laurel.engine.reward;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.run.Conversations;
import org.laurel.engine.run.HeldOut;
import org.laurel.preference.OrderedGroups;
import org.laurel.tokenizer.Message;

/**
 * One ranking of a frozen dataset.
 *
 * @param prompt the conversation
 * @param completions texts, K of them
 * @param ranking indices into {@code completions}
 * @param annotator opaque id of who ranked; null if unknown
 * @param strength of the preference, 1 to 4; null if not asked
 * @param promptHash hexadecimal; the same for the same prompt
 */
public record RankingRow(
    List<Message> prompt,
    List<String> completions,
    OrderedGroups<Integer> ranking,
    @Nullable String annotator,
    @Nullable Integer strength,
    String promptHash) {

  /**
   * One line of {@code rankings.jsonl}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static RankingRow parse(JsonNode row) {
    List<String> completions = new ArrayList<>();
    row.path("completions").forEach(text -> completions.add(text.asText()));
    List<List<Integer>> groups = new ArrayList<>();
    for (JsonNode group : row.path("groups")) {
      List<Integer> indices = new ArrayList<>();
      group.forEach(index -> indices.add(index.asInt(-1)));
      groups.add(indices);
    }
    JsonNode hash = row.path("promptHash");
    return new RankingRow(
        Conversations.parse(row.path("prompt")),
        completions,
        OrderedGroups.of(groups, IntStream.range(0, completions.size()).boxed().toList()),
        row.path("annotator").isTextual() ? row.get("annotator").asText() : null,
        row.path("strength").isInt() ? row.get("strength").asInt() : null,
        hash.isTextual() ? hash.asText() : HeldOut.sha256(row.path("prompt").toString()));
  }

  /** What the user said first; rows that share it are on the same side of every split. */
  String opening() {
    return Conversations.opening(prompt);
  }

  /** Whether the row's prompt judges the model rather than trains it. */
  public boolean heldOut(double fraction) {
    return HeldOut.contains(opening(), fraction);
  }
}
