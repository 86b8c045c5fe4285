package org.laurel.engine.ppo;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Figures of one step under the names TRL's PPO trainer logs. All over completion tokens only. */
final class StepStatistics {

  private final Map<String, Double> values = new LinkedHashMap<>();
  private final Map<String, Double> sums = new LinkedHashMap<>();
  private final Map<String, Double> weights = new LinkedHashMap<>();

  void put(String key, double value) {
    values.put(key, value);
  }

  /** A figure put before. */
  double value(String key) {
    return values.getOrDefault(key, Double.NaN);
  }

  /** A mean added to so far. */
  double mean(String key) {
    return sums.getOrDefault(key, Double.NaN) / weights.getOrDefault(key, 1.0);
  }

  /** Adds to a mean: {@code sum} over {@code weight} tokens. */
  void add(String key, double sum, double weight) {
    sums.merge(key, sum, Double::sum);
    weights.merge(key, weight, Double::sum);
  }

  /** Adds what another gathered to the means. */
  void add(StepStatistics other) {
    other.sums.forEach((key, sum) -> add(key, sum, other.weights.getOrDefault(key, 1.0)));
  }

  /** What the rollouts of a step are like before the update. */
  void rollouts(List<Episode> episodes, double klCoefficient) {
    put("objective/kl", mean(episodes, Episode::kl));
    put("objective/entropy", mean(episodes, e -> -sum(e.logprobs())));
    put("objective/scores", mean(episodes, Episode::score));
    put("objective/proxy_scores", mean(episodes, Episode::proxyScore));
    double rlhf = mean(episodes, e -> sum(e.rewards()));
    put("objective/rlhf_reward", rlhf);
    put("objective/non_score_reward", rlhf - mean(episodes, Episode::score));
    put("kl_coef", klCoefficient);
    put("val/num_eos_tokens", episodes.stream().filter(Episode::stopped).count());
    put("val/stop_rate", mean(episodes, e -> e.stopped() ? 1 : 0));
    put("val/length", mean(episodes, Episode::length));
    put("val/explained_var", explainedVariance(episodes));
    put("rollout/logprob_discrepancy", samplerDiscrepancy(episodes));
  }

  /** 1 - Var(returns - values) / Var(returns): 1 if the critic foresees everything. */
  private static double explainedVariance(List<Episode> episodes) {
    double[] returns = flat(episodes, Episode::returns);
    double[] errors = returns.clone();
    double[] values = flat(episodes, Episode::values);
    for (int i = 0; i < errors.length; i++) {
      errors[i] -= values[i];
    }
    double variance = variance(returns);
    return variance == 0 ? 0 : 1 - variance(errors) / variance;
  }

  /** Mean over tokens of |log p(trainer) - log p(sampler)|. */
  private static double samplerDiscrepancy(List<Episode> episodes) {
    double sum = 0;
    long tokens = 0;
    for (Episode episode : episodes) {
      for (int t = 0; t < episode.length(); t++) {
        sum += Math.abs(episode.logprobs()[t] - episode.samplerLogprobs()[t]);
        tokens++;
      }
    }
    return sum / tokens;
  }

  /** All figures, the means among them. */
  Map<String, Double> values() {
    Map<String, Double> all = new LinkedHashMap<>(values);
    sums.forEach((key, sum) -> all.put(key, sum / weights.getOrDefault(key, 1.0)));
    Double square = all.remove("val/ratio_square");
    Double mean = all.get("val/ratio");
    if (square != null && mean != null) {
      all.put("val/ratio_var", Math.max(0, square - mean * mean));
    }
    return all;
  }

  private static double mean(List<Episode> episodes, ToDoubleFunction<Episode> figure) {
    return episodes.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static double[] flat(List<Episode> episodes, Function<Episode, double[]> figure) {
    return episodes.stream().map(figure).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0);
  }
}
