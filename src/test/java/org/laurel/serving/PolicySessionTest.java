package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PolicySessionTest extends SessionScene {
  @Test
  void greedyEqualsTheArgmaxOfWholeRecomputation() throws Exception {
    List<int[]> prompts = prompts(5);
    try (PolicySession session = open();
        StandardGraph reference = new StandardGraph(CONFIG, WEIGHTS)) {
      List<Generation> generations = session.generate(prompts, SamplingParameters.greedy(20, END));
      for (int row = 0; row < prompts.size(); row++) {
        int[] sequence = prompts.get(row);
        for (int token : generations.get(row).tokens()) {
          assertThat(token).isEqualTo(Sampler.argmax(reference.next(sequence)));
          sequence = append(sequence, token);
        }
      }
    }
  }

  @Test
  void logprobsAreThoseOfTheSoftmaxAtTheSampledTemperature() throws Exception {
    SamplingParameters parameters =
        SamplingParameters.sampled(12, END, 5).withTemperature(0.7).withTopP(0.9);
    try (PolicySession session = open();
        StandardGraph reference = new StandardGraph(CONFIG, WEIGHTS)) {
      int[] sequence = RandomModel.prompt(CONFIG, 9, 3);
      Generation generation = session.generate(List.of(sequence), parameters).get(0);
      for (int i = 0; i < generation.tokens().length; i++) {
        float[] logits = reference.next(sequence);
        int token = generation.tokens()[i];
        assertThat((double) generation.logprobs()[i])
            .isCloseTo(logSoftmax(logits, token, 0.7), within(1e-4));
        sequence = append(sequence, token);
      }
    }
  }

  @Test
  void theNextTokensLogprobsAreReadWithoutDrawing() throws Exception {
    List<int[]> prompts = prompts(5);
    int[] tokens = {7, 3, 60};
    try (PolicySession session = open();
        StandardGraph reference = new StandardGraph(CONFIG, WEIGHTS)) {
      List<float[]> logprobs = session.nextLogprobs(prompts, tokens);
      assertThat(logprobs).hasSize(5);
      for (int row = 0; row < prompts.size(); row++) {
        float[] logits = reference.next(prompts.get(row));
        for (int i = 0; i < tokens.length; i++) {
          assertThat((double) logprobs.get(row)[i])
              .isCloseTo(logSoftmax(logits, tokens[i], 1), within(1e-4));
        }
      }
      assertThatThrownBy(() -> session.nextLogprobs(prompts, new int[] {61}))
          .hasMessageContaining("Token 61 is not in the vocabulary");
    }
  }

  @Test
  void firstTokensFollowTheSoftmax() throws Exception {
    int[] prompt = RandomModel.prompt(CONFIG, 6, 4);
    int draws = 6000;
    int[] counts = new int[CONFIG.vocabSize()];
    double[] expected = new double[CONFIG.vocabSize()];
    try (PolicySession session = open();
        StandardGraph reference = new StandardGraph(CONFIG, WEIGHTS)) {
      float[] logits = reference.next(prompt);
      for (int token = 0; token < expected.length; token++) {
        expected[token] = draws * Math.exp(logSoftmax(logits, token, 1.5));
      }
      List<int[]> copies = new ArrayList<>();
      for (int i = 0; i < draws; i++) {
        copies.add(prompt);
      }
      SamplingParameters parameters = SamplingParameters.sampled(1, END, 99).withTemperature(1.5);
      for (Generation generation : session.generate(copies, parameters)) {
        counts[generation.tokens()[0]]++;
      }
    }
    double chiSquare = 0;
    int cells = 0;
    double restExpected = 0;
    double restCount = 0;
    for (int token = 0; token < counts.length; token++) {
      if (expected[token] < 5) {
        restExpected += expected[token];
        restCount += counts[token];
      } else {
        chiSquare += Math.pow(counts[token] - expected[token], 2) / expected[token];
        cells++;
      }
    }
    chiSquare += restExpected == 0 ? 0 : Math.pow(restCount - restExpected, 2) / restExpected;
    // mean of the chi-square is its degrees of freedom, its deviation sqrt(2 * that)
    assertThat(chiSquare).isLessThan(cells + 4 * Math.sqrt(2.0 * cells));
  }

  @Test
  void aRowIsTheSameAloneAndInAnyBatch() throws Exception {
    List<int[]> prompts = prompts(40);
    SamplingParameters parameters = SamplingParameters.sampled(24, END, 17);
    try (PolicySession session = open()) {
      List<Generation> together = session.generate(prompts, parameters);
      List<Generation> again = session.generate(prompts, parameters);
      for (int row = 0; row < prompts.size(); row++) {
        Generation expected = together.get(row);
        assertSame(again.get(row), expected);
        Generation alone =
            session
                .generate(List.of(prompts.get(row)), parameters.withSeed(expected.seed()))
                .get(0);
        assertSame(alone, expected);
      }
      assertThat(together.stream().map(g -> Arrays.toString(g.tokens())).distinct().count())
          .isGreaterThan(30);
    }
  }

  @Test
  void aBiasHoldsForItsOwnRowsAlone() throws Exception {
    List<int[]> prompts = prompts(4);
    Set<Integer> none = Set.of();
    SamplingParameters plain = new SamplingParameters(0.7, 0, 1, 0, 12, none, 5);
    SamplingParameters greedy = new SamplingParameters(0, 0, 1, 0, 12, none, 5);
    try (PolicySession session = open()) {
      List<Generation> alone = session.generate(prompts, plain);
      int first = session.generate(prompts, greedy).get(0).tokens()[0];
      for (SamplingParameters parameters : List.of(plain, greedy)) {
        // together in the batch, unless the first ended sooner
        CompletableFuture<List<Generation>> other =
            CompletableFuture.supplyAsync(() -> generated(session, prompts, plain));
        List<Generation> biased =
            session.generate(prompts, parameters.withLogitBias(Map.of(7, 100f, first, -100f)));
        for (Generation generation : biased) {
          assertThat(generation.tokens()).containsOnly(7);
          for (float logprob : generation.logprobs()) {
            assertThat(logprob).isFinite().isNegative();
          }
        }
        List<Generation> beside = other.join();
        for (int row = 0; row < prompts.size(); row++) {
          assertSame(beside.get(row), alone.get(row));
        }
      }
      SamplingParameters small = plain.withLogitBias(Map.of(7, 1e-30f));
      List<Generation> hardly = session.generate(prompts, small);
      for (int row = 0; row < prompts.size(); row++) {
        assertThat(hardly.get(row).tokens()).isEqualTo(alone.get(row).tokens());
      }
    }
  }

  private static List<Generation> generated(
      PolicySession session, List<int[]> prompts, SamplingParameters parameters) {
    try {
      return session.generate(prompts, parameters);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void stopTokensEndARowAndAreItsLastToken() throws Exception {
    SamplingParameters everyThird = new SamplingParameters(1.5, 0, 1, 0, 30, multiplesOfThree(), 3);
    try (PolicySession session = open()) {
      int stopped = 0;
      for (Generation generation : session.generate(prompts(30), everyThird)) {
        int[] tokens = generation.tokens();
        if (generation.finishReason() == FinishReason.STOP) {
          stopped++;
          assertThat(tokens[tokens.length - 1] % 3).isZero();
          assertThat(generation.text()).hasSize(tokens.length - 1);
        }
        for (int token : generation.text()) {
          assertThat(token % 3).isNotZero();
        }
      }
      assertThat(stopped).isGreaterThan(20);
    }
  }

  @Test
  void withoutAStopTokenARowHasFullLength() throws Exception {
    SamplingParameters endless = new SamplingParameters(1, 0, 1, 0, 13, Set.of(), 3);
    try (PolicySession session = open()) {
      for (Generation generation : session.generate(prompts(5), endless)) {
        assertThat(generation.tokens()).hasSize(13);
        assertThat(generation.logprobs()).hasSize(13);
        assertThat(generation.text()).hasSize(13);
        assertThat(generation.finishReason()).isEqualTo(FinishReason.LENGTH);
      }
    }
  }

  @Test
  void theContextBoundsPromptAndCompletion() throws Exception {
    int context = CONFIG.maxPositionEmbeddings();
    SamplingParameters endless = new SamplingParameters(1, 0, 1, 0, 1000, Set.of(), 3);
    try (PolicySession session = open()) {
      int[] prompt = RandomModel.prompt(CONFIG, context - 5, 1);
      assertThat(session.generate(List.of(prompt), endless).get(0).tokens()).hasSize(5);
      int[] full = RandomModel.prompt(CONFIG, context, 1);
      assertThatThrownBy(() -> session.generate(List.of(full), endless))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("96");
      assertThatThrownBy(() -> session.generate(List.of(new int[0]), endless))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.generate(List.of(new int[] {5, 61}), endless))
          .hasMessageContaining("61");
    }
  }

  @Test
  void refreshIsTheSameAsOpeningOnTheNewWeights() throws Exception {
    Map<String, FloatBuffer> others = RandomModel.weights(CONFIG, 2);
    SamplingParameters parameters = SamplingParameters.sampled(16, END, 8);
    List<int[]> prompts = prompts(6);
    try (PolicySession refreshed = open();
        PolicySession opened = PolicySession.open(CONFIG, others, LIMITS)) {
      List<Generation> before = refreshed.generate(prompts, parameters);
      refreshed.refresh(others);
      // what was handed over was copied
      others.values().forEach(weight -> weight.put(0, Float.NaN));
      List<Generation> after = refreshed.generate(prompts, parameters);
      List<Generation> expected = opened.generate(prompts, parameters);
      for (int row = 0; row < prompts.size(); row++) {
        assertSame(after.get(row), expected.get(row));
        assertThat(after.get(row).logprobs()).isNotEqualTo(before.get(row).logprobs());
      }
    }
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    Map<String, FloatBuffer> missing = RandomModel.weights(CONFIG, 1);
    missing.remove("model.layers.1.mlp.up_proj.weight");
    assertThatThrownBy(() -> PolicySession.open(CONFIG, missing, LIMITS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.layers.1.mlp.up_proj.weight");
    Map<String, FloatBuffer> wrongSize = RandomModel.weights(CONFIG, 1);
    wrongSize.put("model.norm.weight", FloatBuffer.allocate(63));
    assertThatThrownBy(() -> PolicySession.open(CONFIG, wrongSize, LIMITS))
        .hasMessageContaining("model.norm.weight");
  }

  private static Set<Integer> multiplesOfThree() {
    Set<Integer> tokens = new HashSet<>();
    for (int token = 0; token < CONFIG.vocabSize(); token += 3) {
      tokens.add(token);
    }
    return tokens;
  }

  private static int[] append(int[] tokens, int token) {
    int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
    longer[tokens.length] = token;
    return longer;
  }

  private static double logSoftmax(float[] logits, int token, double temperature) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit / temperature);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit / temperature - max);
    }
    return logits[token] / temperature - max - Math.log(sum);
  }
}
