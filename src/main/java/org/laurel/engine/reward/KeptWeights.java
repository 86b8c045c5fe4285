package org.laurel.engine.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.laurel.engine.nn.Parameters;
import org.laurel.engine.nn.Vectors;
import org.laurel.engine.run.Checkpoint;
import org.laurel.model.TensorData;
import org.laurel.preference.Logistic;

/**
 * Which weights of a training stay. The state that held-out prompts liked best is often only the
 * luckiest: some dozens of prompts cannot tell neighbouring states apart. The mean of the states
 * along the way [Izmailov et al. 2018, arXiv 1803.05407] is better than most of them, so it stays
 * unless held-out choices speak against it clearly.
 */
final class KeptWeights implements AutoCloseable {
  private static final String BEST = "best";
  private static final String SUM = "sum";

  /**
   * Standard errors by which the mean has to be worse: many, since the best state was chosen by the
   * very choices that speak for it, and choices of one ranking hang together.
   */
  private static final double CLEARLY = 4;

  private final Parameters parameters;
  private final Tensor best;
  private final Tensor sum;
  private int summed;
  private long bestStep;
  private double bestLogLoss = Double.POSITIVE_INFINITY;
  private int withoutGain;
  private Map<String, Double> taken = Map.of();

  /**
   * @param parameters in training
   */
  KeptWeights(Parameters parameters) {
    this.parameters = parameters;
    try (PointerScope scope = new PointerScope()) {
      best = parameters.values().clone().retainReference();
      sum = parameters.values().mul(new Scalar(0.0)).retainReference();
    }
  }

  /** Evaluations in a row without a better log loss. */
  int withoutGain() {
    return withoutGain;
  }

  /**
   * Looks at the weights as they are now.
   *
   * @param step steps done
   * @param logLoss at the scale that suits the scores best, since what is kept is scaled anyway
   */
  void evaluated(long step, double logLoss) {
    if (logLoss < bestLogLoss) {
      bestStep = step;
      bestLogLoss = logLoss;
      withoutGain = 0;
      best.copy_(parameters.values());
    } else {
      withoutGain++;
    }
  }

  /** Counts the weights as they are now into the mean. */
  void count() {
    try (PointerScope scope = new PointerScope()) {
      sum.add_(parameters.values());
    }
    summed++;
  }

  /** Puts the mean in the weights' place; the last state where none was counted. */
  void takeMean() {
    if (summed > 0) {
      try (PointerScope scope = new PointerScope()) {
        parameters.values().copy_(sum.div(new Scalar((double) summed)));
      }
      taken = Map.of("kept_states", (double) summed);
    }
  }

  /** Puts the best state in the weights' place. */
  void takeBest() {
    parameters.values().copy_(best);
    taken = Map.of("kept_step", (double) bestStep);
  }

  /**
   * What was put in the weights' place last: {@code kept_step} of the best state, or how many
   * states are in the mean, {@code kept_states}; empty where nothing was.
   */
  Map<String, Double> taken() {
    return taken;
  }

  /**
   * Whether choices of people say that one state predicts them worse than another, each at the
   * scale of scores that suits it best.
   *
   * @param one what a state makes of the choices
   * @param other what the other makes of the same
   */
  static boolean clearlyWorse(List<JudgedPair> one, List<JudgedPair> other) {
    double scaleOfOne = RewardMetrics.bestScale(one);
    double scaleOfOther = RewardMetrics.bestScale(other);
    int n = one.size();
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double more =
          Logistic.loss(scaleOfOne * one.get(i).difference())
              - Logistic.loss(scaleOfOther * other.get(i).difference());
      sum += more;
      squares += more * more;
    }
    double mean = sum / n;
    double error = Math.sqrt(Math.max(0, squares / n - mean * mean) / n);
    return n > 0 && mean > CLEARLY * error;
  }

  /** Adds what a later process needs. */
  void keep(Map<String, TensorData> tensors, ObjectNode state) {
    Vectors.keep(tensors, BEST, best);
    Vectors.keep(tensors, SUM, sum);
    state.put("summed", summed);
    state.put("withoutGain", withoutGain);
    if (Double.isFinite(bestLogLoss)) {
      state.put("bestLogLoss", bestLogLoss);
      state.put("bestStep", bestStep);
    }
  }

  /** Goes on from what {@link #keep} wrote. */
  void restore(Checkpoint checkpoint) {
    JsonNode state = checkpoint.state();
    Vectors.restore(checkpoint.tensors(), BEST, best);
    Vectors.restore(checkpoint.tensors(), SUM, sum);
    summed = state.path("summed").asInt();
    withoutGain = state.path("withoutGain").asInt();
    bestLogLoss = state.path("bestLogLoss").asDouble(Double.POSITIVE_INFINITY);
    bestStep = state.path("bestStep").asLong();
  }

  @Override
  public void close() {
    best.releaseReference();
    sum.releaseReference();
  }
}
