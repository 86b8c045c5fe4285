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
 * @param probability that people choose as this ranking does, where a model gave it; null for
 *     people's own
 */
public record RankingRow(
    List<Message> prompt,
    List<String> completions,
    OrderedGroups<Integer> ranking,
    @Nullable String annotator,
    @Nullable Integer strength,
    String promptHash,
    @Nullable Double probability) {

  /** A ranking by people. */
  public RankingRow(
      List<Message> prompt,
      List<String> completions,
      OrderedGroups<Integer> ranking,
      @Nullable String annotator,
      @Nullable Integer strength,
      String promptHash) {
    this(prompt, completions, ranking, annotator, strength, promptHash, null);
  }

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
    return new RankingRow(
        Conversations.parse(row.path("prompt")),
        completions,
        OrderedGroups.of(groups, IntStream.range(0, completions.size()).boxed().toList()),
        row.path("annotator").isTextual() ? row.get("annotator").asText() : null,
        row.path("strength").isInt() ? row.get("strength").asInt() : null,
        HeldOut.hash(row),
        probability(row.path("probability")));
  }

  private static @Nullable Double probability(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    double probability = given.asDouble(Double.NaN);
    if (!(probability >= 0.5 && probability <= 1)) {
      throw new IllegalArgumentException("a probability of " + given + " is not in [0.5, 1]");
    }
    return probability;
  }

  /** How sure its choices are: 1 for people's. */
  public double certainty() {
    return probability == null ? 1 : probability;
  }

  /** What the user said first; rows that share it are on the same side of every split. */
  public String opening() {
    return Conversations.opening(prompt);
  }

  /**
   * What a model is judged by: people's rankings, and a judge's only where there are no others.
   *
   * @param heldOut all that did not train
   */
  public static List<RankingRow> judging(List<RankingRow> heldOut) {
    List<RankingRow> people = heldOut.stream().filter(row -> row.probability() == null).toList();
    return people.isEmpty() ? heldOut : people;
  }
}
