package org.laurel.engine.dpo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.laurel.engine.nn.AdamW;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.LearningRate;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.nn.Vectors;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.Seeds;
import org.laurel.engine.sft.SftExample;
import org.laurel.model.TensorData;

/**
 * Trains a policy on judgments, by whichever objective, held to the policy that it was at the
 * start. The losses' arithmetic is done on a handful of numbers a judgment; what goes back through
 * the network are their derivatives.
 *
 * @param <J> a judgment
 */
final class PreferenceTrainer<J extends Judgment> implements AutoCloseable {

  private final Decoder policy;
  private final Objective<J> objective;
  private final List<J> training;
  private final List<J> heldOut;
  private final Schedule schedule;
  private final long seed;
  private final Packing packing;
  private final References references;
  private final AdamW optimiser;
  private final Ranks<Decoder> ranks;
  private final LearningRate rate;
  private int step;

  /**
   * A trainer at step 0.
   *
   * @param policy is trained
   * @param heldOut judgments of other prompts; may be empty
   */
  PreferenceTrainer(
      Decoder policy,
      Objective<J> objective,
      List<J> training,
      List<J> heldOut,
      Schedule schedule,
      long seed) {
    if (training.isEmpty()) {
      throw new IllegalArgumentException("there is no judgment to train on");
    }
    this.policy = policy;
    this.objective = objective;
    this.training = List.copyOf(training);
    this.heldOut = List.copyOf(heldOut);
    this.schedule = schedule;
    this.seed = seed;
    List<J> all = new ArrayList<>(training);
    all.addAll(heldOut);
    references = new References(all);
    policy.precision(Precision.of(schedule.precision(), policy.config()));
    ranks = Ranks.of(policy);
    packing = Packing.of(longest(all), schedule.microBatchTokens());
    optimiser =
        new AdamW(policy.trained(), new AdamW.Settings(0.9, 0.999, 1e-8, schedule.weightDecay()));
    rate =
        new LearningRate(
            LearningRate.Shape.LINEAR,
            schedule.learningRate(),
            (int) Math.round(schedule.warmupFraction() * totalSteps()),
            totalSteps(),
            0);
  }

  private static int longest(List<? extends Judgment> judgments) {
    int longest = 1;
    for (Judgment judgment : judgments) {
      for (SftExample sequence : judgment.sequences()) {
        longest = Math.max(longest, sequence.tokens().length);
      }
      for (SftExample sequence : judgment.unrelated()) {
        longest = Math.max(longest, sequence.tokens().length);
      }
    }
    return longest;
  }

  /** Computes the reference's log probabilities; once, before the first step. */
  void hold(Decoder reference) {
    reference.precision(policy.precision());
    references.compute(reference, packing);
  }

  private int stepsPerEpoch() {
    int batch = schedule.judgmentsPerBatch();
    return (int) ((training.size() + batch - 1L) / batch);
  }

  int totalSteps() {
    return schedule.epochs() * stepsPerEpoch();
  }

  int stepsDone() {
    return step;
  }

  boolean done() {
    return step >= totalSteps();
  }

  boolean evaluationDue() {
    int interval = Math.max(1, stepsPerEpoch() / schedule.evaluationsPerEpoch());
    return step % interval == 0 || done();
  }

  /** One update; gives the batch's figures by name. */
  Map<String, Double> step() {
    List<J> batch = batch();
    double baseline = baseline(batch);
    optimiser.zeroGradients();
    List<Objective.Judged> judged =
        ranks
            .learn(parts(batch), (rank, part) -> learn(rank, part, baseline, batch.size()))
            .stream()
            .flatMap(List::stream)
            .toList();
    Map<String, Double> figures = new LinkedHashMap<>(objective.figures(batch, judged));
    if (judged.stream().anyMatch(one -> !Double.isFinite(one.loss()))) {
      throw new ArithmeticException(
          "the loss is not a number at step " + (step + 1) + "; try a lower learning rate");
    }
    figures.put("grad_norm", optimiser.clipGradients(schedule.maxGradientNorm()));
    figures.put("lr", rate.at(step));
    optimiser.step(rate.at(step));
    step++;
    figures.put("epoch", (double) step / stepsPerEpoch());
    return figures;
  }

  private List<J> batch() {
    int epoch = step / stepsPerEpoch();
    int[] order = Seeds.shuffled(training.size(), Seeds.of(seed, "judgments", epoch));
    int from = (step % stepsPerEpoch()) * schedule.judgmentsPerBatch();
    int to = Math.min(from + schedule.judgmentsPerBatch(), order.length);
    return Arrays.stream(order, from, to).mapToObj(training::get).toList();
  }

