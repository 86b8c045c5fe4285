package org.laurel.engine.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.laurel.device.RanksChoice;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.LearningRate;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.nn.TokenBatch;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.RunStatus;
import org.laurel.engine.run.RunStoppedException;
import org.laurel.model.ModelConfig;

class SftTrainerTest {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 48, 32, 56, 2, 4, 2, 8, 32, 1e-5, 10_000, true, null, 1, 0);

  @TempDir Path directory;

  private static SftHyperparameters settings(int epochs, int batchTokens, int microBatchTokens) {
    return new SftHyperparameters(
        epochs,
        batchTokens,
        microBatchTokens,
        3e-3,
        LearningRate.Shape.COSINE,
        0.1,
        0.1,
        0.01,
        0.95,
        1.0,
        false,
        32,
        false,
        0,
        16,
        4,
        5,
        PrecisionChoice.FLOAT32);
  }

  /** Prompts of random tokens, completions that count on from the prompt's last token. */
  private static List<SftExample> examples(int count) {
    Random random = new Random(3);
    List<SftExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] prompt = random.ints(2 + random.nextInt(6), 2, 40).toArray();
      int last = prompt[prompt.length - 1];
      int[] completion = new int[2 + random.nextInt(5)];
      for (int c = 0; c < completion.length - 1; c++) {
        completion[c] = last + c + 1;
      }
      completion[completion.length - 1] = 1;
      examples.add(SftExample.completion(prompt, completion, 32).orElseThrow());
    }
    return examples;
  }

  private static TokenBatch padded(List<SftExample> examples) {
    return TokenBatch.rightPadded(examples.stream().map(SftExample::tokens).toList(), 0);
  }

  private RunDirectory run(String name) throws IOException {
    return RunDirectory.create(
        directory.resolve(name), new RunRequest("sft", 1, directory, null, null, null));
  }

  @Test
  void onlyTheCompletionCounts() {
    try (Decoder policy = Decoder.random(CONFIG, 1)) {
      SftExample example =
          SftExample.completion(new int[] {5, 6, 7}, new int[] {8, 1}, 32).orElseThrow();
      List<SftExample> one = List.of(example);
      double loss = SftLoss.sum(policy, padded(one), one);
      double expected;
      try (PointerScope scope = new PointerScope()) {
        Tensor logits = policy.logits(policy.hidden(padded(one))).log_softmax(2);
        FloatBuffer logprobs = logits.contiguous().createBuffer();
        expected = -logprobs.get(2 * 48 + 8) - logprobs.get(3 * 48 + 1);
      }
      assertThat(loss).isCloseTo(expected, within(1e-5));
      assertThat(SftLoss.count(one)).isEqualTo(2);
    }
  }

  @Test
  void packingChangesNeitherLossNorGradient() {
    List<SftExample> examples = examples(12);
    List<List<int[]>> rows = new ArrayList<>();
    for (int i = 0; i < 12; i += 3) {
      rows.add(examples.subList(i, i + 3).stream().map(SftExample::tokens).toList());
    }
    try (PointerScope scope = new PointerScope();
        Decoder policy = Decoder.random(CONFIG, 1)) {
      Tensor gradients = policy.parameters().gradients();
      double padded = SftLoss.addGradient(policy, padded(examples), examples, 1);
      Tensor expected = gradients.clone();
      gradients.zero_();
      double packed = SftLoss.addGradient(policy, TokenBatch.packed(rows, 40, 0), examples, 1);
      assertThat(packed).isCloseTo(padded, within(1e-4));
      double error = gradients.sub(expected).norm().item_double();
      assertThat(error / expected.norm().item_double()).isLessThan(1e-5);
    }
  }

  @Test
  void eightMicroBatchesOfOneEqualOneOfEight() {
    List<SftExample> examples = examples(8);
    try (PointerScope scope = new PointerScope();
        Decoder whole = Decoder.random(CONFIG, 1);
        Decoder pieces = Decoder.random(CONFIG, 1);
        SftTrainer atOnce = new SftTrainer(whole, examples, List.of(), settings(1, 999, 999), 1);
        SftTrainer oneByOne = new SftTrainer(pieces, examples, List.of(), settings(1, 999, 1), 1)) {
      assertThat(atOnce.totalSteps()).isEqualTo(1);
      Map<String, Double> a = atOnce.step();
      Map<String, Double> b = oneByOne.step();
      assertThat(b.get("loss/train")).isCloseTo(a.get("loss/train"), within(1e-5));
      Tensor difference = whole.parameters().values().sub(pieces.parameters().values());
      assertThat(difference.abs().max().item_double()).isLessThan(1e-5);
    }
  }

  @Test
  void twoRanksLearnWhatOneDoes() {
    List<SftExample> examples = examples(60);
    try (PointerScope scope = new PointerScope();
        Decoder alone = Decoder.random(CONFIG, 1);
        Decoder shared = Decoder.random(CONFIG, 1)) {
      double one = lossAfter(1, alone, examples);
      double two = lossAfter(2, shared, examples);
      assertThat(two).isCloseTo(one, within(1e-3));
      Tensor difference = alone.parameters().values().sub(shared.parameters().values());
      assertThat(difference.abs().max().item_double()).isPositive().isLessThan(1e-5);
    }
  }

  /** Of the third step. */
  private static double lossAfter(int ranks, Decoder policy, List<SftExample> examples) {
    Ranks.use(new RanksChoice(ranks));
    try (SftTrainer trainer =
        new SftTrainer(policy, examples, List.of(), settings(1, 160, 80), 1)) {
      trainer.step();
      trainer.step();
      return trainer.step().getOrDefault("loss/train", Double.NaN);
    } finally {
      Ranks.use(RanksChoice.ofEnvironment());
    }
  }

  @Test
  void oneBatchIsLearntByHeartAndEveryParameterMoves() {
    List<SftExample> examples = examples(8);
    try (PointerScope scope = new PointerScope();
        Decoder policy = Decoder.random(CONFIG, 1);
        Decoder before = policy.copy();
        SftTrainer trainer =
            new SftTrainer(policy, examples, examples, settings(250, 999, 999), 1)) {
      double first = trainer.heldOutLoss().orElseThrow();
      assertThat(first).isCloseTo(Math.log(48), within(0.1));
      while (trainer.steps() < trainer.totalSteps()) {
        trainer.step();
      }
      assertThat(trainer.heldOutLoss().orElseThrow()).isLessThan(0.05);
      policy
          .parameters()
          .byName()
          .forEach(
              (name, leaf) ->
                  assertThat(leaf.equal(before.parameters().get(name))).as(name).isFalse());
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, false", "BFLOAT16, false", "FLOAT32, true", "BFLOAT16, true"})
  void aStoppedRunGoesOnToTheSameBits(PrecisionChoice precision, boolean packing)
      throws IOException {
    List<SftExample> examples = examples(60);
    SftHyperparameters s = settings(2, 80, 40);
    SftHyperparameters settings =
        new SftHyperparameters(
            s.epochs(),
            s.batchTokens(),
            s.microBatchTokens(),
            s.learningRate(),
            s.schedule(),
            s.learningRateFloor(),
            s.warmupFraction(),
            s.weightDecay(),
            s.beta2(),
            s.gradientClip(),
            packing,
            s.maxLength(),
            false,
            0,
            16,
            s.evaluationInterval(),
            s.checkpointInterval(),
            precision);
    RunDirectory stopped = run("stopped");
    RunListener impatient =
        new RunListener() {
          private int step;

          @Override
          public void progress(int done, int totalSteps) {
            step = done;
          }

          @Override
          public boolean cancelRequested() {
            return step == 7;
          }
        };
    try (Decoder straight = Decoder.random(CONFIG, 1);
        Decoder first = Decoder.random(CONFIG, 1);
        Decoder second = Decoder.random(CONFIG, 99)) {
      try (SftTrainer trainer = new SftTrainer(straight, examples, examples, settings, 1)) {
        trainer.train(run("straight"), RunListener.NONE);
      }
      try (SftTrainer trainer = new SftTrainer(first, examples, examples, settings, 1)) {
        assertThat(trainer.totalSteps()).isGreaterThan(12);
        assertThatThrownBy(() -> trainer.train(stopped, impatient))
            .isInstanceOf(RunStoppedException.class);
      }
      assertThat(stopped.status()).extracting("state").isEqualTo(RunStatus.State.CANCELLED);
      try (SftTrainer trainer = new SftTrainer(second, examples, examples, settings, 1)) {
        trainer.train(stopped, RunListener.NONE);
      }
      assertThat(second.parameters().values().equal(straight.parameters().values())).isTrue();
      assertThat(losses(stopped)).isEqualTo(losses(run("straight"))).hasSizeGreaterThan(12);
    }
  }

  private static List<String> losses(RunDirectory run) throws IOException {
    return Files.readAllLines(run.path().resolve("metrics.jsonl")).stream()
        .filter(line -> line.contains("loss/"))
        .map(line -> line.replaceAll("\"time\":\"[^\"]*\"", ""))
        .toList();
  }

  @Test
  void everyExampleIsSeenOnceAnEpochInAnOrderOfTheSeed() {
    List<SftExample> examples = examples(100);
    SftBatches batches = new SftBatches(examples, SftLayout.PADDED, 2, 64, 7);
    List<SftExample> seen = new ArrayList<>();
    for (int step = 0; step < batches.count(); step++) {
      List<SftExample> batch = batches.at(step);
      int width = batch.stream().mapToInt(e -> e.tokens().length).max().orElseThrow();
      assertThat(width * batch.size()).isLessThanOrEqualTo(64);
      seen.addAll(batch);
    }
    assertThat(seen).hasSize(200);
    for (SftExample example : examples) {
      assertThat(seen.stream().filter(e -> e == example)).hasSize(2);
    }
    assertThat(new SftBatches(examples, SftLayout.PADDED, 2, 64, 7).at(3)).isEqualTo(batches.at(3));
    assertThat(new SftBatches(examples, SftLayout.PADDED, 2, 64, 8).at(3))
        .isNotEqualTo(batches.at(3));
    assertThat(batches.density()).isGreaterThan(0.7);
  }

  @Test
  void packedStepsHoldEveryExampleOnceInOneShapeWithLittlePadding() {
    List<SftExample> examples = examples(100);
    SftLayout packed = SftLayout.packed(13);
    SftBatches batches = new SftBatches(examples, packed, 1, 256, 7);
    List<SftExample> seen = new ArrayList<>();
    for (int step = 0; step < batches.count(); step++) {
      SftLayout.Rectangle rectangle = packed.rectangle(batches.at(step), 256, 0);
      assertThat(rectangle.tokens().rows()).isEqualTo(4);
      assertThat(rectangle.tokens().width()).isEqualTo(64);
      seen.addAll(rectangle.examples());
    }
    assertThat(seen).hasSize(100).containsExactlyInAnyOrderElementsOf(examples);
    assertThat(batches.density()).isGreaterThan(0.8);
  }

  /** In micro-batches of rows of their own and all together. */
  @Test
  void aPackedStepHasTheLossAndGradientOfAPaddedOne() {
    List<SftExample> examples = examples(30);
    try (PointerScope scope = new PointerScope();
        Decoder policy = Decoder.random(CONFIG, 1)) {
      Tensor gradients = policy.parameters().gradients();
      double expected = SftLoss.addGradient(policy, padded(examples), examples, 1);
      Tensor plain = gradients.clone();
      for (int tokens : new int[] {64, 1024}) {
        gradients.zero_();
        SftLayout packed = SftLayout.packed(13);
        double loss = 0;
        for (List<SftExample> group : packed.cut(examples, tokens)) {
          SftLayout.Rectangle part = packed.rectangle(group, tokens, 0);
          loss += SftLoss.addGradient(policy, part.tokens(), part.examples(), 1);
        }
        assertThat(loss).isCloseTo(expected, within(1e-3));
        double error = gradients.sub(plain).norm().item_double();
        assertThat(error / plain.norm().item_double()).isLessThan(1e-5);
      }
    }
  }

  @Test
  void aLongCompletionLosesItsTailAndALongPromptEverything() {
    int[] prompt = {5, 6, 7};
    SftExample cut = SftExample.completion(prompt, new int[] {8, 9, 1}, 5).orElseThrow();
    assertThat(cut.tokens()).containsExactly(5, 6, 7, 8, 9);
    assertThat(cut.targets()).isEqualTo(2);
    assertThat(SftExample.completion(prompt, new int[] {8, 1}, 3)).isEmpty();
  }

  @Test
  void aLossThatIsNoNumberEndsTheRun() {
    try (Decoder policy = Decoder.random(CONFIG, 1);
        SftTrainer trainer =
            new SftTrainer(policy, examples(4), List.of(), settings(1, 999, 999), 1)) {
      policy.parameters().write("model.norm.weight", values -> values.put(0, Float.NaN));
      assertThatThrownBy(trainer::step)
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("step 1");
    }
  }

  @Test
  void theMeasuredPrecisionIsOneOfTheTwo() {
    assertThat(Precision.of(PrecisionChoice.AUTO, CONFIG)).isIn((Object[]) Precision.values());
  }
}
