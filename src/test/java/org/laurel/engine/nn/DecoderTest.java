package org.laurel.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.ModelFormatException;
import org.laurel.model.TensorData;

class DecoderTest {
  static final ModelConfig CONFIG = config(4, 2, true);

  private static final int[] SHORT = {5, 9, 3};
  private static final int[] LONG = {7, 2, 8, 4, 11, 30, 22, 19, 6};
  private static final int[] MIDDLE = {12, 40, 3, 3, 17, 28};
  private static final List<int[]> SEQUENCES = List.of(SHORT, LONG, MIDDLE);

  @TempDir Path directory;
  private PointerScope scope = new PointerScope();
  private Decoder decoder = lively(CONFIG, 1);

  static ModelConfig config(int heads, int kvHeads, boolean tied) {
    return new ModelConfig(
        "llama", 48, 32, 56, 3, heads, kvHeads, 8, 32, 1e-5, 10_000, tied, null, 1, 0);
  }

  /** Weights ten times as large as fresh ones, so that attention is far from uniform. */
  static Decoder lively(ModelConfig config, long seed) {
    Decoder decoder = Decoder.random(config, seed);
    SplittableRandom random = new SplittableRandom(seed);
    decoder
        .parameters()
        .buffers()
        .forEach(
            (name, values) -> {
              boolean norm = name.contains("norm");
              decoder
                  .parameters()
                  .fill(name, i -> norm ? 0.5 + random.nextDouble() : values.get(i) * 10);
            });
    return decoder;
  }

  @BeforeEach
  void open() {
    torch.set_num_threads(2);
    scope.close();
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
    decoder.close();
  }

