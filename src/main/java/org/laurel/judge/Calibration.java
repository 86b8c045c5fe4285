package org.laurel.judge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.preference.ClusteredRate;
import org.laurel.preference.DenseBradleyTerry;
import org.laurel.preference.Interval;
import org.laurel.preference.Logistic;

/**
 * A judge held against people on pairs that they have ranked. Intervals are 95% and clustered by
 * prompt.
 *
 * @param pairs judged
 * @param prompts that they are of
 * @param decided pairs that the judge decided alike in both orders
 * @param ties pairs on which its two orders disagree
 * @param unreadable pairs without a readable answer
 * @param agreement share of the readable pairs on which judge and people choose the same, a tie
 *     counting half; null without a pair
 * @param agreementDecided the same among the decided pairs alone
 * @param firstShown share of the questions in which it chose the answer that stood first; an
 *     unbiased judge chooses it half the time
 * @param people how often people agree with each other in this project, a tie against a choice
 *     counting half; null where no two ranked the same
 * @param basis logprobs or answers: what {@code scale} is of
 * @param scale times a margin (or times 1 by answers) gives the log odds that people choose as the
 *     judge does; null with too few decided pairs. The maximum a posteriori of a logistic
 *     regression without intercept, which is temperature scaling (Guo et al. 2017)
 * @param logLoss of people's choices under the calibrated probabilities, fitted without the prompt
 *     in question, nats; log 2 is what knowing nothing gives
 * @param logLossBefore the same with the judge's own probabilities; null by answers
 */
record Calibration(
    int pairs,
    long prompts,
    int decided,
    int ties,
    int unreadable,
    @Nullable Rate agreement,
    @Nullable Rate agreementDecided,
    @Nullable Rate firstShown,
    @Nullable Rate people,
    String basis,
    @Nullable Double scale,
    @Nullable Double logLoss,
    @Nullable Double logLossBefore) {
  static final String LOGPROBS = "logprobs";
  static final String ANSWERS = "answers";

  /** Fewer say too little of what a preference of the judge is worth. */
  static final int FEWEST = 20;

  private static final int FOLDS = 5;

  /** Of the scale, around 0: next to nothing beside {@link #FEWEST} pairs. */
  private static final double PRIOR_PRECISION = 0.1;

  /** A share with its 95% interval. */
  record Rate(double rate, double low, double high) {
    static @Nullable Rate of(ClusteredRate rate) {
      if (rate.total() == 0) {
        return null;
      }
      Interval interval = rate.interval();
      return new Rate(rate.rate(), interval.low(), interval.high());
    }
  }

  /**
   * A pair that people ranked.
   *
   * @param firstChosen whether people chose the pair's first completion
   */
  record Judged(UUID prompt, Verdict verdict, boolean firstChosen) {

    boolean isDecided() {
      return switch (verdict.outcome()) {
        case FIRST, SECOND -> true;
        case TIE, UNREADABLE -> false;
      };
    }

    /** 1 where judge and people choose the same, a half where the judge cannot decide. */
    double hit() {
      return switch (verdict.outcome()) {
        case FIRST -> firstChosen ? 1 : 0;
        case SECOND -> firstChosen ? 0 : 1;
        case TIE -> 0.5;
        case UNREADABLE -> throw new IllegalStateException("nothing was said");
      };
    }

    /** In favour of what people chose; of a decided pair. */
    float evidence(boolean byLogprobs) {
      Double margin = verdict.margin();
      if (byLogprobs && margin != null) {
        return (float) (firstChosen ? margin : -margin);
      }
      return hit() == 1 ? 1 : -1;
    }

    /** Questions, of two, in which the answer that stood first was chosen. */
    int firstShown() {
      return ("A".equals(verdict.forward().said()) ? 1 : 0)
          + ("A".equals(verdict.backward().said()) ? 1 : 0);
    }
  }

  static Calibration of(List<Judged> pairs, @Nullable Rate people) {
    List<Judged> readable =
        pairs.stream().filter(p -> p.verdict().outcome() != Verdict.Outcome.UNREADABLE).toList();
    List<Judged> decided = readable.stream().filter(Judged::isDecided).toList();
    boolean byLogprobs =
        !decided.isEmpty() && decided.stream().allMatch(p -> p.verdict().margin() != null);
    boolean enough = decided.size() >= FEWEST;
    return new Calibration(
        pairs.size(),
        pairs.stream().map(Judged::prompt).distinct().count(),
        decided.size(),
        readable.size() - decided.size(),
        pairs.size() - readable.size(),
        Rate.of(rate(readable, Judged::hit, 1)),
        Rate.of(rate(decided, Judged::hit, 1)),
        Rate.of(rate(readable, Judged::firstShown, 2)),
        people,
        byLogprobs ? LOGPROBS : ANSWERS,
        enough ? scale(decided, byLogprobs) : null,
        enough ? heldOutLogLoss(decided, byLogprobs) : null,
        enough && byLogprobs ? logLoss(decided, true, 1) / decided.size() : null);
  }

  /** The probability that people choose as the judge does, by the size of its margin. */
  static double probability(double scale, double margin) {
    return Logistic.sigmoid(scale * Math.abs(margin));
  }

  private interface Hits {
    double of(Judged pair);
  }

  private static ClusteredRate rate(List<Judged> pairs, Hits hits, int of) {
    Map<UUID, double[]> byPrompt = new HashMap<>();
    for (Judged pair : pairs) {
      double[] sums = byPrompt.computeIfAbsent(pair.prompt(), p -> new double[2]);
      sums[0] += hits.of(pair);
      sums[1] += of;
    }
    ClusteredRate rate = new ClusteredRate();
    byPrompt.values().forEach(sums -> rate.add(sums[0], Math.round(sums[1])));
    return rate;
  }

  private static double scale(List<Judged> decided, boolean byLogprobs) {
    float[][] evidence =
        decided.stream()
            .map(pair -> new float[] {pair.evidence(byLogprobs)})
            .toArray(float[][]::new);
    return DenseBradleyTerry.fit(evidence, 1, PRIOR_PRECISION).margin(new float[] {1});
  }

  private static double heldOutLogLoss(List<Judged> decided, boolean byLogprobs) {
    double sum = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      int out = fold;
      List<Judged> rest = decided.stream().filter(pair -> fold(pair) != out).toList();
      List<Judged> held = decided.stream().filter(pair -> fold(pair) == out).toList();
      sum += logLoss(held, byLogprobs, scale(rest, byLogprobs));
    }
    return sum / decided.size();
  }

  private static double logLoss(List<Judged> pairs, boolean byLogprobs, double scale) {
    return pairs.stream()
        .mapToDouble(pair -> Logistic.loss(scale * pair.evidence(byLogprobs)))
        .sum();
  }

  private static int fold(Judged pair) {
    return Math.floorMod(pair.prompt().hashCode(), FOLDS);
  }
}
