package org.laurel.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.laurel.model.ModelConfig;

class DivergenceTest {

  private static final ModelConfig TINY =
      new ModelConfig("llama", 11, 16, 32, 1, 1, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);
  private static final int[] PROMPT = {4, 7, 3};

  @Test
  void isZeroAtTheReference() {
    try (Decoder policy = Decoder.random(TINY, 1);
        Decoder reference = policy.copy()) {
      assertThat(Divergence.kl(policy, reference, List.of(PROMPT), List.of(new int[] {5, 6, 1})))
          .containsExactly(new double[] {0}, within(1e-6));
    }
  }

  @Test
  void doesNotDependOnWhatElseIsInTheBatch() {
    try (Decoder policy = Decoder.random(TINY, 1);
        Decoder reference = Decoder.random(TINY, 2)) {
      int[] completion = {5, 6, 9, 1};
      double alone = Divergence.kl(policy, reference, List.of(PROMPT), List.of(completion))[0];
      List<int[]> prompts = new ArrayList<>();
      List<int[]> completions = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        prompts.add(i == 17 ? PROMPT : new int[] {2, 2, 2, 2, 2, 3});
        completions.add(i == 17 ? completion : new int[] {8, 1});
      }
      double[] together = Divergence.kl(policy, reference, prompts, completions);
      assertThat(alone).isPositive();
      assertThat(together[17]).isCloseTo(alone, within(1e-5));
      assertThat(together[3]).isCloseTo(together[4], within(1e-6));
    }
  }

  /**
   * The mean of log pi(y) - log ref(y) over samples of one token is the sum over the vocabulary.
   */
  @Test
  void agreesWithTheLogRatioAveragedOverThePolicy() {
    try (Decoder policy = sharp(1);
        Decoder reference = sharp(2)) {
      double[] logPolicy = next(policy);
      double[] logReference = next(reference);
      double expected =
          IntStream.range(0, 11)
              .mapToDouble(v -> Math.exp(logPolicy[v]) * (logPolicy[v] - logReference[v]))
              .sum();
      assertThat(Divergence.kl(policy, reference, List.of(PROMPT), List.of(new int[] {5}))[0])
          .isCloseTo(expected, within(1e-5))
          .isGreaterThan(0.01);
    }
  }

  private static Decoder sharp(long seed) {
    Decoder decoder = Decoder.random(TINY, seed);
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      decoder.parameters().get("model.embed_tokens.weight").mul_(new Scalar(10));
    }
    return decoder;
  }

  private static double[] next(Decoder decoder) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor hidden = decoder.hidden(TokenBatch.rightPadded(List.of(PROMPT), 0));
      Tensor logits = decoder.logits(hidden.select(1, 2)).squeeze(0);
      float[] values = new float[11];
      torch.log_softmax(logits, -1).contiguous().data_ptr_float().get(values);
      return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
  }

  @Test
  void neverFallsBelowZero() {
    try (Decoder policy = sharp(3);
        Decoder reference = sharp(4)) {
      List<int[]> completions =
          IntStream.range(0, 8).mapToObj(i -> new int[] {2 + i, 10 - i, 1}).toList();
      double[] kl =
          Divergence.kl(
              policy, reference, completions.stream().map(c -> PROMPT).toList(), completions);
      assertThat(Arrays.stream(kl).min().orElseThrow()).isGreaterThanOrEqualTo(0);
    }
  }
}
