package org.laurel.sampling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.rewardmodel.RewardScorers;
import org.laurel.tokenizer.Message;

/**
 * Keeps of every n draws the one that a reward model likes best; one that was cut off comes after
 * every finished one.
 *
 * @param n draws for each completion that is kept
 */
record BestOf(int n, RewardModelVersion model, RewardScorers scorers) {
  private static final String KEY = "bestOf";

  /** What a sampling keeps among its parameters. */
  static void store(Map<String, Object> parameters, int n, RewardModelVersion model) {
    parameters.put(
        KEY, Map.of("n", n, "rewardModel", model.id.toString(), "rewardModelName", model.name));
  }

  /** How many to draw for each completion; 1 where a sampling does not choose. */
  static int drawn(Map<String, Object> parameters) {
    return parameters.get(KEY) instanceof Map<?, ?> best && best.get("n") instanceof Number n
        ? n.intValue()
        : 1;
  }

  /** The reward model that a sampling which chooses has named. */
  static UUID model(Map<String, Object> parameters) {
    if (parameters.get(KEY) instanceof Map<?, ?> best) {
      return UUID.fromString(String.valueOf(best.get("rewardModel")));
    }
    throw new IllegalStateException("the sampling chooses by no reward model: " + parameters);
  }

  /**
   * The best of each n drawn one after another, in their order, each with its score; of n blank
   * ones none.
   */
  List<Completion> choose(List<Message> prompt, List<Completion> drawn) {
    List<Completion> written = drawn.stream().filter(c -> !c.text.isBlank()).toList();
    float[] scores =
        scorers.score(
            model, written.stream().map(c -> new RewardScorers.Item(prompt, c.text)).toList());
    Map<Completion, Float> scored = new LinkedHashMap<>();
    for (int i = 0; i < scores.length; i++) {
      scored.put(written.get(i), scores[i]);
    }
    List<Completion> kept = new ArrayList<>();
    for (int from = 0; from < drawn.size(); from += n) {
      drawn.subList(from, Math.min(drawn.size(), from + n)).stream()
          .filter(scored::containsKey)
          .min(
              Comparator.<Completion>comparingInt(c -> isCutOff(c) ? 1 : 0)
                  .thenComparingDouble(c -> -scored.getOrDefault(c, 0f)))
          .ifPresent(best -> kept.add(withScore(best, scored.getOrDefault(best, 0f))));
    }
    return kept;
  }

  private static boolean isCutOff(Completion completion) {
    return "length".equals(completion.finishReason);
  }

  private static Completion withScore(Completion completion, float score) {
    Map<String, Object> parameters = new LinkedHashMap<>(completion.parameters);
    Map<String, Object> best = new LinkedHashMap<>();
    if (parameters.get(KEY) instanceof Map<?, ?> stored) {
      stored.forEach((name, value) -> best.put(String.valueOf(name), value));
    }
    best.put("score", score);
    parameters.put(KEY, best);
    completion.parameters = parameters;
    return completion;
  }
}
