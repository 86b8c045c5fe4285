package org.laurel.instant;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.laurel.instant.Readings.Reading;
import org.laurel.preference.DenseBradleyTerry;

/**
 * Bradley-Terry on frozen embeddings of prompt and completion.
 *
 * @param comparisons that it rests on
 * @param heldOutAccuracy share of comparisons that fits without their prompts predict; five folds
 * @param lengthOnly the same of the rule that the longer completion wins
 * @param unsure prompts whose comparisons it finds most open, most open first
 */
public record InstantFit(
    int comparisons, double heldOutAccuracy, double lengthOnly, List<Unsure> unsure) {
  private static final int FOLDS = 5;
  private static final int SHOWN = 10;

  /** Of weights on vectors of length 1: margins of deviation 1 before any vote. */
  private static final double PRIOR_PRECISION = 0.2;

  private static final double LENGTH_SCALE = 0.3;

  /**
   * A comparison that the fit is unsure about.
   *
   * @param probability that the first is preferred, averaged over what the fit leaves open
   * @param deviation of the difference in log odds under the posterior
   */
  public record Unsure(
      UUID prompt, UUID first, UUID second, double probability, double deviation) {}

  /** What the choices, every completion of which has been read, say of the weights. */
  static DenseBradleyTerry posterior(List<Choice> choices, Map<UUID, Reading> read) {
    float[][] x = differences(choices, read);
    return fit(x, features(x));
  }

  /**
   * @param all the posterior of the same choices
   */
  static InstantFit of(List<Choice> choices, Map<UUID, Reading> read, DenseBradleyTerry all) {
    float[][] x = differences(choices, read);
    double right = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      int out = fold;
      DenseBradleyTerry rest =
          fit(
              IntStream.range(0, x.length)
                  .filter(i -> fold(choices.get(i)) != out)
                  .mapToObj(i -> x[i])
                  .toArray(float[][]::new),
              features(x));
      for (int i = 0; i < x.length; i++) {
        if (fold(choices.get(i)) == fold) {
          right += half(rest.margin(x[i]));
        }
      }
    }
    double longer = 0;
    for (Choice choice : choices) {
      longer += half(get(read, choice.chosen()).length() - get(read, choice.rejected()).length());
    }
    List<Unsure> unsure = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      Choice c = choices.get(i);
      unsure.add(
          new Unsure(
              c.prompt(), c.chosen(), c.rejected(), all.probability(x[i]), all.deviation(x[i])));
    }
    unsure.sort(Comparator.comparingDouble(u -> Math.abs(u.probability() - 0.5)));
    int n = Math.max(1, x.length);
    return new InstantFit(
        x.length,
        right / n,
        longer / n,
        List.copyOf(unsure.subList(0, Math.min(SHOWN, unsure.size()))));
  }

  /** Of no choices at all, as where every one is left out, a fit that tells nothing apart. */
  private static DenseBradleyTerry fit(float[][] x, int features) {
    return DenseBradleyTerry.fit(x, features, PRIOR_PRECISION);
  }

  private static int features(float[][] x) {
    return x.length == 0 ? 1 : x[0].length;
  }

  private static int fold(Choice choice) {
    return Math.floorMod(choice.prompt().hashCode(), FOLDS);
  }

  private static double half(double difference) {
    return difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
  }

  private static float[][] differences(List<Choice> choices, Map<UUID, Reading> read) {
    return choices.stream()
        .map(c -> difference(get(read, c.chosen()), get(read, c.rejected())))
        .toArray(float[][]::new);
  }

  private static float[] difference(Reading first, Reading second) {
    float[] x = new float[first.vector().length + 1];
    for (int i = 0; i < first.vector().length; i++) {
      x[i] = first.vector()[i] - second.vector()[i];
    }
    x[x.length - 1] =
        (float) (LENGTH_SCALE * (Math.log1p(first.length()) - Math.log1p(second.length())));
    return x;
  }

  /**
   * How little a posterior says about answers to one prompt, for uncertainty sampling (Lewis and
   * Gale 1994, arXiv cmp-lg/9407020): the mean of 1 - |2p - 1| over their pairs, where p is the
   * probability that the first is preferred.
   *
   * @param completions two or more
   * @return 0 if it is sure of every pair, 1 if of none
   */
  static double uncertainty(List<Reading> completions, DenseBradleyTerry posterior) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < completions.size(); i++) {
      for (int j = i + 1; j < completions.size(); j++) {
        float[] x = difference(completions.get(i), completions.get(j));
        sum += 1 - Math.abs(2 * posterior.probability(x) - 1);
        pairs++;
      }
    }
    return sum / pairs;
  }

  private static Reading get(Map<UUID, Reading> read, UUID completion) {
    return Objects.requireNonNull(read.get(completion));
  }
}
