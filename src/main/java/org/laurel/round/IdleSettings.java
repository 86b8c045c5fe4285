package org.laurel.round;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.function.Predicate;
import org.laurel.engine.reward.RewardHyperparameters;
import org.laurel.engine.run.InvalidHyperparameter;

/**
 * Settings that do nothing beside the others of their step: who asks for one is told, since the
 * training would go on as if they had not.
 */
final class IdleSettings {
  private static final ObjectMapper JSON = new ObjectMapper();

  private IdleSettings() {}

  /**
   * @param setting that may be idle
   * @param works whether it does something, by all settings in force
   * @param fault what follows its name in a sentence where it does not
   */
  private record Rule(String setting, Predicate<JsonNode> works, String fault) {}

  private static final Rule LEARNING =
      new Rule(
          "learningRate",
          all -> all.path("learningRate").asDouble() > 0,
          "must be positive: at 0 nothing is learnt");

  private static final Rule ADAPTERS =
      new Rule("loraAlpha", all -> all.path("loraRank").asInt() > 0, "needs loraRank");

  private static final List<Rule> OF_REWARD =
      List.of(
          LEARNING,
          new Rule("layerDecay", IdleSettings::ofEncoder, "needs backbone minilm"),
          new Rule("headRate", IdleSettings::ofEncoder, "needs backbone minilm"),
          new Rule("ngrams", IdleSettings::ofEncoder, "needs backbone minilm"),
          new Rule("headScale", all -> !ofEncoder(all), "needs backbone policy"),
          new Rule(
              "patience",
              all -> all.path("heldOutFraction").asDouble() > 0,
              "needs heldOutFraction above 0"));

  private static final List<Rule> OF_PPO =
      List.of(
          LEARNING,
          ADAPTERS,
          needs("klTarget", "adaptiveKl"),
          needs("klHorizon", "adaptiveKl"),
          needs("valueLearningRate", "separateValueNetwork"),
          new Rule(
              "valueCoefficient",
              all -> !all.path("separateValueNetwork").asBoolean(),
              "needs separateValueNetwork to be false"),
          new Rule(
              "missingStopPenalty",
              all -> !all.path("missingStop").asText().equals("KEEP"),
              "needs missingStop other than KEEP"),
          new Rule(
              "evaluateEvery",
              all -> all.path("heldOutPrompts").asInt() > 0,
              "needs heldOutPrompts"),
          new Rule(
              "warmupSteps",
              all -> all.path("warmupSteps").asInt() <= all.path("steps").asInt(),
              "must be at most steps, or the rates never reach what was asked"),
          new Rule(
              "miniBatches",
              all -> all.path("miniBatches").asInt() <= all.path("episodesPerStep").asInt(),
              "must be at most episodesPerStep, whose completions it shares out"));

  private static Rule needs(String setting, String flag) {
    return new Rule(setting, all -> all.path(flag).asBoolean(), "needs " + flag);
  }

  private static boolean ofEncoder(JsonNode all) {
    return all.path("backbone").asText().equals("minilm");
  }

  private static List<Rule> rules(StepKind kind) {
    return switch (kind) {
      case SFT, DPO, IPO, KTO -> List.of(LEARNING, ADAPTERS);
      case REJECTION -> List.of(LEARNING);
      case REWARD -> OF_REWARD;
      case PPO -> OF_PPO;
    };
  }

  /**
   * Looks at what was asked for other than the defaults.
   *
   * @param asked by name
   * @param all that are in force
   * @throws InvalidHyperparameter naming one that does nothing
   */
  static void refuse(StepKind kind, JsonNode asked, Record all) {
    JsonNode inForce = JSON.valueToTree(all);
    JsonNode standard =
        JSON.valueToTree(
            all instanceof RewardHyperparameters reward
                ? RewardHyperparameters.defaults(reward.backbone())
                : kind.defaults());
    for (Rule rule : rules(kind)) {
      String name = rule.setting();
      if (asked.has(name)
          && !inForce.path(name).equals(standard.path(name))
          && !rule.works().test(inForce)) {
        throw new InvalidHyperparameter(name, rule.fault());
      }
    }
  }
}
