package org.laurel.engine.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.nn.AdamW;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.LearningRate;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.nn.Vectors;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.Seeds;
import org.laurel.model.RewardScale;
import org.laurel.model.TensorData;

/**
 * Trains a Bradley-Terry reward model on rankings (Christiano et al. 2017, Stiennon et al. 2020),
 * and keeps the mean of the states along the way ({@link KeptWeights}).
 */
public final class RewardTrainer implements AutoCloseable {

  /** Completions that a model's mean and deviation are taken over, or a few more. */
  private static final int NORMALISED_OVER = 1024;

  private final RewardNetwork model;
  private final RankingBatches batches;
  private final List<EncodedRanking> heldOut;
  private final RewardHyperparameters h;
  private final long seed;
  private final AdamW optimiser;
  private final Ranks<RewardNetwork> ranks;
  private final TieParameter tieParameter;
  private final KeptWeights kept;
  private @Nullable List<JudgedPair> keptJudged;
  private final int maxTokens;
  private int totalSteps;
  private int step;

  /**
   * A trainer of a decoder at step 0, for all epochs.
   *
   * @param model has a score head; is trained
   * @param heldOut rankings of other prompts; if empty, every epoch is trained and the last state
   *     kept
   * @throws IllegalArgumentException if there is nothing to train on
   */
  public RewardTrainer(
      Decoder model,
      List<EncodedRanking> training,
      List<EncodedRanking> heldOut,
      RewardHyperparameters hyperparameters,
      long seed) {
    this(
        new DecoderNetwork(model),
        training,
        heldOut,
        hyperparameters,
        new TrainingPlan(hyperparameters.maxTokens(), hyperparameters.epochs()),
        seed);
  }

  /**
   * A trainer at step 0.
   *
   * @param heldOut rankings of other prompts; may be empty
   * @param plan how long to train; the inputs have been cut by it
   */
  RewardTrainer(
      RewardNetwork model,
      List<EncodedRanking> training,
      List<EncodedRanking> heldOut,
      RewardHyperparameters hyperparameters,
      TrainingPlan plan,
      long seed) {
    this.model = model;
    this.h = hyperparameters;
    this.heldOut = informative(heldOut);
    this.seed = seed;
    batches = new RankingBatches(informative(training), hyperparameters, seed);
    optimiser =
        new AdamW(
            model.parameters(),
            new AdamW.Settings(0.9, 0.95, 1e-8, hyperparameters.weightDecay()),
            model::rateShare);
    model.precision(model.precision(h.precision()));
    ranks = RewardNetwork.ranks(model);
    totalSteps = plan.steps(stepsPerEpoch());
    maxTokens = plan.maxTokens();
    tieParameter = new TieParameter(h.ties(), batches.tieRate());
    kept = new KeptWeights(model.parameters());
  }

  private List<EncodedRanking> informative(List<EncodedRanking> rankings) {
    return rankings.stream()
        .filter(r -> r.comparisons().stream().anyMatch(c -> !c.tie() || h.ties() != TieModel.DROP))
        .toList();
  }

  /** Updates in an epoch. */
  public int stepsPerEpoch() {
    return batches.perEpoch();
  }

  /** Updates in the whole run, unless it ends early. */
  public int totalSteps() {
    return totalSteps;
  }

  /** Ends the training after this many updates, if it is not to end earlier anyway. */
  void shorten(int steps) {
    totalSteps = Math.max(step, Math.min(totalSteps, steps));
  }

  /** Updates done. */
  public int stepsDone() {
    return step;
  }

  /** Whether the last epoch is over, or held-out prompts have long stopped gaining. */
  public boolean done() {
    return step >= totalSteps() || (!heldOut.isEmpty() && kept.withoutGain() >= h.patience());
  }

  /** Whether held-out prompts are due to be scored after the last step. */
  public boolean evaluationDue() {
    int interval = Math.max(1, stepsPerEpoch() / h.evaluationsPerEpoch());
    return step % interval == 0 || step >= totalSteps();
  }

