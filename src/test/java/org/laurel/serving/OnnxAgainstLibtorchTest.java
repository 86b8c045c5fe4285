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
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.TokenBatch;
import org.laurel.engine.ppo.Rollout;
import org.laurel.engine.ppo.RolloutParameters;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.onnx.OnnxExport;

/** What ONNX Runtime computes is what libtorch trains. */
class OnnxAgainstLibtorchTest {
  private static final ModelConfig CONFIG = RandomModel.config(331, 96, 160, 3, 6, 2, 64);
  private static final Map<String, FloatBuffer> WEIGHTS = RandomModel.weights(CONFIG, 5);
  private static final double TOLERANCE = 1e-4;

  @TempDir Path folder;

  @Test
  void theExportedPolicyHasTheSameLogits() throws Exception {
    List<int[]> sequences = sequences();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGrad = new NoGradGuard();
        Decoder decoder = decoder(false)) {
      ModelDirectory directory =
          ModelDirectory.writePolicy(folder, CONFIG, decoder.parameters().export(), folder);
      OnnxExport.write(directory);
      TokenBatch batch = TokenBatch.rightPadded(sequences, CONFIG.padTokenId());
      Tensor logits = decoder.logits(decoder.hidden(batch)).contiguous();
      FloatBuffer expected = logits.createBuffer();
      try (StandardGraph exported =
          new StandardGraph(CONFIG, Files.readAllBytes(directory.onnx()))) {
        for (int row = 0; row < sequences.size(); row++) {
          int[] sequence = sequences.get(row);
          float[][][] alone = exported.logits(longs(sequence), ones(sequence.length));
          for (int i = 0; i < sequence.length; i++) {
            int start = (row * batch.width() + i) * CONFIG.vocabSize();
            for (int token = 0; token < CONFIG.vocabSize(); token++) {
              assertThat((double) alone[0][i][token])
                  .isCloseTo(expected.get(start + token), within(TOLERANCE));
            }
          }
        }
      }
    }
  }

  @Test
  void theServedPolicyHasTheSameLogprobs() throws Exception {
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGrad = new NoGradGuard();
        Decoder decoder = decoder(false);
        OnnxRollouts rollouts = OnnxRollouts.open(CONFIG, decoder.parameters().buffers())) {
      assertLogprobs(decoder, rollouts);
      // an update of the optimiser, seen by the served policy once it is refreshed
      decoder.parameters().values().mul_(new Scalar(1.1));
      rollouts.refresh(decoder.parameters().buffers());
      assertLogprobs(decoder, rollouts);
    }
  }

  private static void assertLogprobs(Decoder decoder, OnnxRollouts rollouts) {
    List<int[]> prompts = sequences();
    double temperature = 0.8;
    List<Rollout> sampled =
        rollouts.sample(prompts, new RolloutParameters(temperature, 20, CONFIG.eosTokenId(), 3));
    for (int row = 0; row < prompts.size(); row++) {
      int[] prompt = prompts.get(row);
      int[] tokens = sampled.get(row).tokens();
      int[] whole = Arrays.copyOf(prompt, prompt.length + tokens.length);
      System.arraycopy(tokens, 0, whole, prompt.length, tokens.length);
      TokenBatch batch = TokenBatch.rightPadded(List.of(whole), CONFIG.padTokenId());
      Tensor logits = decoder.logits(decoder.hidden(batch));
      Tensor logprobs = logits.div(new Scalar(temperature)).log_softmax(-1).contiguous();
      FloatBuffer expected = logprobs.createBuffer();
      for (int i = 0; i < tokens.length; i++) {
        int at = (prompt.length - 1 + i) * CONFIG.vocabSize() + tokens[i];
        assertThat((double) sampled.get(row).logprobs()[i])
            .isCloseTo(expected.get(at), within(TOLERANCE));
      }
      assertThat(sampled.get(row).stopped())
          .isEqualTo(tokens[tokens.length - 1] == CONFIG.eosTokenId());
    }
  }

  @Test
  void theExportedRewardModelHasTheSameScores() throws Exception {
    List<int[]> sequences = sequences();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGrad = new NoGradGuard();
        Decoder decoder = decoder(true)) {
      RewardScale scale = new RewardScale(0.3, 1.7);
      ModelDirectory directory =
          ModelDirectory.writeReward(folder, CONFIG, scale, decoder.parameters().export(), folder);
      TokenBatch batch = TokenBatch.rightPadded(sequences, CONFIG.padTokenId());
      FloatBuffer expected = decoder.scores(batch).createBuffer();
      List<PromptCompletion> items = new ArrayList<>();
      for (int[] sequence : sequences) {
        int cut = sequence.length / 2;
        items.add(
            new PromptCompletion(
                Arrays.copyOf(sequence, cut), Arrays.copyOfRange(sequence, cut, sequence.length)));
      }
      try (RewardScorer scorer = RewardScorer.open(directory)) {
        float[] scores = scorer.score(items);
        for (int row = 0; row < scores.length; row++) {
          assertThat((double) scores[row])
              .isCloseTo(scale.normalise(expected.get(row)), within(TOLERANCE));
        }
      }
    }
  }

  private static Decoder decoder(boolean scoreHead) {
    Decoder policy = Decoder.random(CONFIG, 1);
    Decoder decoder = scoreHead ? policy.copyWithScoreHead(1) : policy;
    for (String name : decoder.parameters().byName().keySet()) {
      decoder.parameters().write(name, own -> own.put(weight(name)));
    }
    return decoder;
  }

  private static FloatBuffer weight(String name) {
    return Objects.requireNonNull(WEIGHTS.get(name), name).duplicate();
  }

  private static List<int[]> sequences() {
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      sequences.add(RandomModel.prompt(CONFIG, 2 + 7 * i, i));
    }
    return sequences;
  }

  private static long[][] longs(int[] tokens) {
    return new long[][] {Arrays.stream(tokens).asLongStream().toArray()};
  }

  private static long[][] ones(int length) {
    long[][] mask = {new long[length]};
    Arrays.fill(mask[0], 1);
    return mask;
  }
}
