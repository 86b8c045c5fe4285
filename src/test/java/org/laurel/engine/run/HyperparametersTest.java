package org.laurel.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HyperparametersTest {

  enum Shape {
    ROUND,
    SQUARE
  }

  record Some(
      int epochs,
      double learningRate,
      double valueLearningRate,
      double beta,
      boolean often,
      Shape shape,
      Map<String, Double> rates) {

    Some {
      Bounds.atLeast("epochs", epochs, 1);
      Bounds.positive("beta", beta);
    }
  }

  private static final Some DEFAULTS = new Some(2, 4e-4, 2e-4, 0.1, true, Shape.ROUND, Map.of());

  @Test
  void takesTheDefaultsWhereNothingIsChosen() {
    assertThat(Hyperparameters.read(json("{'epochs': 3}"), DEFAULTS))
        .isEqualTo(new Some(3, 4e-4, 2e-4, 0.1, true, Shape.ROUND, Map.of()));
  }

  @Test
  void namesWhatTheRecordDoesNotHave() {
    assertThatThrownBy(() -> Hyperparameters.read(json("{'epoch': 3}"), DEFAULTS, 1_000_000))
        .hasMessage("there is no hyperparameter 'epoch'");
  }

  @Test
  void saysWhatAValueOfTheWrongKindShouldHaveBeen() {
    refused("{'epochs': 'x'}", "epochs must be a whole number up to 2147483647");
    refused("{'epochs': 2.7}", "epochs must be a whole number up to 2147483647");
    refused("{'epochs': 3000000000}", "epochs must be a whole number up to 2147483647");
    refused("{'beta': []}", "beta must be a number");
    refused("{'beta': null}", "beta must not be null");
    refused("{'often': 'x'}", "often must be true or false");
    refused("{'shape': 'x'}", "shape must be one of [ROUND, SQUARE]");
    refused("{'shape': 0}", "shape must be one of [ROUND, SQUARE]");
    refused("{'shape': null}", "shape must not be null");
    assertThatThrownBy(() -> Hyperparameters.read(json("{'rates': {'a': null}}"), DEFAULTS))
        .isInstanceOf(InvalidHyperparameter.class)
        .hasMessageStartingWith("rates is malformed: ");
  }

  @Test
  void passesOnWhatTheRecordSays() {
    refused("{'epochs': 0}", "epochs must be at least 1, not 0");
    refused("{'beta': 'NaN'}", "beta must be a finite number, not NaN");
    refused("{'beta': 1e999}", "beta must be a finite number, not Infinity");
    refused("{'beta': -0.5}", "beta must be positive, not -0.5");
  }

  private static void refused(String overrides, String message) {
    assertThatThrownBy(() -> Hyperparameters.read(json(overrides), DEFAULTS))
        .isInstanceOf(InvalidHyperparameter.class)
        .hasMessage(message);
  }

  @Test
  void aLargeModelLearnsInSmallerStepsUnlessToldOtherwise() {
    Some small = Hyperparameters.read(json("{}"), DEFAULTS, 3_000_000);
    Some large = Hyperparameters.read(json("{'valueLearningRate': 0.5}"), DEFAULTS, 40_000_000);

    assertThat(small).isEqualTo(DEFAULTS);
    assertThat(large.learningRate()).isCloseTo(4e-5, within(1e-12));
    assertThat(large.valueLearningRate()).isEqualTo(0.5);
    assertThat(large.beta()).isEqualTo(0.1);
  }

  @Test
  void imitationSlowsDownByTheRootOfTheSize() {
    Hyperparameters.Rates byRoot = Hyperparameters.Rates.BY_ROOT;
    Some small = Hyperparameters.read(json("{}"), DEFAULTS, 3_000_000, byRoot);
    Some large = Hyperparameters.read(json("{}"), DEFAULTS, 400_000_000, byRoot);

    assertThat(small).isEqualTo(DEFAULTS);
    assertThat(large.learningRate()).isCloseTo(4e-5, within(1e-12));
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
