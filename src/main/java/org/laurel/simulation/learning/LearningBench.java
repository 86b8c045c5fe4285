package org.laurel.simulation.learning;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.laurel.model.ModelDirectory;
import org.laurel.simulation.GoldPreference;
import org.laurel.tokenizer.Message;

/**
 * Whether learning works, for one seed after the other: reward models on few and many votes, then
 * best-of-n, DPO, IPO, KTO, rejection sampling and PPO on the few, then a second round. Every row
 * is measured once and kept.
 */
public final class LearningBench {

  /** The row of the reward model that also saw answers of the policy trained by the first one. */
  static final String SECOND_ROUND = "second-round";

  /**
   * @param agreement share of pairs that a vote orders as the gold preference does
   * @param fewPairs votes of the smaller reward model, and of the policies
   * @param manyPairs votes of the larger one
   * @param ppoSteps steps after which PPO's policy is looked at, ascending
   * @param overSteps likewise of the PPO without a KL penalty
   * @param overrides of the trainers' settings, by kind of run
   * @param minutes after which no further row is begun
   */
  public record Setting(
      GoldPreference gold,
      double agreement,
      int fewPairs,
      int manyPairs,
      List<Integer> ppoSteps,
      List<Integer> overSteps,
      Map<String, JsonNode> overrides,
      double minutes) {}

  private final ModelDirectory starter;
  private final List<List<Message>> practice;
  private final List<List<Message>> unseen;
  private final Setting setting;
  private final Path home;
  private final Results results;
  private final Consumer<String> say;
  private final long begun = System.nanoTime();

  /**
   * @param practice prompts to rank answers of and to train on
   * @param unseen prompts to judge by
   * @param home where everything is kept
   * @param say hears what is measured
   */
  public LearningBench(
      ModelDirectory starter,
      List<List<Message>> practice,
      List<List<Message>> unseen,
      Setting setting,
      Path home,
      Consumer<String> say)
      throws IOException {
    this.starter = starter;
    this.practice = practice;
    this.unseen = unseen;
    this.setting = setting;
    this.home = home;
    this.results = new Results(home.resolve("results"));
    this.say = say;
  }

  /** The rows of one seed in the order in which they are measured. */
  public List<String> rows() {
    List<String> rows =
        new ArrayList<>(List.of("reward-few", "bon-4", "bon-16", "dpo", "ipo", "kto", "rejection"));
    setting.ppoSteps().forEach(step -> rows.add("ppo-%03d".formatted(step)));
    rows.add(SECOND_ROUND);
    rows.add("reward-many");
    setting.overSteps().forEach(step -> rows.add("over-%03d".formatted(step)));
    return rows;
  }

  /**
   * Measures the rows that are wanted and not there yet, while time lasts.
   *
   * @param wanted by name
   */
  public void run(long seed, List<String> wanted) throws IOException, InterruptedException {
    @Nullable SeedExperiment own = null;
    for (String row : rows()) {
      if (!wanted.contains(row) || results.has(seed, row)) {
        continue;
      }
      if ((System.nanoTime() - begun) / 60e9 > setting.minutes()) {
        return;
      }
      long start = System.nanoTime();
      say.accept("seed " + seed + ", " + row);
      if (own == null) {
        own = new SeedExperiment(seed, starter, practice, unseen, setting, home);
      }
      Map<String, Double> figures = own.measure(row);
      double seconds = (System.nanoTime() - start) / 1e9;
      results.put(seed, row, figures, seconds);
      say.accept("  " + figures + " in %.0f s".formatted(seconds));
    }
  }

  /** Figures of a row of a seed; nothing where it was not measured yet. */
  public Map<String, Double> figures(long seed, String row) throws IOException {
    return results.get(seed, row).orElse(Map.of());
  }
}
