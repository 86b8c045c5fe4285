package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Parameters;
import org.laurel.engine.run.Checkpoint;
import org.laurel.model.ModelConfig;
import org.laurel.model.TensorData;

class KeptWeightsTest {

  @Test
  void theMeanIsOfTheCountedStatesAndTheBestIsTheLowestLoss() {
    try (Decoder decoder = Decoder.random(tiny(), 1);
        KeptWeights kept = new KeptWeights(decoder.parameters())) {
      fill(decoder.parameters(), 1);
      kept.evaluated(0, 0.5);
      kept.evaluated(10, 0.55);
      assertThat(kept.withoutGain()).isEqualTo(1);
      fill(decoder.parameters(), 4);
      kept.evaluated(20, 0.4);
      assertThat(kept.withoutGain()).isZero();
      kept.count();
      fill(decoder.parameters(), 10);
      kept.evaluated(30, 0.6);
      kept.count();
      assertThat(kept.withoutGain()).isEqualTo(1);
      kept.takeMean();
      assertThat(first(decoder.parameters())).isEqualTo(7);
      assertThat(kept.taken()).isEqualTo(Map.of("kept_states", 2.0));
      kept.takeBest();
      assertThat(first(decoder.parameters())).isEqualTo(4);
      assertThat(kept.taken()).isEqualTo(Map.of("kept_step", 20.0));
    }
  }

  @Test
  void anotherProcessGoesOnFromWhatWasKept() {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    try (Decoder decoder = Decoder.random(tiny(), 1);
        KeptWeights kept = new KeptWeights(decoder.parameters())) {
      fill(decoder.parameters(), 4);
      kept.evaluated(10, 0.4);
      kept.count();
      fill(decoder.parameters(), 10);
      kept.evaluated(20, 0.6);
      kept.count();
      kept.keep(tensors, state);
      try (KeptWeights again = new KeptWeights(decoder.parameters())) {
        again.restore(new Checkpoint(3, tensors, state));
        again.evaluated(30, 0.5);
        assertThat(again.withoutGain()).isEqualTo(2);
        again.takeMean();
        assertThat(first(decoder.parameters())).isEqualTo(7);
        again.takeBest();
        assertThat(first(decoder.parameters())).isEqualTo(4);
        assertThat(again.taken()).isEqualTo(Map.of("kept_step", 10.0));
      }
    }
  }

  /** Wrong about a tenth more of a thousand choices is clear; of twenty it is not. */
  @Test
  void onlyEnoughChoicesSpeakClearly() {
    assertThat(KeptWeights.clearlyWorse(judged(1000, 0.6), judged(1000, 0.7))).isTrue();
    assertThat(KeptWeights.clearlyWorse(judged(1000, 0.7), judged(1000, 0.6))).isFalse();
    assertThat(KeptWeights.clearlyWorse(judged(20, 0.6), judged(20, 0.7))).isFalse();
    assertThat(KeptWeights.clearlyWorse(judged(1000, 0.7), judged(1000, 0.7))).isFalse();
  }

  /** Larger differences alone are no fault: what is kept is scaled anyway. */
  @Test
  void theScaleOfTheScoresDoesNotMatter() {
    List<JudgedPair> larger =
        judged(1000, 0.7).stream().map(pair -> pair.with(9 * pair.difference())).toList();
    assertThat(RewardMetrics.logLoss(larger)).isGreaterThan(1);
    assertThat(KeptWeights.clearlyWorse(larger, judged(1000, 0.7))).isFalse();
  }

  private static List<JudgedPair> judged(int count, double right) {
    Random random = new Random(Math.round(100 * right));
    List<JudgedPair> judged = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double size = 0.5 + random.nextDouble();
      boolean wrong = i * 61 % 100 >= 100 * right;
      judged.add(new JudgedPair(wrong ? -size : size, false, 0, null, null));
    }
    return judged;
  }

  private static void fill(Parameters parameters, float value) {
    parameters.byName().keySet().forEach(name -> parameters.fill(name, i -> value));
  }

  private static float first(Parameters parameters) {
    return parameters.values().select(0, 0).item_float();
  }

  private static ModelConfig tiny() {
    return new ModelConfig("llama", 10, 32, 64, 1, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);
  }
}