  /** Logits [tokens][vocabulary] of one sequence, found in the flattened batch from start on. */
  private static double[][] logits(Decoder decoder, TokenBatch batch, long start, int length) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor flat = decoder.hidden(batch).view(-1, decoder.config().hiddenSize());
      return rows(decoder.logits(flat.narrow(0, start, length)));
    }
  }

  private static double[][] rows(Tensor matrix) {
    int width = (int) matrix.size(1);
    double[][] rows = new double[(int) matrix.size(0)][width];
    FloatBuffer values = matrix.contiguous().createBuffer();
    for (int i = 0; i < rows.length * width; i++) {
      rows[i / width][i % width] = values.get(i);
    }
    return rows;
  }

  private static void assertClose(double[][] actual, double[][] expected, double tolerance) {
    assertThat(actual).hasDimensions(expected.length, expected[0].length);
    for (int t = 0; t < expected.length; t++) {
      assertThat(actual[t]).containsExactly(expected[t], within(tolerance));
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 4, true", "4, 2, true", "4, 1, false"})
  void agreesWithAHandWrittenForwardPass(int heads, int kvHeads, boolean tied) {
    try (Decoder model = lively(config(heads, kvHeads, tied), 3)) {
      double[][] expected =
          new ReferenceDecoder(model.config(), model.parameters().buffers()).logits(LONG);
      double[][] actual = logits(model, TokenBatch.rightPadded(List.of(LONG), 0), 0, LONG.length);
      assertClose(actual, expected, 1e-4);
      assertThat(expected[8][3]).isNotCloseTo(expected[7][3], within(1e-2));
    }
  }

  @Test
  void theSideOfThePaddingDoesNotMatter() {
    TokenBatch right = TokenBatch.rightPadded(SEQUENCES, 0);
    TokenBatch left = TokenBatch.leftPadded(SEQUENCES, 0);
    for (int row = 0; row < SEQUENCES.size(); row++) {
      int length = SEQUENCES.get(row).length;
      long end = (row + 1L) * left.width();
      double[][] alone =
          logits(decoder, TokenBatch.rightPadded(SEQUENCES.subList(row, row + 1), 0), 0, length);
      assertClose(logits(decoder, right, (long) row * right.width(), length), alone, 1e-5);
      assertClose(logits(decoder, left, end - length, length), alone, 1e-5);
    }
  }

  @Test
  void theMaskGivesWhatThePlainCausalPathGives() {
    TokenBatch batch = TokenBatch.rightPadded(SEQUENCES, 0);
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor fast = decoder.hidden(batch).narrow(0, 1, 1).narrow(1, 0, LONG.length);
      Tensor masked =
          decoder
              .hidden(batch.ids(), batch.positions(), batch.segments())
              .narrow(0, 1, 1)
              .narrow(1, 0, LONG.length);
      assertThat(fast.sub(masked).abs().max().item_double()).isLessThan(1e-5);
    }
  }

  @Test
  void packedSequencesDoNotSeeEachOther() {
    TokenBatch packed = TokenBatch.packed(List.of(List.of(SHORT, MIDDLE), List.of(LONG)), 10, 0);
    double[][] alone =
        logits(decoder, TokenBatch.rightPadded(List.of(MIDDLE), 0), 0, MIDDLE.length);
    assertClose(logits(decoder, packed, 3, MIDDLE.length), alone, 1e-5);
    assertThat(packed.lastIndexes()).containsExactly(2, 8, 18);
  }

  @Test
  void aLaterTokenDoesNotChangeAnEarlierOne() {
    int[] other = LONG.clone();
    other[5] = 44;
    double[][] before = logits(decoder, TokenBatch.rightPadded(List.of(LONG), 0), 0, 9);
    double[][] after = logits(decoder, TokenBatch.rightPadded(List.of(other), 0), 0, 9);
    assertClose(new double[][] {after[4]}, new double[][] {before[4]}, 1e-6);
    assertThat(after[5][0]).isNotCloseTo(before[5][0], within(1e-3));
  }

  @Test
  void bfloat16StaysCloseToFloat32() {
    TokenBatch batch = TokenBatch.rightPadded(List.of(LONG), 0);
    double[][] exact = logits(decoder, batch, 0, LONG.length);
    double[][] rounded = logits(decoder.precision(Precision.BFLOAT16), batch, 0, LONG.length);
    double error = 0;
    double size = 0;
    for (int t = 0; t < exact.length; t++) {
      for (int i = 0; i < exact[t].length; i++) {
        error += Math.pow(rounded[t][i] - exact[t][i], 2);
        size += Math.pow(exact[t][i], 2);
      }
    }
    assertThat(Math.sqrt(error / size)).isBetween(1e-5, 0.03);
  }

  @Test
  void theGradientIsTheSlopeOfTheHandWrittenLoss() {
    int[] targets = {2, 8, 4, 11, 30, 22, 19, 6, 1};
    double[] expected = new double[4];
    String[] names = {
      "model.embed_tokens.weight",
      "model.layers.1.self_attn.q_proj.weight",
      "model.layers.0.mlp.gate_proj.weight",
      "model.layers.2.input_layernorm.weight"
    };
    int index = 8;
    Map<String, FloatBuffer> weights = decoder.parameters().buffers();
    for (int n = 0; n < names.length; n++) {
      String name = names[n];
      float value = decoder.parameters().buffer(name).get(index);
      float step = 0.01f;
      decoder.parameters().write(name, values -> values.put(index, value + step));
      double up = loss(new ReferenceDecoder(CONFIG, weights).logits(LONG), targets);
      decoder.parameters().write(name, values -> values.put(index, value - step));
      double down = loss(new ReferenceDecoder(CONFIG, weights).logits(LONG), targets);
      decoder.parameters().write(name, values -> values.put(index, value));
      expected[n] = (up - down) / (2 * step);
    }
    Tensor logits = decoder.logits(decoder.hidden(TokenBatch.rightPadded(List.of(LONG), 0)));
    long[] wanted = Arrays.stream(targets).asLongStream().toArray();
    torch.cross_entropy_loss(logits.view(-1, 48).narrow(0, 0, 9), Tensor.create(wanted)).backward();
    for (int n = 0; n < names.length; n++) {
      FloatBuffer gradient = decoder.parameters().get(names[n]).grad().contiguous().createBuffer();
      assertThat((double) gradient.get(index))
          .as(names[n])
          .isCloseTo(expected[n], within(2e-3 + 0.01 * Math.abs(expected[n])));
      assertThat(Math.abs(expected[n])).as(names[n]).isGreaterThan(1e-4);
    }
  }

  private static double loss(double[][] logits, int[] targets) {
    double sum = 0;
    for (int t = 0; t < targets.length; t++) {
      double normaliser = 0;
      for (double logit : logits[t]) {
        normaliser += Math.exp(logit);
      }
      sum += Math.log(normaliser) - logits[t][targets[t]];
    }
    return sum / targets.length;
  }

  @Test
  void aSeedAlwaysGivesTheSameWeights() {
    try (Decoder same = Decoder.random(CONFIG, 5);
        Decoder again = Decoder.random(CONFIG, 5);
        Decoder other = Decoder.random(CONFIG, 6)) {
      assertThat(same.parameters().values().equal(again.parameters().values())).isTrue();
      assertThat(same.parameters().values().equal(other.parameters().values())).isFalse();
      double deviation = same.parameters().get("model.embed_tokens.weight").std().item_double();
      assertThat(deviation).isCloseTo(0.02, within(0.001));
      assertThat(same.parameters().count()).isEqualTo(CONFIG.parameterCount());
    }
  }

  @Test
  void aStoredModelIsReadAsItWas() throws IOException {
    ModelDirectory stored =
        ModelDirectory.writePolicy(
            directory, CONFIG, decoder.parameters().export(), directory.resolve("none"));
    try (Decoder read = Decoder.load(ModelDirectory.open(directory));
        Decoder reward = Decoder.loadWithScoreHead(stored, 4)) {
      assertThat(read.parameters().values().equal(decoder.parameters().values())).isTrue();
      assertThat(reward.hasScore()).isTrue();
      assertThat(read.hasScore()).isFalse();
      double deviation = reward.parameters().get(Decoder.SCORE).std().item_double();
      assertThat(deviation).isCloseTo(1 / Math.sqrt(33), within(0.08));
    }
  }

  @Test
  void aModelThatLacksAWeightIsRefused() throws IOException {
    Map<String, TensorData> weights = decoder.parameters().export();
    weights.remove("model.layers.2.mlp.up_proj.weight");
    ModelDirectory stored = ModelDirectory.writePolicy(directory, CONFIG, weights, directory);
    assertThatThrownBy(() -> Decoder.load(stored))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("model.layers.2.mlp.up_proj.weight");
  }

  @Test
  void aCopyGoesItsOwnWay() {
    try (Decoder copy = decoder.copyWithScoreHead(2)) {
      double before = copy.parameters().get("model.norm.weight").sum().item_double();
      decoder.parameters().write("model.norm.weight", values -> values.put(0, 100f));
      double after = copy.parameters().get("model.norm.weight").sum().item_double();
      assertThat(after).isEqualTo(before);
    }
  }

  @Test
  void theScoreIsReadAtTheLastTokenWhereverThatIs() {
    try (Decoder reward = decoder.copyWithScoreHead(2);
        NoGradGuard guard = new NoGradGuard()) {
      double[] expected = new double[3];
      Map<String, FloatBuffer> weights = reward.parameters().buffers();
      FloatBuffer head = reward.parameters().buffer(Decoder.SCORE);
      for (int row = 0; row < 3; row++) {
        double[][] hidden = new ReferenceDecoder(CONFIG, weights).hidden(SEQUENCES.get(row));
        for (int i = 0; i < 32; i++) {
          expected[row] += hidden[hidden.length - 1][i] * head.get(i);
        }
      }
      List<TokenBatch> batches =
          List.of(
              TokenBatch.rightPadded(SEQUENCES, 0),
              TokenBatch.leftPadded(SEQUENCES, 0),
              TokenBatch.packed(List.of(SEQUENCES), 18, 0));
      for (TokenBatch batch : batches) {
        FloatBuffer scores = reward.scores(batch).contiguous().createBuffer();
        for (int row = 0; row < 3; row++) {
          assertThat((double) scores.get(row)).isCloseTo(expected[row], within(1e-4));
        }
      }
    }
  }

  @Test
  void aSequenceLongerThanTheModelReadsIsRefused() {
    assertThatThrownBy(() -> decoder.hidden(TokenBatch.rightPadded(List.of(new int[33]), 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("33 tokens");
  }
}
