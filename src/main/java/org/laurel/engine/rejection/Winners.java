package org.laurel.engine.rejection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.laurel.engine.ppo.Episode;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.Split;
import org.laurel.engine.sft.SftExample;
import org.laurel.preference.BestOfN;

/** The best completion of each prompt, and how the draws scored. */
final class Winners {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "winners";

  private final List<SftExample> examples = new ArrayList<>();
  private final List<String> openings = new ArrayList<>();
  private final List<ObjectNode> rows = new ArrayList<>();
  private final int wanted;
  private final int dropped;
  private int prompts;
  private int draws;
  private int stopped;
  private double scores;
  private double best;

  /**
   * None yet.
   *
   * @param wanted prompts that are to be drawn
   * @param dropped prompts that are left out
   */
  Winners(int wanted, int dropped) {
    this.wanted = wanted;
    this.dropped = dropped;
  }

  /**
   * Takes the best of one prompt's draws; none if none of them came to its end.
   *
   * @param scored of each draw
   * @param opening what the user said first
   */
  void choose(List<Episode> drawn, double[] scored, String opening, int maxLength) {
    prompts++;
    double[] eligible = scored.clone();
    for (int i = 0; i < eligible.length; i++) {
      draws++;
      if (drawn.get(i).stopped()) {
        stopped++;
        scores += scored[i];
      } else {
        eligible[i] = Double.NEGATIVE_INFINITY;
      }
    }
    int winner = BestOfN.best(eligible);
    if (drawn.get(winner).stopped()) {
      Episode episode = drawn.get(winner);
      add(episode.prompt(), episode.completion(), scored[winner], opening, maxLength);
    }
  }

  private void add(int[] prompt, int[] completion, double score, String opening, int maxLength) {
    Optional<SftExample> example = SftExample.completion(prompt, completion, maxLength);
    if (example.isPresent()) {
      examples.add(example.get());
      openings.add(opening);
      best += score;
      ObjectNode row = JSON.createObjectNode();
      row.set("prompt", JSON.valueToTree(prompt));
      row.set("completion", JSON.valueToTree(completion));
      rows.add(row.put("score", score).put("opening", opening));
    }
  }

  List<SftExample> examples() {
    return examples;
  }

  /**
   * Those that train, and those of other prompts: conversations that begin alike are on one side.
   *
   * @param fraction of prompts to hold out
   */
  Split<SftExample> split(double fraction) {
    Split<Integer> places =
        Split.of(IntStream.range(0, examples.size()).boxed().toList(), openings::get, fraction);
    return new Split<>(
        places.training().stream().map(examples::get).toList(),
        places.heldOut().stream().map(examples::get).toList());
  }

  /** Prompts drawn so far. */
  int prompts() {
    return prompts;
  }

  /** Whether all prompts were drawn. */
  boolean complete() {
    return prompts == wanted;
  }

  /** Prompts that were left out, since a completion had no room beside them. */
  int dropped() {
    return dropped;
  }

  /** Figures by name. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("winners", (double) examples.size());
    figures.put("dropped_prompts", (double) dropped);
    figures.put("val/stop_rate", stopped / (double) Math.max(1, draws));
    if (!examples.isEmpty()) {
      figures.put("score/draws", scores / stopped);
      figures.put("score/winners", best / examples.size());
      figures.put("kl_bound", BestOfN.klBound(Math.max(1, draws / prompts)));
    }
    return figures;
  }

  /** Keeps them in the run directory, as far as they are, so that none is drawn again. */
  void save(RunDirectory directory) throws IOException {
    StringBuilder lines = new StringBuilder();
    ObjectNode totals = JSON.createObjectNode().put("prompts", prompts).put("draws", draws);
    totals.put("dropped", dropped).put("wanted", wanted);
    lines.append(totals.put("stopped", stopped).put("scores", scores)).append('\n');
    rows.forEach(row -> lines.append(row).append('\n'));
    directory.write(FILE, lines.toString());
  }

  /** What an earlier process of the run kept; nothing if it had not come so far. */
  static Optional<Winners> saved(RunDirectory directory, int maxLength) throws IOException {
    if (!directory.has(FILE)) {
      return Optional.empty();
    }
    List<JsonNode> lines = directory.rows(FILE);
    JsonNode totals = lines.get(0);
    int prompts = totals.path("prompts").asInt();
    // older versions kept them once they were complete
    Winners winners =
        new Winners(totals.path("wanted").asInt(prompts), totals.path("dropped").asInt());
    winners.prompts = prompts;
    winners.draws = totals.path("draws").asInt();
    winners.stopped = totals.path("stopped").asInt();
    winners.scores = totals.path("scores").asDouble();
    for (JsonNode row : lines.subList(1, lines.size())) {
      winners.add(
          ints(row.path("prompt")),
          ints(row.path("completion")),
          row.path("score").asDouble(),
          row.path("opening").asText(row.path("prompt").toString()), // older versions kept none
          maxLength);
    }
    return Optional.of(winners);
  }

  private static int[] ints(JsonNode array) {
    int[] ints = new int[array.size()];
    Arrays.setAll(ints, i -> array.get(i).asInt());
    return ints;
  }
}
