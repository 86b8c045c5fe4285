package org.laurel.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.laurel.engine.reward.Backbone;
import org.laurel.engine.reward.RewardHyperparameters;
import org.laurel.engine.run.Hyperparameters;

class SettingsGuideTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @EnumSource
  void theGuideHasEverySettingWithItsDefault(StepKind kind) {
    assertThat(comparable(SettingsGuide.defaults(kind))).isEqualTo(defaults(kind.defaults()));
    assertThat(SettingsGuide.of(kind).values())
        .allSatisfy(row -> assertThat(row.meaning()).hasSizeGreaterThan(5).doesNotContain("`"));
  }

  @Test
  void theGuideHasTheDefaultsOfTheEncoderToo() {
    assertThat(comparable(SettingsGuide.defaultsWithMiniLm()))
        .isEqualTo(defaults(RewardHyperparameters.defaults(Backbone.MINILM)));
  }

  /** As the trainers read them: the root of the size for imitation, in proportion else. */
  @Test
  void largerPoliciesTakeSmallerRates() {
    for (StepKind kind : StepKind.values()) {
      Map<String, String> shown = SettingsGuide.defaults(kind, 135_000_000);
      JsonNode taken =
          JSON.valueToTree(
              Hyperparameters.read(
                  JSON.createObjectNode(),
                  kind.defaults(),
                  135_000_000,
                  Hyperparameters.Rates.of(kind.key())));
      shown.forEach(
          (name, written) -> {
            if (name.toLowerCase(Locale.ROOT).endsWith("rate")) {
              double rate = taken.path(name).asDouble();
              assertThat(Double.parseDouble(written))
                  .as(kind + " " + name)
                  .isCloseTo(rate, withPercentage(5));
            }
          });
    }
    assertThat(SettingsGuide.defaults(StepKind.SFT, 135_000_000))
        .containsEntry("learningRate", "8.6e-5")
        .containsEntry("learningRateFloor", "0.1");
    assertThat(SettingsGuide.defaults(StepKind.DPO, 135_000_000))
        .containsEntry("learningRate", "5.9e-6");
    assertThat(SettingsGuide.defaults(StepKind.SFT, 3_700_000))
        .isEqualTo(SettingsGuide.defaults(StepKind.SFT));
  }

  private static Map<String, Object> comparable(Map<String, String> guided) {
    Map<String, Object> found = new LinkedHashMap<>();
    guided.forEach((name, written) -> found.put(name, comparable(json(written))));
    return found;
  }

  private static Map<String, Object> defaults(Record record) {
    Map<String, Object> found = new LinkedHashMap<>();
    JSON.valueToTree(record)
        .fields()
        .forEachRemaining(field -> found.put(field.getKey(), comparable(field.getValue())));
    return found;
  }

  /** Numbers by what they are worth: 4 and 4.0 are one. */
  private static Object comparable(JsonNode value) {
    return value.isNumber() ? value.asDouble() : value;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.getNodeFactory().textNode(text);
    }
  }
}
