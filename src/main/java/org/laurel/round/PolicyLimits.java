package org.laurel.round;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.laurel.engine.run.InvalidHyperparameter;
import org.laurel.model.ModelConfig;

/** What the policy that a round starts from allows of the settings of its steps. */
final class PolicyLimits {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PolicyLimits() {}

  /**
   * @param settings of a step, all that are in force
   * @throws InvalidHyperparameter naming one that is beyond the policy
   */
  static void check(Record settings, ModelConfig policy) {
    JsonNode all = JSON.valueToTree(settings);
    below(all, "frozenLayers", policy.numLayers(), "the layers of the policy");
    below(all, "maxNewTokens", policy.maxPositionEmbeddings(), "the context of the policy");
    below(all, "loraRank", policy.hiddenSize(), "the width of the policy");
  }

  private static void below(JsonNode all, String name, int limit, String what) {
    if (all.path(name).asInt() >= limit) {
      throw new InvalidHyperparameter(
          name, "must be less than %d, %s, not %d".formatted(limit, what, all.path(name).asInt()));
    }
  }
}
