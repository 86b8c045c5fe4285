package org.laurel.engine.ppo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.laurel.engine.nn.Parameters;
import org.laurel.engine.nn.Vectors;
import org.laurel.engine.run.Checkpoint;
import org.laurel.model.TensorData;

/** Prompts that are never trained on, and the weights that scored best on them. */
final class HeldOutPrompts implements AutoCloseable {

  private static final int FALLS = 2;
  private static final String BEST = "policy.best";

  private final List<int[]> prompts;
  private final Tensor bestWeights;
  private double best = Double.NEGATIVE_INFINITY;
  private double last = Double.NEGATIVE_INFINITY;
  private int falls;

  HeldOutPrompts(List<int[]> prompts, Parameters policy) {
    this.prompts = List.copyOf(prompts);
    try (PointerScope scope = new PointerScope()) {
      Tensor values = policy.values();
      bestWeights = (prompts.isEmpty() ? values.narrow(0, 0, 0) : values).clone().retainReference();
    }
  }

  boolean isEmpty() {
    return prompts.isEmpty();
  }

  List<int[]> prompts() {
    return prompts;
  }

  /**
   * Takes in the mean score of the policy as it is.
   *
   * @return why to stop, if it has fallen twice in a row; the policy is then the best one again
   */
  Optional<String> judge(double score, Parameters policy) {
    falls = score < last ? falls + 1 : 0;
    last = score;
    if (score > best) {
      best = score;
      bestWeights.copy_(policy.values());
    }
    if (falls < FALLS) {
      return Optional.empty();
    }
    policy.values().copy_(bestWeights);
    return Optional.of(
        "the score on held-out prompts fell twice, from %.2f to %.2f".formatted(best, score));
  }

  void keep(Map<String, TensorData> tensors, ObjectNode state) {
    if (!prompts.isEmpty()) {
      Vectors.keep(tensors, BEST, bestWeights);
      if (Double.isFinite(best)) {
        state.put("heldOutBest", best).put("heldOutLast", last).put("heldOutFalls", falls);
      }
    }
  }

  void restore(Checkpoint checkpoint) {
    if (!prompts.isEmpty()) {
      JsonNode state = checkpoint.state();
      Vectors.restore(checkpoint.tensors(), BEST, bestWeights);
      best = state.path("heldOutBest").asDouble(Double.NEGATIVE_INFINITY);
      last = state.path("heldOutLast").asDouble(Double.NEGATIVE_INFINITY);
      falls = state.path("heldOutFalls").asInt(0);
    }
  }

  @Override
  public void close() {
    bestWeights.releaseReference();
  }
}
