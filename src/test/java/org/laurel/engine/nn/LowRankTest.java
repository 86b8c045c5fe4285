package org.laurel.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.device.RanksChoice;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.BpeTrainer;

class LowRankTest {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 264, 32, 56, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);
  private static final LowRank RANK_FOUR = new LowRank(4, 8);
  private static final TokenBatch BATCH =
      TokenBatch.rightPadded(List.of(new int[] {5, 6, 7, 8}, new int[] {9, 3}), 0);

  @TempDir Path home;

  @BeforeEach
  void writePolicy() throws IOException {
    BpeTrainer.train(Stream.of("hello"), List.of("<|pad|>", "<|end|>", "<|user|>"), 262)
        .write(home, "<|user|>{{ messages[0].content }}", "<|end|>", "<|pad|>", 64);
    try (Decoder fresh = Decoder.random(CONFIG, 1)) {
      ModelDirectory.writePolicy(home, CONFIG, fresh.parameters().export(), home);
    }
  }

  private Decoder adapted() {
    return Decoder.load(ModelDirectory.open(home), RANK_FOUR, 3);
  }

  private static void learn(Decoder decoder, double rate) {
    try (AdamW optimiser = new AdamW(decoder.trained(), AdamW.Settings.DEFAULT);
        PointerScope scope = new PointerScope()) {
      for (int step = 0; step < 3; step++) {
        decoder.hidden(BATCH).sin().sum().backward();
        optimiser.step(rate);
        optimiser.zeroGradients();
      }
    }
  }

  @Test
  void beforeTrainingNothingIsChanged() {
    try (PointerScope scope = new PointerScope();
        Decoder adapted = adapted();
        Decoder plain = Decoder.load(ModelDirectory.open(home))) {
      assertThat(adapted.hidden(BATCH).equal(plain.hidden(BATCH))).isTrue();
      assertThat(adapted.trained().count()).isLessThan(plain.trained().count() / 2);
    }
  }

  @Test
  void ranksAddUpTheGradientsOfTheAdaptersAndShareTheWeights() {
    List<TokenBatch> parts =
        List.of(BATCH, TokenBatch.rightPadded(List.of(new int[] {11, 12, 13}), 0), BATCH);
    Ranks.use(new RanksChoice(2));
    try (PointerScope scope = new PointerScope();
        Decoder adapted = adapted();
        Ranks<Decoder> ranks = Ranks.of(adapted)) {
      adapted.trained().byName().keySet().forEach(name -> adapted.trained().fill(name, i -> 0.01));
      parts.forEach(part -> addGradient(adapted, part));
      Tensor alone = adapted.trained().gradients().clone();
      adapted.trained().gradients().zero_();
      assertThat(ranks.learn(parts, LowRankTest::addGradient)).containsOnly(0L);
      Tensor shared = adapted.trained().gradients();
      assertThat(shared.sub(alone).norm().item_double())
          .isLessThan(1e-5 * alone.norm().item_double());
    } finally {
      Ranks.use(RanksChoice.ofEnvironment());
    }
  }

  /** Gives how many gradients there are of weights that are not trained. */
  private static long addGradient(Decoder decoder, TokenBatch batch) {
    try (PointerScope scope = new PointerScope()) {
      decoder.hidden(batch).sin().sum().backward();
      return decoder.parameters().gradients().numel();
    }
  }

  @Test
  void onlyAdaptersLearnAndSwitchedOffTheyLeaveTheReference() {
    try (PointerScope scope = new PointerScope();
        Decoder adapted = adapted();
        Decoder reference = adapted.withoutAdapters();
        Decoder plain = Decoder.load(ModelDirectory.open(home))) {
      Tensor start = adapted.trained().values().clone();
      learn(adapted, 0.01);
      assertThat(adapted.trained().values().ne(start).sum().item_long())
          .isGreaterThan(adapted.trained().count() * 9 / 10);
      assertThat(reference.hidden(BATCH).equal(plain.hidden(BATCH))).isTrue();
      assertThat(adapted.hidden(BATCH).sub(plain.hidden(BATCH)).abs().max().item_double())
          .isGreaterThan(0.01);
      assertThat(adapted.parameters().gradients().numel()).isZero();
    }
  }

  @Test
  void mergedWeightsComputeWhatAdaptersDo() throws IOException {
    try (PointerScope scope = new PointerScope();
        Decoder adapted = adapted()) {
      learn(adapted, 0.01);
      ModelDirectory.writePolicy(home.resolve("merged"), CONFIG, adapted.export(), home);
      try (Decoder merged = Decoder.load(ModelDirectory.open(home.resolve("merged")));
          Decoder copy = adapted.copy()) {
        assertThat(difference(merged, adapted)).isLessThan(1e-5);
        assertThat(difference(copy, adapted)).isLessThan(1e-5);
        try (Decoder plain = adapted.withoutAdapters()) {
          assertThat(difference(plain, adapted)).isGreaterThan(0.01);
        }
      }
      Map<String, FloatBuffer> served = adapted.weights();
      String name = "model.layers.1.mlp.down_proj.weight";
      Tensor byHand =
          adapted
              .parameters()
              .get(name)
              .add(
                  adapted
                      .trained()
                      .get(name + ".lora_B")
                      .mm(adapted.trained().get(name + ".lora_A"))
                      .mul(new Scalar(2.0)));
      float[] expected = new float[(int) byHand.numel()];
      byHand.contiguous().data_ptr_float().get(expected);
      float[] found = new float[expected.length];
      Objects.requireNonNull(served.get(name)).get(found);
      assertThat(found).containsExactly(expected, Offset.offset(1e-6f));
    }
  }

  private static double difference(Decoder one, Decoder other) {
    return one.hidden(BATCH).sub(other.hidden(BATCH)).abs().max().item_double();
  }

  @Test
  void anAdapterWithoutScaleIsRefused() {
    assertThatThrownBy(() -> new LowRank(4, 0)).hasMessageContaining("loraAlpha");
    assertThatThrownBy(() -> new LowRank(-1, 1)).hasMessageContaining("negative");
  }
}
