package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.LearningRate;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.nn.TokenBatch;
import org.laurel.engine.sft.SftExample;
import org.laurel.engine.sft.SftHyperparameters;
import org.laurel.engine.sft.SftTrainer;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.model.Safetensors;
import org.laurel.model.TensorData;
import org.laurel.onnx.OnnxExport;

/** Every family: what is trained, exported and served is what its files mean. */
class FamiliesTest {
  private static final double TOLERANCE = 1e-4;
  private static final List<int[]> SEQUENCES =
      List.of(
          new int[] {7},
          new int[] {5, 9, 33, 2, 60, 11, 4, 8, 17, 23, 42, 3, 58, 19, 6, 31, 29, 50, 12, 44},
          new int[] {12, 40, 3, 3, 17, 28, 55});

  @TempDir Path folder;

  static Set<String> families() {
    return TinyFamilies.configs().keySet();
  }

  private Map<String, TensorData> write(String family) throws Exception {
    return TinyFamilies.write(folder, config(family), family.hashCode());
  }

  private static String config(String family) {
    return Objects.requireNonNull(TinyFamilies.configs().get(family));
  }

  @ParameterizedTest
  @MethodSource("families")
  void trainedLogitsAreThoseOfTheReference(String family) throws Exception {
    FamilyReference reference = new FamilyReference(config(family), write(family));
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGrad = new NoGradGuard();
        Decoder decoder = Decoder.load(ModelDirectory.open(folder))) {
      int pad = decoder.config().padTokenId();
      TokenBatch right = TokenBatch.rightPadded(SEQUENCES, pad);
      TokenBatch left = TokenBatch.leftPadded(SEQUENCES, pad);
      for (TokenBatch batch : List.of(right, left)) {
        Tensor hidden = decoder.hidden(batch);
        Tensor logits = decoder.logits(hidden).contiguous();
        float[] actual = new float[(int) logits.numel()];
        FloatBuffer memory = logits.createBuffer();
        memory.get(actual);
        long[] last = batch.lastIndexes();
        for (int row = 0; row < SEQUENCES.size(); row++) {
          double[][] expected = reference.logits(SEQUENCES.get(row));
          for (int t = 0; t < expected.length; t++) {
            int at = (int) (last[row] - expected.length + 1 + t) * expected[t].length;
            assertClose(Arrays.copyOfRange(actual, at, at + expected[t].length), expected[t]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void exportedLogitsAreThoseOfTheReference(String family) throws Exception {
    FamilyReference reference = new FamilyReference(config(family), write(family));
    ModelDirectory directory = ModelDirectory.open(folder);
    OnnxExport.write(directory);
    try (StandardGraph graph =
        new StandardGraph(directory.config(), Files.readAllBytes(directory.onnx()))) {
      int[] sequence = SEQUENCES.get(1);
      double[][] expected = reference.logits(sequence);
      long[][] ids = {Arrays.stream(sequence).asLongStream().toArray()};
      long[][] mask = {new long[sequence.length]};
      Arrays.fill(mask[0], 1);
      float[][][] whole = graph.logits(ids, mask);
      for (int t = 0; t < sequence.length; t++) {
        assertClose(whole[0][t], expected[t]);
      }
      // the same through the cache: a part first, then a token at a time
      int first = 9;
      var past = graph.run(new long[][] {Arrays.copyOf(ids[0], first)}, ones(first), null);
      for (int t = first; t < sequence.length; t++) {
        var next = graph.run(new long[][] {{ids[0][t]}}, ones(t + 1), past);
        past.close();
        past = next;
        float[][][] logits = (float[][][]) next.get("logits").orElseThrow().getValue();
        assertClose(logits[0][0], expected[t]);
      }
      past.close();
    }
  }

  private static long[][] ones(int length) {
    long[][] mask = {new long[length]};
    Arrays.fill(mask[0], 1);
    return mask;
  }

  @ParameterizedTest
  @MethodSource("families")
  void servedGenerationFromTheCacheIsTheReferenceWithoutOne(String family) throws Exception {
    FamilyReference reference = new FamilyReference(config(family), write(family));
    ModelDirectory directory = ModelDirectory.open(folder);
    int steps = 12;
    try (PolicySession session =
        PolicySession.open(directory, new PolicySession.Limits(8, 64L << 20, 2))) {
      SamplingParameters sampled = new SamplingParameters(1, 0, 1, 0, steps, Set.of(), 5);
      List<Generation> generations = session.generate(SEQUENCES, sampled);
      List<Generation> greedy = session.generate(SEQUENCES, sampled.withTemperature(0));
      for (int row = 0; row < SEQUENCES.size(); row++) {
        int[] prompt = SEQUENCES.get(row);
        assertLogprobs(reference, prompt, generations.get(row));
        int[] tokens = greedy.get(row).tokens();
        double[][] logits = reference.logits(joined(prompt, tokens));
        for (int i = 0; i < steps; i++) {
          assertThat(tokens[i]).isEqualTo(argmax(logits[prompt.length - 1 + i]));
        }
      }
    }
  }

  private static void assertLogprobs(FamilyReference reference, int[] prompt, Generation drawn) {
    double[][] logits = reference.logits(joined(prompt, drawn.tokens()));
    for (int i = 0; i < drawn.tokens().length; i++) {
      double[] row = logits[prompt.length - 1 + i];
      double normaliser = Math.log(Arrays.stream(row).map(Math::exp).sum());
      assertThat((double) drawn.logprobs()[i])
          .isCloseTo(row[drawn.tokens()[i]] - normaliser, within(TOLERANCE));
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void whatIsWrittenAgainIsWhatWasRead(String family) throws Exception {
    Map<String, TensorData> weights = write(family);
    Path again = folder.resolve("again");
    ModelConfig config;
    try (Decoder decoder = Decoder.load(ModelDirectory.open(folder))) {
      config = decoder.config();
      ModelDirectory.writePolicy(again, config, decoder.parameters().export(), folder);
    }
    ModelDirectory read = ModelDirectory.open(again);
    assertThat(read.config()).isEqualTo(config);
    Safetensors stored = read.weights();
    assertThat(stored.names()).containsExactlyInAnyOrderElementsOf(weights.keySet());
    weights.forEach(
        (name, tensor) -> {
          assertThat(stored.tensor(name).hasShape(tensor.shape())).as(name).isTrue();
          assertThat(stored.tensor(name).floats()).as(name).isEqualTo(tensor.floats());
        });
  }

  @ParameterizedTest
  @MethodSource("families")
  void aRewardModelScoresTheSameTrainedAndExported(String family) throws Exception {
    write(family);
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGrad = new NoGradGuard();
        Decoder decoder = Decoder.loadWithScoreHead(ModelDirectory.open(folder), 3)) {
      FloatBuffer expected =
          decoder
              .scores(TokenBatch.rightPadded(SEQUENCES, decoder.config().padTokenId()))
              .createBuffer();
      Path reward = folder.resolve("reward");
      ModelDirectory.writeReward(
          reward, decoder.config(), RewardScale.IDENTITY, decoder.parameters().export(), folder);
      List<PromptCompletion> items = new ArrayList<>();
      for (int[] sequence : SEQUENCES) {
        items.add(new PromptCompletion(new int[0], sequence));
      }
      try (RewardScorer scorer = RewardScorer.open(ModelDirectory.open(reward))) {
        float[] scores = scorer.score(items);
        for (int row = 0; row < scores.length; row++) {
          assertThat((double) scores[row]).isCloseTo(expected.get(row), within(TOLERANCE));
        }
      }
      assertThat(Files.readString(reward.resolve("config.json")))
          .contains("ForSequenceClassification");
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void aStepOfTrainingLowersTheLossAndIsWhatIsExported(String family) throws Exception {
    Map<String, TensorData> before = write(family);
    Path trained = folder.resolve("trained");
    int[] sequence = SEQUENCES.get(1);
    try (PointerScope scope = new PointerScope();
        Decoder decoder = Decoder.load(ModelDirectory.open(folder));
        SftTrainer trainer = trainer(decoder)) {
      double untrained = trainer.heldOutLoss().orElseThrow();
      trainer.step();
      assertThat(trainer.heldOutLoss().orElseThrow()).isLessThan(untrained - 0.01);

      ModelDirectory.writePolicy(trained, decoder.config(), decoder.parameters().export(), folder);
      TokenBatch batch = TokenBatch.rightPadded(List.of(sequence), decoder.config().padTokenId());
      try (NoGradGuard noGrad = new NoGradGuard()) {
        assertExports(ModelDirectory.open(trained), sequence, decoder, batch);
      }
    }
    Safetensors after = ModelDirectory.open(trained).weights();
    before.forEach(
        (name, tensor) ->
            assertThat(after.tensor(name).floats()).as(name).isNotEqualTo(tensor.floats()));
  }

  private static SftTrainer trainer(Decoder decoder) {
    List<SftExample> examples = new ArrayList<>();
    for (int[] prompt : SEQUENCES) {
      int[] completion = {prompt[0], 30, 31, decoder.config().eosTokenId()};
      examples.add(SftExample.completion(prompt, completion, 64).orElseThrow());
    }
    SftHyperparameters settings =
        new SftHyperparameters(
            1,
            999,
            999,
            1e-3,
            LearningRate.Shape.CONSTANT,
            0,
            0.1,
            0.01,
            0.95,
            1.0,
            false,
            64,
            false,
            0,
            16,
            4,
            5,
            PrecisionChoice.FLOAT32);
    return new SftTrainer(decoder, examples, examples, settings, 1);
  }

  /** The exported graph says what the weights in training do. */
  private static void assertExports(
      ModelDirectory directory, int[] sequence, Decoder decoder, TokenBatch batch)
      throws Exception {
    Tensor logits = decoder.logits(decoder.hidden(batch)).contiguous();
    FloatBuffer expected = logits.createBuffer();
    OnnxExport.write(directory);
    try (StandardGraph graph =
        new StandardGraph(directory.config(), Files.readAllBytes(directory.onnx()))) {
      long[][] ids = {Arrays.stream(sequence).asLongStream().toArray()};
      float[][][] exported = graph.logits(ids, ones(sequence.length));
      for (int t = 0; t < sequence.length; t++) {
        for (int token = 0; token < exported[0][t].length; token++) {
          assertThat((double) exported[0][t][token])
              .isCloseTo(expected.get(t * exported[0][t].length + token), within(TOLERANCE));
        }
      }
    }
  }

  private static void assertClose(float[] actual, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  private static int argmax(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private static int[] joined(int[] prompt, int[] tokens) {
    int[] whole = Arrays.copyOf(prompt, prompt.length + tokens.length);
    System.arraycopy(tokens, 0, whole, prompt.length, tokens.length);
    return whole;
  }
}
