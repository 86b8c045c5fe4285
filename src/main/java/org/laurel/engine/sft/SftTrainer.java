package org.laurel.engine.sft;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.laurel.engine.nn.AdamW;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.LearningRate;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.nn.Vectors;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunJournal;
import org.laurel.engine.run.RunListener;
import org.laurel.model.TensorData;

/**
 * Teaches a decoder to continue text: cross-entropy on the tokens that count, averaged over all of
 * a step's however it is cut into micro-batches; AdamW; clipped gradients; a rate that rises and
 * falls.
 */
public final class SftTrainer implements AutoCloseable {
  private final Decoder policy;
  private final List<SftExample> heldOut;
  private final SftHyperparameters hyperparameters;
  private final SftLayout layout;
  private final SftBatches batches;
  private final LearningRate learningRate;
  private final AdamW optimizer;
  private final Ranks<Decoder> ranks;
  private int step;

  /**
   * @param policy trained in place; stays the caller's to close
   * @param heldOut examples for the held-out loss; may be empty
   * @param seed of the order of the examples
   */
  public SftTrainer(
      Decoder policy,
      List<SftExample> training,
      List<SftExample> heldOut,
      SftHyperparameters hyperparameters,
      long seed) {
    if (training.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to train on");
    }
    this.policy = policy;
    this.heldOut = List.copyOf(heldOut);
    this.hyperparameters = hyperparameters;
    layout = layout(training, heldOut, hyperparameters.packing());
    batches =
        new SftBatches(
            training, layout, hyperparameters.epochs(), hyperparameters.batchTokens(), seed);
    int warmup = (int) Math.round(hyperparameters.warmupFraction() * batches.count());
    learningRate =
        new LearningRate(
            hyperparameters.schedule(),
            hyperparameters.learningRate(),
            warmup,
            batches.count(),
            hyperparameters.learningRateFloor());
    optimizer =
        new AdamW(
            policy.trained(),
            new AdamW.Settings(0.9, hyperparameters.beta2(), 1e-8, hyperparameters.weightDecay()));
    policy.precision(Precision.of(hyperparameters.precision(), policy.config()));
    ranks = Ranks.of(policy);
  }

  public int totalSteps() {
    return batches.count();
  }

  /** Steps done. */
  public int steps() {
    return step;
  }

  /** One update; gives loss/train (nats a token), grad_norm, lr, tokens_per_second. */
  public Map<String, Double> step() {
    long start = System.nanoTime();
    List<SftExample> examples = batches.at(step);
    int targets = SftLoss.count(examples);
    optimizer.zeroGradients();
    double loss =
        ranks
            .learn(
                rectangles(examples),
                (rank, part) ->
                    SftLoss.addGradient(
                        rank,
                        part.tokens(),
                        part.examples(),
                        1.0 / targets,
                        hyperparameters.recompute()))
            .stream()
            .mapToDouble(Double::doubleValue)
            .sum();
    if (!Double.isFinite(loss)) {
      throw new ArithmeticException(
          "the loss is " + loss + " at step " + (step + 1) + "; try a lower learning rate");
    }
    double norm = optimizer.clipGradients(hyperparameters.gradientClip());
    double rate = learningRate.at(step);
    optimizer.step(rate);
    step++;
    int tokens = examples.stream().mapToInt(example -> example.tokens().length).sum();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss/train", loss / targets);
    metrics.put("grad_norm", norm);
    metrics.put("lr", rate);
    metrics.put("tokens_per_second", tokens / ((System.nanoTime() - start) / 1e9));
    return metrics;
  }

  /** Mean loss in nats a token on the held-out examples; nothing where there are none. */
  public Optional<Double> heldOutLoss() {
    if (heldOut.isEmpty()) {
      return Optional.empty();
    }
    List<SftExample> sorted = new ArrayList<>(heldOut);
    sorted.sort((a, b) -> Integer.compare(a.tokens().length, b.tokens().length));
    double sum =
        ranks
            .map(
                rectangles(sorted),
                (rank, part) -> SftLoss.sum(rank, part.tokens(), part.examples()))
            .stream()
            .mapToDouble(Double::doubleValue)
            .sum();
    return Optional.of(sum / SftLoss.count(heldOut));
  }

  private static SftLayout layout(
      List<SftExample> training, List<SftExample> heldOut, boolean packing) {
    return packing
        ? SftLayout.packed(
            Stream.concat(training.stream(), heldOut.stream())
                .mapToInt(example -> example.tokens().length)
                .max()
                .orElseThrow())
        : SftLayout.PADDED;
  }

  private List<SftLayout.Rectangle> rectangles(List<SftExample> examples) {
    // every rank is to have something to do
    int share = hyperparameters.batchTokens() / ranks.count();
    int tokens = Math.min(hyperparameters.microBatchTokens(), share);
    return layout.cut(examples, tokens).stream()
        .map(group -> layout.rectangle(group, tokens, policy.config().padTokenId()))
        .toList();
  }

  /**
   * All steps, from the newest checkpoint if there is one.
   *
   * @return the last figures, held-out loss among them
   * @throws org.laurel.engine.run.RunStoppedException when asked to stop; a checkpoint is saved
   */
  public Map<String, Double> train(RunDirectory run, RunListener listener) throws IOException {
    return train(run, listener, 0);
  }

  /**
   * The same, as the last part of a run.
   *
   * @param stepsBefore of the run's earlier parts, for its progress
   */
  public Map<String, Double> train(RunDirectory run, RunListener listener, int stepsBefore)
      throws IOException {
    Optional<Checkpoint> latest = run.checkpoints().latest();
    latest.ifPresent(this::restore);
    Map<String, Double> last = new LinkedHashMap<>();
    try (RunJournal journal = RunJournal.open(run, listener, step).after(stepsBefore)) {
      journal.progress(step, totalSteps());
      while (step < totalSteps()) {
        if (journal.stopRequested()) {
          run.checkpoints().save(this::checkpoint);
          throw journal.stopped(step, totalSteps());
        }
        Map<String, Double> metrics = step();
        boolean end = step == totalSteps();
        if (end || step % hyperparameters.evaluationInterval() == 0) {
          heldOutLoss().ifPresent(loss -> metrics.put("loss/eval", loss));
        }
        journal.metrics(step, metrics);
        journal.progress(step, totalSteps());
        if (end || step % hyperparameters.checkpointInterval() == 0) {
          run.checkpoints().save(this::checkpoint);
        }
        last.putAll(metrics);
      }
    }
    if (last.isEmpty()) {
      heldOutLoss().ifPresent(loss -> last.put("loss/eval", loss));
    }
    return last;
  }

  Checkpoint checkpoint() {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    Vectors.keep(tensors, "parameters", policy.trained().values());
    optimizer.keep(tensors, "");
    return new Checkpoint(
        step,
        tensors,
        JsonNodeFactory.instance
            .objectNode()
            .put("precision", policy.precision().name())
            .put("device", Device.name()));
  }

  void restore(Checkpoint checkpoint) {
    step = checkpoint.step();
    Vectors.restore(checkpoint.tensors(), "parameters", policy.trained().values());
    policy.precision(Precision.valueOf(checkpoint.state().path("precision").asText()));
    optimizer.restore(checkpoint.tensors(), "", step);
  }

  @Override
  public void close() {
    ranks.close();
    optimizer.close();
  }
}
