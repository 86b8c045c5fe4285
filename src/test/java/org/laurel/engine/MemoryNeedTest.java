package org.laurel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.engine.nn.AdamW;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.LowRank;
import org.laurel.engine.nn.Parameters;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.TensorData;

class MemoryNeedTest {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 300, 64, 160, 3, 4, 2, 16, 128, 1e-5, 10_000, true, null, 1, 0);
  private static final JsonNode NONE = JsonNodeFactory.instance.objectNode();

  private static long part(MemoryNeed need, String name) {
    return Objects.requireNonNull(need.kept().get(name), name);
  }

  private static long sum(Map<String, Long> parts) {
    return parts.values().stream().mapToLong(bytes -> bytes).sum();
  }

  private static ObjectNode microBatch(int tokens) {
    return JsonNodeFactory.instance.objectNode().put("microBatchTokens", tokens);
  }

  @Test
  void weightsGradientsAndMomentsAreThoseThatAreAllocated() {
    try (Decoder decoder = Decoder.random(CONFIG, 1);
        AdamW optimiser = new AdamW(decoder.parameters(), AdamW.Settings.DEFAULT)) {
      Parameters parameters = decoder.parameters();
      long turns = 128 * 8 * 8; // complex64 of each position and pair
      MemoryNeed need = MemoryNeed.of("sft", CONFIG, NONE, 0);
      assertThat(part(need, "policy")).isEqualTo(parameters.values().nbytes() + turns);
      assertThat(part(need, "gradients")).isEqualTo(parameters.gradients().nbytes());
      Map<String, TensorData> moments = new HashMap<>();
      optimiser.keep(moments, "");
      assertThat(part(need, "Adam's moments"))
          .isEqualTo(moments.values().stream().mapToLong(m -> m.bytes().remaining()).sum());
    }
  }

  @Test
  void whatIsNeverTrainedHasNoRoomForGradients(@TempDir Path home) throws IOException {
    try (Decoder decoder = Decoder.random(CONFIG, 1)) {
      ModelDirectory stored =
          ModelDirectory.writePolicy(home, CONFIG, decoder.parameters().export(), home);
      try (Decoder fixed = Decoder.loadFrozen(stored);
          Decoder adapted = Decoder.load(stored, new LowRank(4, 8), 1)) {
        assertThat(fixed.parameters().values().equal(decoder.parameters().values())).isTrue();
        assertThat(fixed.parameters().gradients().nbytes()).isZero();
        assertThat(adapted.parameters().gradients().nbytes()).isZero();
        assertThat(adapted.trained().gradients().nbytes()).isPositive();
      }
    }
    long weights = 4 * CONFIG.parameterCount();
    MemoryNeed need = MemoryNeed.of("ppo", CONFIG, NONE, 0, any -> 1);
    assertThat(part(need, "gradients")).as("policy and critic").isEqualTo(2 * weights);
    assertThat(part(need, "reference")).isEqualTo(part(need, "policy"));
  }

  @Test
  void activationsGrowWithTheMicroBatchAndNothingElseDoes() {
    MemoryNeed small = MemoryNeed.of("reward", CONFIG, microBatch(1024), 0);
    MemoryNeed large = MemoryNeed.of("reward", CONFIG, microBatch(3072), 0);
    long activations = Objects.requireNonNull(small.step().get("activations"));
    assertThat(small.step().get("gaps")).isEqualTo(activations * 5 / 4);
    assertThat(sum(large.step()) - sum(small.step())).isEqualTo(2 * activations * 9 / 4);
    assertThat(MemoryNeed.of("sft", CONFIG, NONE, 0).step()).doesNotContainKey("gaps");
    assertThat(large.kept()).isEqualTo(small.kept());
  }

  @Test
  void aValueNetworkOfItsOwnTakesWhatASecondPolicyWould() {
    ObjectNode shared = JsonNodeFactory.instance.objectNode().put("separateValueNetwork", false);
    MemoryNeed one = MemoryNeed.of("ppo", CONFIG, shared, 0);
    MemoryNeed two = MemoryNeed.of("ppo", CONFIG, NONE, 0);
    assertThat(one.kept()).doesNotContainKey("value network");
    assertThat(part(two, "value network")).isEqualTo(part(two, "policy"));
    assertThat(part(two, "Adam's moments")).isEqualTo(2 * part(one, "Adam's moments"));
  }

  /** Both kinds of weights that a run may have to go back to; of adapters they are next to none. */
  @Test
  void ppoHoldsCopiesOfWhatItTrains() {
    ObjectNode heldOut = JsonNodeFactory.instance.objectNode().put("heldOutPrompts", 4);
    long weights = 4 * CONFIG.parameterCount();
    MemoryNeed need = MemoryNeed.of("ppo", CONFIG, heldOut, 0);
    assertThat(part(need, "weights within the budget")).isEqualTo(weights);
    assertThat(part(need, "weights that scored best")).isEqualTo(weights);
    assertThat(MemoryNeed.of("ppo", CONFIG, heldOut.deepCopy().put("loraRank", 8), 0).kept())
        .doesNotContainKeys("weights within the budget", "weights that scored best");
  }

  @Test
  void computingLayersAgainAndAdaptersTakeLess() {
    ObjectNode again = JsonNodeFactory.instance.objectNode().put("recompute", true);
    ObjectNode adapters = JsonNodeFactory.instance.objectNode().put("loraRank", 8);
    MemoryNeed plain = MemoryNeed.of("sft", CONFIG, NONE, 0);
    assertThat(sum(MemoryNeed.of("sft", CONFIG, again, 0).step())).isLessThan(sum(plain.step()));
    assertThat(sum(MemoryNeed.of("sft", CONFIG, adapters, 0).kept())).isLessThan(sum(plain.kept()));
  }

  /** Gradients of its own and weights in the type of the products; a step's tokens are shared. */
  @Test
  void aSecondRankTakesItsOwnOfAllButTheWeights() {
    ObjectNode large = microBatch(4096).put("batchTokens", 4096);
    MemoryNeed one = MemoryNeed.of("sft", CONFIG, large, 0, weights -> 1);
    MemoryNeed two = MemoryNeed.of("sft", CONFIG, large, 0, weights -> 2);
    long weights = 4 * CONFIG.parameterCount();
    assertThat(sum(two.kept()) - sum(one.kept())).isEqualTo(weights);
    assertThat(two.step().get("activations")).isEqualTo(one.step().get("activations"));
    assertThat(two.step().get("weights as multiplied")).isEqualTo(2 * weights);
    assertThat(MemoryNeed.of("dpo", CONFIG, NONE, 0, any -> 2).step().get("activations"))
        .isEqualTo(
            MemoryNeed.of("dpo", CONFIG, microBatch(2048), 0, any -> 1).step().get("activations"));
    MemoryNeed ppo =
        MemoryNeed.of("ppo", CONFIG, NONE, 0, trained -> (int) (trained * 4 / weights));
    assertThat(part(ppo, "gradients of other ranks"))
        .as("policy and critic")
        .isEqualTo(2 * weights);
  }

  /**
   * A sequence that is longer than a micro-batch goes through alone, and none beyond the context.
   */
  @Test
  void longPromptsTakeMoreThanAMicroBatch() {
    ObjectNode small = microBatch(32).put("maxNewTokens", 20);
    for (String kind : List.of("ppo", "rejection")) {
      long[] tokens =
          IntStream.of(0, 10, 44, 2000)
              .mapToLong(
                  prompt ->
                      Objects.requireNonNull(
                          MemoryNeed.of(kind, CONFIG, small, prompt, any -> 1)
                              .step()
                              .get("activations")))
              .toArray();
      assertThat(tokens[1]).as(kind).isEqualTo(tokens[0]);
      assertThat(tokens[2]).as(kind).isEqualTo(2 * tokens[0]);
      assertThat(tokens[3]).as(kind).isEqualTo(4 * tokens[0]);
    }
  }

  @Test
  void anUnknownKindIsRefused() {
    assertThatThrownBy(() -> MemoryNeed.of("grpo", CONFIG, NONE, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'grpo'");
  }
}
