package org.laurel.round;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.laurel.dataset.VotesOf;
import org.laurel.engine.run.InvalidHyperparameter;
import org.laurel.web.Problem;

/**
 * What somebody asks of a round; everything may be left out.
 *
 * @param steps keys of {@link StepKind}; reward and ppo if absent
 * @param sft hyperparameters of that step that differ from the defaults; likewise the others
 * @param seed of everything random; 1 if absent
 * @param policy id or name of the version to start from; the served one if absent
 * @param votes whose preferences to learn from: people, ai (of approved judges) or both; people's
 *     if absent
 */
public record RoundRequest(
    @Nullable List<String> steps,
    @Nullable JsonNode sft,
    @Nullable JsonNode reward,
    @Nullable JsonNode rejection,
    @Nullable JsonNode dpo,
    @Nullable JsonNode ipo,
    @Nullable JsonNode kto,
    @Nullable JsonNode ppo,
    @Nullable Long seed,
    @Nullable String policy,
    @Nullable String votes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** All defaults. */
  static final RoundRequest DEFAULT =
      new RoundRequest(null, null, null, null, null, null, null, null, null, null, null);

  /** Whose votes, checked. */
  VotesOf votesOf() {
    String asked = votes == null ? VotesOf.PEOPLE.key() : votes;
    return VotesOf.of(asked)
        .orElseThrow(
            () ->
                Problem.invalid("there are no votes of '" + asked + "'")
                    .error("votes", "is one of people, ai, both"));
  }

  /** The steps, checked: known, each once, in an order that makes sense. */
  List<String> plannedSteps() {
    List<String> planned = steps == null ? List.of("reward", "ppo") : steps;
    if (planned.isEmpty()) {
      throw Problem.invalid("a round needs a step")
          .error("steps", "is empty; possible are " + StepKind.keys());
    }
    Set<String> seen = new HashSet<>();
    int last = -1;
    for (String step : planned) {
      int place =
          StepKind.named(step)
              .orElseThrow(
                  () ->
                      Problem.invalid("there is no step '" + step + "'")
                          .error("steps", "'" + step + "' is none of " + StepKind.keys()))
              .ordinal();
      if (!seen.add(step)) {
        throw Problem.invalid("the step " + step + " stands twice")
            .error("steps", step + " stands twice");
      }
      if (place < last) {
        throw Problem.invalid("the steps run in the order " + StepKind.keys())
            .error("steps", step + " comes too late");
      }
      last = place;
    }
    return List.copyOf(planned);
  }

  /** All settings of a step, those that were asked for among them. */
  Record settings(StepKind kind) {
    JsonNode asked = asked(kind);
    return kind.settings(asked == null ? NullNode.instance : asked);
  }

  /** What differs from the defaults, by step, checked against the trainers' own settings. */
  Map<String, Map<String, Object>> hyperparameters() {
    List<String> planned = plannedSteps();
    Map<String, Map<String, Object>> checked = new LinkedHashMap<>();
    for (StepKind kind : StepKind.values()) {
      String step = kind.key();
      checked.put(step, checked(kind, asked(kind)));
      if (!planned.contains(step) && !checked.get(step).isEmpty()) {
        throw Problem.invalid(step + " has settings, but is none of the round's steps")
            .error(step, "is none of the round's steps: " + String.join(", ", planned));
      }
    }
    return checked;
  }

  private @Nullable JsonNode asked(StepKind kind) {
    return switch (kind) {
      case SFT -> sft;
      case REWARD -> reward;
      case REJECTION -> rejection;
      case DPO -> dpo;
      case IPO -> ipo;
      case KTO -> kto;
      case PPO -> ppo;
    };
  }

  /** What is said of a setting of a step that may not be as it was asked. */
  static Problem refusal(StepKind kind, InvalidHyperparameter fault) {
    return Problem.invalid(kind.key() + "." + fault.getMessage())
        .error(kind.key() + "." + fault.name(), fault.fault());
  }

  private static Map<String, Object> checked(StepKind kind, @Nullable JsonNode settings) {
    String step = kind.key();
    if (settings == null || settings.isNull()) {
      return Map.of();
    }
    if (!settings.isObject()) {
      throw Problem.invalid("the settings of " + step + " are not an object")
          .error(step, "must be an object of settings by name");
    }
    try {
      IdleSettings.refuse(kind, settings, kind.settings(settings));
    } catch (InvalidHyperparameter e) {
      throw refusal(kind, e);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("the settings of " + step + " are wrong: " + e.getMessage())
          .error(step, String.valueOf(e.getMessage()));
    }
    @SuppressWarnings("unchecked") // an object's keys are strings
    Map<String, Object> values = JSON.convertValue(settings, Map.class);
    return values;
  }
}
