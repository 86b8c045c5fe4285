package org.laurel.engine.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.Seeds;
import org.laurel.engine.run.Split;

/**
 * Sees to it that a training ends within its minutes on whatever machine it runs: measures the
 * speed before the first step, plans by it, and shortens the plan where the machine proves slower.
 */
final class Pace {
  /** A machine may become slower than it was measured. */
  private static final double RESERVE = 0.95;

  /** Tokens that are only scored cost a third of tokens that are trained on. */
  private static final double SCORING_COST = 1.0 / 3;

  /** Of two thousand completions the share of choices got right is known to some percent. */
  private static final int MOST_HELD_OUT = 2048;

  /** Times that held-out completions are scored after the last step: best state, mean, scale. */
  private static final int SCORED_AFTER = 3;

  /** Steps from which on the pace of a training is taken as settled. */
  private static final int SETTLED = 12;

  /** Steps between looks at the pace. */
  private static final int LOOKED_AFTER = 24;

  private static final int WARM_UP = 2;
  private static final int ROUNDS = 4;

  /** So many give every rank something to do. */
  private static final int MICRO_BATCHES = 2;

  private static final String SPENT = "seconds";

  private final double seconds;
  private final double before;
  private final long start = System.nanoTime();
  private long begin = start;
  private int firstStep;
  private double scoring;

  private Pace(double seconds, double before) {
    this.seconds = seconds;
    this.before = before;
  }

  /**
   * Starts the clock.
   *
   * @param latest where the run goes on from: what it had taken by then counts; empty if it begins
   */
  static Pace start(double minutes, Optional<Checkpoint> latest) {
    double before = latest.map(one -> one.state().path(SPENT).asDouble()).orElse(0.0);
    return new Pace(minutes * 60, before);
  }

  /** The same checkpoint, and how long the run has taken. */
  Checkpoint timed(Checkpoint checkpoint) {
    checkpoint.state().put(SPENT, spent());
    return checkpoint;
  }

  /** Seconds of this process and of those before it. */
  private double spent() {
    return before + since(start);
  }

  private boolean unlimited() {
    return seconds <= 0;
  }

  /**
   * Held-out rankings to judge a training by that is to end in time: scoring them all, again and
   * again, would take most of it where there are many.
   */
  List<RankingRow> judges(List<RankingRow> heldOut) {
    if (unlimited()) {
      return heldOut;
    }
    List<Integer> chosen = new ArrayList<>();
    int completions = 0;
    for (int place : Seeds.shuffled(heldOut.size(), Seeds.of(0, "judges", 0))) {
      completions += heldOut.get(place).completions().size();
      if (completions > MOST_HELD_OUT) {
        break;
      }
      chosen.add(place);
    }
    return chosen.stream().sorted().map(heldOut::get).toList();
  }

  /** Scores held-out rankings, and notes how long that takes. */
  <T> T scoring(Supplier<T> evaluation) {
    long from = System.nanoTime();
    T figures = evaluation.get();
    scoring = since(from);
    return figures;
  }

  /**
   * The most training that fits into the time that is left.
   *
   * @param split its held-out rankings are all scored
   */
  TrainingPlan plan(RewardBackbone backbone, Split<RankingRow> split, RewardHyperparameters h) {
    int longest = Math.min(h.maxTokens(), backbone.context());
    TrainingPlan wanted = new TrainingPlan(longest, h.epochs());
    if (unlimited()) {
      return wanted;
    }
    List<EncodedRanking> training =
        split.training().stream().map(row -> backbone.encode(row, longest)).toList();
    List<EncodedRanking> heldOut =
        split.heldOut().stream().map(row -> backbone.encode(row, longest)).toList();
    double speed = tokensPerSecond(backbone.network(), training, h);
    double left = (seconds - spent()) * RESERVE;
    return TrainingPlan.within(
        left * speed,
        wanted,
        width -> (long) (SCORING_COST * (1 + SCORED_AFTER) * tokens(heldOut, width)),
        width ->
            (long)
                (tokens(training, width)
                    + SCORING_COST * h.evaluationsPerEpoch() * tokens(heldOut, width)));
  }

  private static long tokens(List<EncodedRanking> rankings, int width) {
    return rankings.stream()
        .flatMap(ranking -> ranking.inputs().stream())
        .mapToLong(input -> Math.min(input.length, width))
        .sum();
  }

  /** Tokens a second, forwards and backwards, on a few rankings; nothing is learnt from it. */
  private static double tokensPerSecond(
      RewardNetwork network, List<EncodedRanking> training, RewardHyperparameters h) {
    List<EncodedRanking> some = new ArrayList<>();
    int tokens = 0;
    // of a file in which like lengths may stand together
    for (int place : Seeds.shuffled(training.size(), Seeds.of(0, "pace", 0))) {
      EncodedRanking ranking = training.get(place);
      if (!some.isEmpty() && tokens + ranking.tokens() > MICRO_BATCHES * h.microBatchTokens()) {
        break;
      }
      some.add(ranking);
      tokens += ranking.tokens();
    }
    if (some.isEmpty()) {
      return 1;
    }
    network.precision(network.precision(h.precision()));
    long began = 0;
    try (Ranks<RewardNetwork> ranks = RewardNetwork.ranks(network)) {
      List<ComparisonBatch> parts = new RankingBatches(some, h, 0).parts(some, ranks.count());
      for (int round = 0; round < WARM_UP + ROUNDS; round++) {
        if (round == WARM_UP) {
          began = System.nanoTime();
        }
        ranks.learn(parts, Pace::backAndForth);
      }
    }
    double seconds = since(began);
    network.parameters().gradients().zero_();
    return ROUNDS * tokens / seconds;
  }

  private static int backAndForth(RewardNetwork network, ComparisonBatch batch) {
    try (PointerScope scope = new PointerScope()) {
      batch.learn(network, Tensor::sum);
      return batch.rankings().size();
    }
  }

  /** The first step of this process is about to be done. */
  void begin(int step) {
    begin = System.nanoTime();
    firstStep = step;
  }

  /**
   * Shortens the training where its pace, looked at now and then once it is settled, will not end
   * it in time; at once should it run out of time.
   */
  void keep(RewardTrainer trainer) {
    int done = trainer.stepsDone() - firstStep;
    if (unlimited() || done < SETTLED) {
      return;
    }
    double left = seconds - spent() - SCORED_AFTER * scoring;
    double perStep = since(begin) / done;
    int possible = trainer.stepsDone() + (int) Math.max(0, left / perStep);
    boolean slow = done % LOOKED_AFTER == SETTLED && possible < trainer.totalSteps();
    if (slow || left <= 0) {
      trainer.shorten(possible);
    }
  }

  private static double since(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }
}
