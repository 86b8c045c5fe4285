package org.laurel.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.laurel.engine.run.InvalidHyperparameter;
import org.laurel.model.ModelConfig;

class IdleSettingsTest {
  /** Four layers, 32 wide, 64 tokens of context. */
  private static final ModelConfig POLICY =
      new ModelConfig("llama", 264, 32, 56, 4, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SFT       | {"learningRate": 0}                                  | learningRate
          REJECTION | {"learningRate": 0}                                  | learningRate
          KTO       | {"loraAlpha": 8}                                     | loraAlpha
          REWARD    | {"layerDecay": 0.9}                                  | layerDecay
          REWARD    | {"headRate": 2}                                      | headRate
          REWARD    | {"ngrams": true}                                     | ngrams
          REWARD    | {"backbone": "minilm", "headScale": 1}               | headScale
          REWARD    | {"heldOutFraction": 0, "patience": 2}                | patience
          PPO       | {"adaptiveKl": false, "klTarget": 3}                 | klTarget
          PPO       | {"adaptiveKl": false, "klHorizon": 3000}             | klHorizon
          PPO       | {"separateValueNetwork": false, "valueLearningRate": 1e-5} | valueLearningRate
          PPO       | {"valueCoefficient": 1}                              | valueCoefficient
          PPO       | {"missingStop": "KEEP", "missingStopPenalty": -2}    | missingStopPenalty
          PPO       | {"evaluateEvery": 2}                                 | evaluateEvery
          PPO       | {"steps": 10, "warmupSteps": 11}                     | warmupSteps
          PPO       | {"episodesPerStep": 4, "miniBatches": 5}             | miniBatches
          """)
  void whatDoesNothingIsNamed(StepKind kind, String asked, String name) {
    assertThatThrownBy(() -> refuse(kind, asked))
        .isInstanceOfSatisfying(
            InvalidHyperparameter.class, fault -> assertThat(fault.name()).isEqualTo(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          KTO    | {"loraRank": 4, "loraAlpha": 8}
          REWARD | {"backbone": "minilm", "layerDecay": 0.8, "headRate": 3, "ngrams": true}
          REWARD | {"headScale": 1, "patience": 2}
          PPO    | {"klTarget": 3, "klHorizon": 3000, "valueLearningRate": 1e-5}
          PPO    | {"separateValueNetwork": false, "valueCoefficient": 1}
          PPO    | {"missingStop": "ADD", "missingStopPenalty": -2}
          PPO    | {"heldOutPrompts": 2, "evaluateEvery": 2}
          PPO    | {"steps": 10, "warmupSteps": 10, "episodesPerStep": 5, "miniBatches": 5}
          PPO    | {"steps": 1, "episodesPerStep": 2}
          """)
  void whatDoesSomethingAndWhatNobodyAskedForIsTaken(StepKind kind, String asked) {
    assertThatCode(() -> refuse(kind, asked)).doesNotThrowAnyException();
  }

  /** As a program sends them that fills in all it knows. */
  @ParameterizedTest
  @EnumSource
  void theDefaultsMayBeSaid(StepKind kind) {
    JsonNode defaults = new ObjectMapper().valueToTree(kind.defaults());
    assertThatCode(() -> IdleSettings.refuse(kind, defaults, kind.settings(defaults)))
        .doesNotThrowAnyException();
    assertThatCode(() -> PolicyLimits.check(kind.settings(json("{}")), wide()))
        .doesNotThrowAnyException();
  }

  private static ModelConfig wide() {
    return new ModelConfig("llama", 264, 32, 56, 4, 2, 1, 16, 512, 1e-5, 10_000, true, null, 1, 0);
  }

  @Test
  void thePolicySetsLimits() {
    beyond(StepKind.PPO, "frozenLayers", 4);
    beyond(StepKind.PPO, "maxNewTokens", 64);
    beyond(StepKind.REJECTION, "maxNewTokens", Integer.MAX_VALUE);
    beyond(StepKind.SFT, "loraRank", 32);
    PolicyLimits.check(
        StepKind.PPO.settings(
            json("{\"frozenLayers\": 3, \"maxNewTokens\": 63, \"loraRank\": 31}")),
        POLICY);
  }

  private static void beyond(StepKind kind, String name, int value) {
    Record settings = kind.settings(json("{\"%s\": %d}".formatted(name, value)));
    assertThatThrownBy(() -> PolicyLimits.check(settings, POLICY))
        .isInstanceOfSatisfying(
            InvalidHyperparameter.class, fault -> assertThat(fault.name()).isEqualTo(name))
        .hasMessageContaining(", not " + value);
  }

  private static void refuse(StepKind kind, String asked) {
    JsonNode settings = json(asked);
    IdleSettings.refuse(kind, settings, kind.settings(settings));
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