  /**
   * Whole judgments, as many as one pass takes; a judgment that takes more has a pass for itself.
   */
  private List<List<J>> parts(List<J> batch) {
    List<List<J>> parts = new ArrayList<>();
    List<J> part = new ArrayList<>();
    for (J judgment : batch) {
      part.add(judgment);
      if (part.size() > 1 && passes(part) > 1) {
        part.remove(part.size() - 1);
        parts.add(part);
        part = new ArrayList<>(List.of(judgment));
      }
    }
    parts.add(part);
    return parts;
  }

  private int passes(List<J> part) {
    return packing
        .batches(sequences(part).stream().mapToInt(s -> s.tokens().length).toArray())
        .size();
  }

  private static List<SftExample> sequences(List<? extends Judgment> judgments) {
    return judgments.stream().flatMap(judgment -> judgment.sequences().stream()).toList();
  }

  private List<Objective.Judged> learn(Decoder rank, List<J> part, double baseline, int batchSize) {
    List<SftExample> sequences = sequences(part);
    Packing fitting = packing.holding(passes(part));
    List<Objective.Judged> judged = new ArrayList<>();
    for (SequenceBatch batch :
        SequenceBatch.pack(sequences, fitting, policy.config().padTokenId())) {
      batch.addGradient(
          rank,
          schedule.recompute(),
          sequences.size(),
          logprobs -> {
            judged.addAll(judge(part, references.ratios(sequences, logprobs), baseline));
            return judged.stream()
                .flatMapToDouble(one -> Arrays.stream(one.slopes()))
                .map(slope -> slope / batchSize)
                .toArray();
          });
    }
    return judged;
  }

  private List<Objective.Judged> judge(List<J> judgments, double[] ratios, double baseline) {
    List<Objective.Judged> judged = new ArrayList<>();
    int from = 0;
    for (J judgment : judgments) {
      int to = from + judgment.sequences().size();
      judged.add(objective.judge(judgment, Arrays.copyOfRange(ratios, from, to), baseline));
      from = to;
    }
    return judged;
  }

  /** max(0, mean log ratio of unrelated sequences): how far the policy is from the reference. */
  private double baseline(List<J> judgments) {
    List<SftExample> unrelated = judgments.stream().flatMap(j -> j.unrelated().stream()).toList();
    double mean = Arrays.stream(ratios(unrelated)).average().orElse(0);
    return Math.max(0, mean);
  }

  private double[] ratios(List<SftExample> sequences) {
    double[] logprobs = new double[sequences.size()];
    ranks.each(
        SequenceBatch.pack(sequences, packing, policy.config().padTokenId()),
        (rank, batch) -> batch.addLogprobs(rank, logprobs));
    return references.ratios(sequences, logprobs);
  }

  /** Figures of the held-out judgments, each under {@code eval/}; empty where there are none. */
  Map<String, Double> evaluate() {
    if (heldOut.isEmpty()) {
      return Map.of();
    }
    List<Objective.Judged> judged = judge(heldOut, ratios(sequences(heldOut)), baseline(heldOut));
    Map<String, Double> figures = new LinkedHashMap<>();
    objective.figures(heldOut, judged).forEach((name, v) -> figures.put("eval/" + name, v));
    return figures;
  }

  /** All that a later process needs to go on exactly as this one would. */
  Checkpoint checkpoint() {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    Vectors.keep(tensors, "parameters", policy.trained().values());
    optimiser.keep(tensors, "");
    tensors.put("reference_logprobs", references.state());
    return new Checkpoint(
        step,
        tensors,
        JsonNodeFactory.instance
            .objectNode()
            .put("precision", policy.precision().name())
            .put("device", Device.name()));
  }

  /** Goes on from a checkpoint that a trainer of the same run made. */
  void resume(Checkpoint checkpoint) {
    Vectors.restore(checkpoint.tensors(), "parameters", policy.trained().values());
    policy.precision(Precision.valueOf(checkpoint.state().path("precision").asText()));
    optimiser.restore(checkpoint.tensors(), "", checkpoint.step());
    references.restore(checkpoint.tensor("reference_logprobs"));
    step = checkpoint.step();
  }

  @Override
  public void close() {
    ranks.close();
    optimiser.close();
  }
}