  /**
   * One update on the next rankings.
   *
   * @return figures of the batch by name
   */
  public Map<String, Double> step() {
    List<EncodedRanking> batch = batches.at(step);
    double rate =
        new LearningRate(
                LearningRate.Shape.COSINE, h.learningRate(), h.warmupSteps(), totalSteps(), 0.1)
            .at(step);
    List<Learnt> parts =
        ranks.learn(
            batches.parts(batch, ranks.count()), (rank, part) -> learn(rank, part, batch.size()));
    double loss = parts.stream().mapToDouble(Learnt::loss).sum();
    if (!Double.isFinite(loss)) {
      throw new ArithmeticException(
          "the loss is " + loss + " at step " + (step + 1) + "; try a lower learning rate");
    }
    optimiser.clipGradients(h.maxGradientNorm());
    optimiser.step(rate);
    optimiser.zeroGradients();
    tieParameter.update(parts.stream().mapToDouble(Learnt::tieSlope).sum(), rate);
    step++;
    List<JudgedPair> judged = parts.stream().flatMap(part -> part.judged().stream()).toList();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("train/loss", loss);
    figures.put("train/accuracy", RewardMetrics.accuracy(choices(judged)));
    figures.put("lr", rate);
    figures.put("epoch", (double) step / stepsPerEpoch());
    return figures;
  }

  /**
   * @param loss its share of the update's
   * @param tieSlope derivative of that by the tie model's parameter
   */
  private record Learnt(double loss, double tieSlope, List<JudgedPair> judged) {}

  private Learnt learn(RewardNetwork rank, ComparisonBatch part, int batchSize) {
    try (PointerScope scope = new PointerScope()) {
      Tensor kappa = tieParameter.leaf();
      double[] share = new double[1];
      float[] scores =
          part.learn(
              rank,
              found -> {
                Tensor loss = part.loss(found, kappa).div(new Scalar((double) batchSize));
                share[0] = loss.item_double();
                return loss;
              });
      double tieSlope = kappa.grad().defined() ? kappa.grad().item_double() : 0;
      return new Learnt(share[0], tieSlope, judge(part.rankings(), scores));
    }
  }

  private static List<JudgedPair> judge(List<EncodedRanking> rankings, float[] scores) {
    List<JudgedPair> judged = new ArrayList<>();
    int offset = 0;
    for (EncodedRanking ranking : rankings) {
      double[] own = new double[ranking.inputs().size()];
      for (int i = 0; i < own.length; i++) {
        own[i] = scores[offset++];
      }
      judged.addAll(ranking.judge(own));
    }
    return judged;
  }

  /**
   * Scores the held-out rankings, and counts the state for what is kept.
   *
   * @return {@link RewardMetrics}, each under {@code eval/}; empty without held-out rankings
   */
  public Map<String, Double> evaluate() {
    if (4 * step > totalSteps()) { // before that, little is learnt
      kept.count();
    }
    if (heldOut.isEmpty()) {
      return Map.of();
    }
    List<JudgedPair> judged = judge(heldOut);
    Map<String, Double> metrics = RewardMetrics.of(judged);
    List<JudgedPair> choices = choices(judged);
    if (!choices.isEmpty()) { // ties alone make no state better than another
      kept.evaluated(step, RewardMetrics.bestLogLoss(choices));
    }
    Map<String, Double> prefixed = new LinkedHashMap<>();
    metrics.forEach((name, value) -> prefixed.put("eval/" + name, value));
    return prefixed;
  }

  /** What the weights as they are now make of comparisons, ranking after ranking. */
  List<JudgedPair> judge(List<EncodedRanking> rankings) {
    double[] scores = scores(rankings);
    List<JudgedPair> judged = new ArrayList<>();
    int offset = 0;
    for (EncodedRanking ranking : rankings) {
      int k = ranking.inputs().size();
      judged.addAll(ranking.judge(Arrays.copyOfRange(scores, offset, offset + k)));
      offset += k;
    }
    return judged;
  }

  private double[] scores(List<EncodedRanking> rankings) {
    List<int[]> inputs = rankings.stream().flatMap(r -> r.inputs().stream()).toList();
    return RewardModel.scores(ranks, inputs, h.microBatchTokens());
  }

