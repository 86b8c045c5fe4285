package org.laurel.simulation.learning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.laurel.engine.run.Seeds;
import org.laurel.model.ModelDirectory;
import org.laurel.simulation.GoldPreference;
import org.laurel.tokenizer.Message;

/**
 * A policy's answers to prompts and one vote on those of each prompt.
 *
 * @param texts of each prompt's answers
 * @param orders of each prompt's answers, the index of the best first
 */
record VotedAnswers(
    List<List<Message>> prompts, List<List<String>> texts, List<List<Integer>> orders) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Completions ranked together: six pairs. */
  static final int PER_RANKING = 4;

  /**
   * Answers with so many pairs; the first ones are the same whatever the number.
   *
   * @param practice prompts, taken in turn
   */
  static VotedAnswers draw(
      ModelDirectory policy,
      List<List<Message>> practice,
      int pairs,
      long sampling,
      GoldPreference gold,
      NoisyVotes votes)
      throws IOException, InterruptedException {
    int count = pairs / (PER_RANKING * (PER_RANKING - 1) / 2);
    List<List<Message>> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(practice.get(i % practice.size()));
    }
    Answers answers = Answers.draw(policy, prompts, PER_RANKING, sampling);
    SplittableRandom random = new SplittableRandom(Seeds.of(sampling, "votes", 0));
    List<List<Integer>> orders = new ArrayList<>();
    for (double[] scores : answers.gold(gold)) {
      orders.add(votes.rank(scores, random));
    }
    return new VotedAnswers(prompts, answers.texts(), orders);
  }

  /** Rows of {@code rankings.jsonl}. */
  String rankings() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < prompts.size(); i++) {
      ObjectNode line = row(i);
      line.set("completions", JSON.valueToTree(texts.get(i)));
      ArrayNode groups = line.putArray("groups");
      orders.get(i).forEach(index -> groups.addArray().add(index));
      lines.append(line).append('\n');
    }
    return lines.toString();
  }

  /** Rows of {@code thumbs.jsonl}: a thumb up for the best answer and one down for the worst. */
  String thumbs() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < prompts.size(); i++) {
      List<Integer> order = orders.get(i);
      for (boolean up : new boolean[] {true, false}) {
        ObjectNode line = row(i);
        line.put("completion", texts.get(i).get(order.get(up ? 0 : order.size() - 1)));
        lines.append(line.put("label", up)).append('\n');
      }
    }
    return lines.toString();
  }

  private ObjectNode row(int i) {
    ObjectNode row = JSON.createObjectNode();
    row.set("prompt", JSON.valueToTree(prompts.get(i)));
    return row;
  }
}
