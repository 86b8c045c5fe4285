package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.laurel.model.ModelDirectory;
import org.laurel.onnx.OnnxExport;
import org.laurel.onnx.ServingWeights;
import org.laurel.onnx.WeightPrecision;

/** Policies served at eight bits: nearly themselves, with a quarter of the bytes. */
class QuantizationTest {
  private static final List<int[]> PROMPTS =
      List.of(
          new int[] {5, 9, 33, 2, 60, 11, 4, 8, 17, 23, 42, 3}, new int[] {12, 40, 3, 3, 17, 28});

  @TempDir Path folder;

  static Set<String> families() {
    return TinyFamilies.configs().keySet();
  }

  private ModelDirectory write(String family) throws Exception {
    TinyFamilies.write(
        folder, Objects.requireNonNull(TinyFamilies.configs().get(family)), family.hashCode());
    return ModelDirectory.open(folder);
  }

  @ParameterizedTest
  @MethodSource("families")
  void everyFamilyStaysCloseToItself(String family) throws Exception {
    ModelDirectory directory = write(family);
    List<Integer> progress = new ArrayList<>();
    QuantizationCost cost =
        QuantizationCost.measure(directory, WeightPrecision.INT8, PROMPTS, 20, 1, progress::add);
    assertThat(progress).containsExactly(1, 2);
    assertThat(cost.tokens()).as("of its greedy answers").isEqualTo(greedyTokens(directory, 20));
    assertThat(cost.meanKl()).isPositive().isLessThan(0.02);
    assertThat(cost.agreement()).isGreaterThan(0.8);
  }

  @ParameterizedTest
  @MethodSource("families")
  void theLogprobsOfAnAnswerAreThoseOfTheWeightsThatGaveIt(String family) throws Exception {
    ModelDirectory directory = write(family);
    SamplingParameters greedy = new SamplingParameters(0, 0, 1, 0, 8, Set.of(), 0);
    PolicySession.Limits limits = new PolicySession.Limits(4, 64L << 20, 1);
    try (PolicySession exact = PolicySession.open(directory, limits);
        PolicySession coarse =
            PolicySession.open(directory, limits.withPrecision(WeightPrecision.INT8))) {
      assertThat(coarse.precision()).isEqualTo(WeightPrecision.INT8);
      float expected = exact.generate(PROMPTS, greedy).get(0).logprobs()[0];
      float actual = coarse.generate(PROMPTS, greedy).get(0).logprobs()[0];
      assertThat(actual).isNotEqualTo(expected).isCloseTo(expected, within(0.3f));
    }
  }

  @Test
  void itsOwnWeightsCostNothing() throws Exception {
    QuantizationCost cost =
        QuantizationCost.measure(write("llama"), WeightPrecision.FLOAT32, PROMPTS, 8, 1, i -> {});
    assertThat(cost.meanKl()).isZero();
    assertThat(cost.agreement()).isEqualTo(1);
    assertThat(cost.answers()).isEqualTo(2);
    assertThat(cost.sameAnswers()).isEqualTo(2);
  }

  /** Next tokens of random weights are often a close call. */
  @Test
  void whatIsAnsweredOtherwiseIsCounted() throws Exception {
    Random random = new Random(3);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      prompts.add(random.ints(8, 2, 60).toArray());
    }
    QuantizationCost cost =
        QuantizationCost.measure(write("llama"), WeightPrecision.INT8, prompts, 20, 1, i -> {});
    assertThat(cost.agreement()).isBetween(0.8, 0.9999);
    assertThat(cost.answers()).isEqualTo(40);
    assertThat(cost.sameAnswers()).isBetween(1, 39);
  }

  @Test
  void answersEndWhereTheContextDoes() throws Exception {
    ModelDirectory directory = write("llama");
    int context = directory.config().maxPositionEmbeddings();
    int[] nearlyAll = new Random(1).ints(context - 2, 2, 60).toArray();
    QuantizationCost cost =
        QuantizationCost.measure(
            directory, WeightPrecision.INT8, List.of(nearlyAll), 20, 1, i -> {});
    assertThat(cost.tokens()).isBetween(1L, 2L);
  }

  private static long greedyTokens(ModelDirectory directory, int most) throws Exception {
    try (PolicySession policy =
        PolicySession.open(directory, new PolicySession.Limits(4, 64L << 20, 1))) {
      return policy
          .generate(PROMPTS, SamplingParameters.greedy(most, directory.config().eosTokenId()))
          .stream()
          .mapToLong(answer -> answer.tokens().length)
          .sum();
    }
  }

  @Test
  void divergenceIsThatOfTheFirstFromTheSecond() {
    // 0.5 ln(0.5/0.25) + 0.5 ln(0.5/0.75)
    assertThat(QuantizationCost.kl(new float[] {0.5f, 0.5f, 0}, new float[] {0.25f, 0.75f, 0}))
        .isCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2.0 / 3), within(1e-6));
  }

  @Test
  void matricesTakeAByteAWeightAndLittleMore() throws Exception {
    ModelDirectory directory = write("mistral");
    Map<String, ServingWeights.Tensor> weights =
        ServingWeights.of(directory.config(), OnnxExport.weights(directory), WeightPrecision.INT8);
    assertThat(weights)
        .containsKeys(
            "model.embed_tokens.weight",
            "lm_head.weight.codes",
            "lm_head.weight.scales",
            "model.layers.1.self_attn.qkv_proj.weight.codes",
            // rows of 80 are no whole blocks
            "model.layers.1.mlp.down_proj.weight")
        .doesNotContainKeys("lm_head.weight", "model.layers.1.self_attn.qkv_proj.weight");
    assertThat(Objects.requireNonNull(weights.get("lm_head.weight.codes")).data().remaining())
        .isEqualTo(61 * 64);
  }
}
