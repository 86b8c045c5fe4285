package org.laurel.round;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.ppo.PpoHyperparameters;
import org.laurel.engine.reward.RewardHyperparameters;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.sft.SftHyperparameters;
import org.laurel.web.Problem;

/**
 * What somebody asks of a round; everything may be left out.
 *
 * @param steps of sft, reward, ppo; reward and ppo if absent
 * @param sft hyperparameters that differ from the defaults; likewise reward and ppo
 * @param seed of everything random; 1 if absent
 * @param policy id or name of the version to start from; the served one if absent
 */
public record RoundRequest(
    @Nullable List<String> steps,
    @Nullable JsonNode sft,
    @Nullable JsonNode reward,
    @Nullable JsonNode ppo,
    @Nullable Long seed,
    @Nullable String policy) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> KINDS = List.of("sft", "reward", "ppo");

  /** The steps, checked: known, each once, in an order that makes sense. */
  List<String> plannedSteps() {
    List<String> planned = steps == null ? List.of("reward", "ppo") : steps;
    if (planned.isEmpty()) {
      throw Problem.invalid("a round needs a step")
          .error("steps", "is empty; sft, reward and ppo are possible");
    }
    Set<String> seen = new HashSet<>();
    int last = -1;
    for (String step : planned) {
      int place = KINDS.indexOf(step);
      if (place < 0) {
        throw Problem.invalid("there is no step '" + step + "'")
            .error("steps", "'" + step + "' is none of sft, reward, ppo");
      }
      if (!seen.add(step)) {
        throw Problem.invalid("the step " + step + " stands twice")
            .error("steps", step + " stands twice");
      }
      if (place < last) {
        throw Problem.invalid("the steps run in the order sft, reward, ppo")
            .error("steps", step + " comes too late");
      }
      last = place;
    }
    return List.copyOf(planned);
  }

  /** What differs from the defaults, by step, checked against the trainers' own settings. */
  Map<String, Map<String, Object>> hyperparameters() {
    Map<String, Map<String, Object>> checked = new LinkedHashMap<>();
    checked.put("sft", checked("sft", sft));
    checked.put("reward", checked("reward", backboneChecked(reward)));
    checked.put("ppo", checked("ppo", ppo));
    return checked;
  }

  /**
   * A reward model is initialised from the policy; the name of another backbone is refused, not
   * ignored.
   */
  private static @Nullable JsonNode backboneChecked(@Nullable JsonNode reward) {
    if (!(reward instanceof ObjectNode settings) || !settings.has("backbone")) {
      return reward;
    }
    String backbone = settings.get("backbone").asText();
    if (!backbone.equals("policy")) {
      throw Problem.invalid("there is no backbone '" + backbone + "' here")
          .error("reward.backbone", "'" + backbone + "' is not available; 'policy' is");
    }
    return settings.deepCopy().without("backbone");
  }

  private static Map<String, Object> checked(String step, @Nullable JsonNode settings) {
    if (settings == null || settings.isNull()) {
      return Map.of();
    }
    if (!settings.isObject()) {
      throw Problem.invalid("the settings of " + step + " are not an object")
          .error(step, "must be an object of settings by name");
    }
    settings
        .fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isNumber()
                  && field.getValue().asDouble() < 0
                  && !field.getKey().endsWith("Penalty")) {
                throw Problem.invalid(step + "." + field.getKey() + " is negative")
                    .error(step + "." + field.getKey(), "must not be negative");
              }
            });
    try {
      Hyperparameters.read(settings, defaults(step));
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("the settings of " + step + " are wrong: " + e.getMessage())
          .error(step, String.valueOf(e.getMessage()));
    }
    @SuppressWarnings("unchecked") // an object's keys are strings
    Map<String, Object> values = JSON.convertValue(settings, Map.class);
    return values;
  }

  /** What a step does where nothing is asked. */
  static Record defaults(String step) {
    return switch (step) {
      case "sft" -> SftHyperparameters.DEFAULT;
      case "reward" -> RewardHyperparameters.defaults();
      case "ppo" -> PpoHyperparameters.defaults();
      default -> throw new IllegalArgumentException("there is no step " + step);
    };
  }
}
