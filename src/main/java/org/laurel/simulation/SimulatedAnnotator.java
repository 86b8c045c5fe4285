package org.laurel.simulation;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Ranks completions by a hidden gold preference, with mistakes: each pair is ordered as the gold
 * preference orders it with the given probability, on average over the pairs of a ranking.
 */
public final class SimulatedAnnotator {

  private final GoldPreference gold;
  private final double pairAccuracy;
  private final RandomGenerator random;

  /**
   * @param pairAccuracy from 0.5 (no idea) to 1 (never wrong)
   */
  public SimulatedAnnotator(GoldPreference gold, double pairAccuracy, long seed) {
    Mallows.ofAccuracy(pairAccuracy, 2);
    this.gold = gold;
    this.pairAccuracy = pairAccuracy;
    this.random = new SplittableRandom(seed);
  }

  /** Indices of the completions, best first. Equal gold scores fall in random order. */
  public List<Integer> rank(String prompt, List<String> completions) {
    double[] scores =
        completions.stream().mapToDouble(completion -> gold.score(prompt, completion)).toArray();
    double[] coins =
        IntStream.range(0, scores.length).mapToDouble(i -> random.nextDouble()).toArray();
    List<Integer> truth =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(i -> -scores[i])
                    .thenComparingDouble(i -> coins[i]))
            .toList();
    return Mallows.ofAccuracy(pairAccuracy, scores.length).sample(truth, random);
  }
}