  /**
   * Puts the mean of the states in the weights' place, or the best one where held-out choices say
   * that the mean is clearly worse, and tells how well it predicts the held-out rankings.
   */
  public Map<String, Double> finish() {
    if (heldOut.isEmpty()) {
      kept.takeMean();
      return Map.of();
    }
    kept.takeBest();
    List<JudgedPair> best = judge(heldOut);
    kept.takeMean();
    List<JudgedPair> mean = judge(heldOut);
    boolean worse = KeptWeights.clearlyWorse(choices(mean), choices(best));
    if (worse) {
      kept.takeBest();
    }
    keptJudged = worse ? best : mean;
    return RewardMetrics.of(keptJudged);
  }

  /**
   * Which weights stay once {@link #finish} has chosen: those of {@code kept_step}, or the mean of
   * {@code kept_states}.
   */
  Map<String, Double> kept() {
    return kept.taken();
  }

  private static List<JudgedPair> choices(List<JudgedPair> judged) {
    return judged.stream().filter(pair -> !pair.tie()).toList();
  }

  /** Held-out rankings that compare something. */
  List<EncodedRanking> heldOut() {
    return heldOut;
  }

  /** What the state that stays makes of the held-out comparisons, ranking after ranking. */
  List<JudgedPair> judgeHeldOut() {
    return keptJudged == null ? judge(heldOut) : keptJudged;
  }

  /**
   * Folds into the head the gain that gives scores deviation 1 over completions of the rankings,
   * which the policy wrote that the reward model will judge.
   *
   * @return the scale that is left: their mean, and deviation 1
   */
  public RewardScale normalise() {
    List<EncodedRanking> some = some();
    double[] scores = scores(some);
    int at = 0;
    for (EncodedRanking ranking : some) {
      for (String completion : ranking.completions()) {
        scores[at++] += model.extra(ranking.prompt(), completion);
      }
    }
    double mean = Arrays.stream(scores).average().orElse(0);
    double variance = Arrays.stream(scores).map(s -> (s - mean) * (s - mean)).average().orElse(1);
    double deviation = Math.max(1e-6, Math.sqrt(variance));
    model.scale(1 / deviation);
    return new RewardScale(mean / deviation, 1);
  }

  /**
   * Rankings that stand for all: of those held out, and random ones of the training if these are
   * few.
   */
  List<EncodedRanking> some() {
    List<EncodedRanking> some = new ArrayList<>();
    long completions = 0;
    for (EncodedRanking ranking : heldOut) {
      if (completions >= NORMALISED_OVER) {
        break;
      }
      some.add(ranking);
      completions += ranking.inputs().size();
    }
    List<EncodedRanking> training = batches.rankings();
    for (int next : Seeds.shuffled(training.size(), Seeds.of(seed, "normalise", 0))) {
      if (completions >= NORMALISED_OVER) {
        break;
      }
      some.add(training.get(next));
      completions += training.get(next).inputs().size();
    }
    return some;
  }

  /** All that a later process needs to go on exactly as this one would. */
  public Checkpoint checkpoint() {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    Vectors.keep(tensors, "parameters", model.parameters().values());
    optimiser.keep(tensors, "");
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.put("precision", model.precision().name());
    state.put("device", Device.name());
    kept.keep(tensors, state);
    state.put("totalSteps", totalSteps);
    state.put("maxTokens", maxTokens);
    ArrayNode ties = state.putArray("ties");
    Arrays.stream(tieParameter.state()).forEach(ties::add);
    return new Checkpoint(step, tensors, state);
  }

  /** Goes on from a checkpoint that a trainer of the same run made. */
  public void resume(Checkpoint checkpoint) {
    JsonNode state = checkpoint.state();
    Vectors.restore(checkpoint.tensors(), "parameters", model.parameters().values());
    model.precision(Precision.valueOf(state.path("precision").asText()));
    optimiser.restore(checkpoint.tensors(), "", checkpoint.step());
    kept.restore(checkpoint);
    totalSteps = state.path("totalSteps").asInt(totalSteps);
    double[] ties = new double[state.path("ties").size()];
    Arrays.setAll(ties, i -> state.path("ties").get(i).asDouble());
    tieParameter.restore(ties);
    step = checkpoint.step();
  }

  @Override
  public void close() {
    kept.close();
    ranks.close();
    optimiser.close();
  }
}
