package org.laurel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.laurel.engine.dpo.DpoHyperparameters;
import org.laurel.engine.dpo.KtoHyperparameters;
import org.laurel.engine.ppo.PpoHyperparameters;
import org.laurel.engine.rejection.RejectionHyperparameters;
import org.laurel.engine.reward.Backbone;
import org.laurel.engine.reward.RewardHyperparameters;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.InvalidHyperparameter;
import org.laurel.engine.sft.SftHyperparameters;

class HyperparameterBoundsTest {
  /** Counts that may be none. */
  private static final List<String> MAY_BE_ZERO =
      List.of(
          "loraRank",
          "warmupSteps",
          "criticWarmupSteps",
          "heldOutPrompts",
          "frozenLayers",
          "normalisationSamples");

  private static final List<String> MAY_BE_NEGATIVE =
      List.of("missingStopPenalty", "lengthPenalty", "repetitionPenalty");

  static Stream<Record> all() {
    return Stream.of(
        SftHyperparameters.DEFAULT,
        RewardHyperparameters.defaults(),
        RewardHyperparameters.defaults(Backbone.MINILM),
        RejectionHyperparameters.defaults(),
        DpoHyperparameters.dpo(),
        DpoHyperparameters.ipo(),
        KtoHyperparameters.defaults(),
        PpoHyperparameters.defaults());
  }

  /** By the components that a record has, so that one added later needs a check of its own. */
  @ParameterizedTest
  @MethodSource("all")
  void everyNumberHasBounds(Record defaults) {
    for (RecordComponent component : defaults.getClass().getRecordComponents()) {
      String name = component.getName();
      if (component.getType() == double.class) {
        refused(defaults, name, "\"NaN\"");
        refused(defaults, name, "\"Infinity\"");
        if (!MAY_BE_NEGATIVE.contains(name)) {
          refused(defaults, name, "-0.001");
        }
      } else if (component.getType() == int.class) {
        refused(defaults, name, MAY_BE_ZERO.contains(name) ? "-1" : "0");
        refused(defaults, name, "2.7");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          labelSmoothing    | 0.5
          annotatorAccuracy | {"x": 7}
          annotatorAccuracy | {"x": 0.5}
          annotatorAccuracy | {"x": "NaN"}
          annotatorAccuracy | {"x": null}
          heldOutFraction   | 1
          layerDecay        | 1.1
          maxTokens         | 3
          maxGradientNorm   | 0
          """)
  void aRewardModelThatWouldLearnNothingOrTheOppositeIsRefused(String name, String value) {
    refused(RewardHyperparameters.defaults(), name, value);
  }

  @ParameterizedTest
  @CsvSource({
    "temperature, 0",
    "temperature, 0.009",
    "temperature, 101",
    "adamEpsilon, 0",
    "klTarget, 0",
    "klBudget, 0",
    "klHorizon, 19.2",
    "gamma, 1.1",
    "gaeLambda, 1.1",
    "clipRange, 0",
    "valueClipRange, 0",
    "scoreLimit, 0"
  })
  void aPpoRunThatWouldLearnNothingOrTheOppositeIsRefused(String name, String value) {
    refused(PpoHyperparameters.defaults(), name, value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"steps": 4, "criticWarmupSteps": 4}                     | criticWarmupSteps
          {"klCoefficient": 0}                                     | klCoefficient
          {"steps": 10, "heldOutPrompts": 2}                       | evaluateEvery
          {"steps": 4, "heldOutPrompts": 2, "evaluateEvery": 2}    | evaluateEvery
          """)
  void ppoSettingsThatUndoEachOtherAreRefused(String settings, String name) {
    assertThatThrownBy(() -> read(PpoHyperparameters.defaults(), settings))
        .isInstanceOfSatisfying(
            InvalidHyperparameter.class, refusal -> assertThat(refusal.name()).isEqualTo(name));
  }

  /** Which would overflow where they are multiplied or added to, or never end. */
  @ParameterizedTest
  @MethodSource("all")
  void noCountIsTheLargestNumberThereIs(Record defaults) {
    List<String> counts =
        List.of(
            "steps",
            "epochs",
            "episodesPerStep",
            "miniBatches",
            "normalisationSamples",
            "promptsPerBatch",
            "judgmentsPerBatch",
            "samplesPerPrompt",
            "batchTokens");
    for (RecordComponent component : defaults.getClass().getRecordComponents()) {
      if (counts.contains(component.getName())) {
        refused(defaults, component.getName(), "2147483647");
      }
    }
  }

  @Test
  void theOthersHaveLimitsToo() {
    refused(SftHyperparameters.DEFAULT, "beta2", "1");
    refused(SftHyperparameters.DEFAULT, "maxLength", "1");
    refused(SftHyperparameters.DEFAULT, "warmupFraction", "1.1");
    refused(SftHyperparameters.DEFAULT, "learningRateFloor", "1.1");
    refused(RejectionHyperparameters.defaults(), "samplesPerPrompt", "1");
    refused(RejectionHyperparameters.defaults(), "temperature", "0");
    refused(RejectionHyperparameters.defaults(), "temperature", "0.009");
    refused(RejectionHyperparameters.defaults(), "temperature", "101");
    for (Record direct : List.of(DpoHyperparameters.dpo(), KtoHyperparameters.defaults())) {
      refused(direct, "beta", "0");
      refused(direct, "heldOutFraction", "1");
      refused(direct, "maxTokens", "1");
      refused(direct, "warmupFraction", "1.1");
    }
    refused(DpoHyperparameters.dpo(), "labelSmoothing", "0.5");
    refused(KtoHyperparameters.defaults(), "goodWeight", "0");
    refused(KtoHyperparameters.defaults(), "badWeight", "0");
    assertThatThrownBy(() -> read(DpoHyperparameters.dpo(), "{\"loraRank\": 4, \"loraAlpha\": 0}"))
        .hasMessage("loraAlpha must be positive, not 0");
  }

  /** What tests and benchmarks ask for, and what a form may hold. */
  @Test
  void theEdgesAreAllowed() {
    assertThatCode(
            () -> {
              read(
                  RewardHyperparameters.defaults(),
                  "{\"heldOutFraction\": 0, \"annotatorAccuracy\": {\"x\": 1}, \"centering\": 0}");
              read(
                  PpoHyperparameters.defaults(),
                  "{\"klCoefficient\": 0, \"adaptiveKl\": false, \"klHorizon\": 1,"
                      + " \"learningRate\": 0, \"lengthPenalty\": -1, \"loraAlpha\": 0}");
              read(
                  PpoHyperparameters.defaults(),
                  "{\"steps\": 5, \"criticWarmupSteps\": 4, \"heldOutPrompts\": 2,"
                      + " \"evaluateEvery\": 2}");
              read(PpoHyperparameters.defaults(), "{\"temperature\": 0.01}");
              read(RejectionHyperparameters.defaults(), "{\"temperature\": 100}");
            })
        .doesNotThrowAnyException();
  }

  private static void refused(Record defaults, String name, String value) {
    assertThatThrownBy(() -> read(defaults, "{\"" + name + "\": " + value + "}"))
        .as("%s of %s in %s", value, name, defaults.getClass().getSimpleName())
        .isInstanceOfSatisfying(
            InvalidHyperparameter.class, refusal -> assertThat(refusal.name()).isEqualTo(name))
        .hasMessageStartingWith(name + " ");
  }

  private static void read(Record defaults, String overrides) {
    Hyperparameters.read(json(overrides), defaults);
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
