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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.laurel.model.ModelConfig;

@Timeout(60)
class PolicySessionTest {
  private static final ModelConfig CONFIG = RandomModel.tiny();
  private static final Map<String, FloatBuffer> WEIGHTS = RandomModel.weights(CONFIG, 1);
  private static final PolicySession.Limits LIMITS = new PolicySession.Limits(16, 1 << 23, 2);
  private static final int END = CONFIG.eosTokenId();

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
  void rowsUnderWayEndOnTheWeightsTheyBeganWith() throws Exception {
    SamplingParameters endless = new SamplingParameters(1, 0, 1, 0, 80, Set.of(), 3);
    int[] prompt = RandomModel.prompt(CONFIG, 4, 1);
    try (PolicySession session = open()) {
      Generation expected = session.generate(List.of(prompt), endless).get(0);
      AtomicInteger heard = new AtomicInteger();
      CountDownLatch begun = new CountDownLatch(1);
      CompletableFuture<Generation> running =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return session
                      .generate(
                          List.of(prompt),
                          endless,
                          (row, token, logprob) -> {
                            heard.incrementAndGet();
                            begun.countDown();
                            return true;
                          })
                      .get(0);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      begun.await();
      session.refresh(RandomModel.weights(CONFIG, 2));
      assertSame(running.get(20, TimeUnit.SECONDS), expected);
      assertThat(heard).hasValue(80);
    }
  }

  @Test
  void theListenerHearsEveryTokenAndMayEndARow() throws Exception {
    SamplingParameters endless = new SamplingParameters(1, 0, 1, 0, 20, Set.of(), 3);
    List<int[]> prompts = prompts(3);
    try (PolicySession session = open()) {
      List<Generation> whole = session.generate(prompts, endless);
      List<List<Integer>> heard = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      List<Generation> cut =
          session.generate(
              prompts,
              endless,
              (row, token, logprob) -> {
                heard.get(row).add(token);
                return row != 1 || heard.get(1).size() < 4;
              });
      assertSame(cut.get(0), whole.get(0));
      assertThat(cut.get(1).finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(cut.get(1).tokens()).isEqualTo(Arrays.copyOf(whole.get(1).tokens(), 4));
      for (int row = 0; row < 3; row++) {
        assertThat(heard.get(row).stream().mapToInt(i -> i).toArray())
            .isEqualTo(cut.get(row).tokens());
      }
    }
  }

  @Test
  void anInterruptEndsTheRequestAndFreesItsRows() throws Exception {
    ModelConfig longContext = RandomModel.config(61, 64, 48, 2, 4, 2, 30_000);
    SamplingParameters endless = new SamplingParameters(1, 0, 1, 0, 25_000, Set.of(), 3);
    try (PolicySession session =
        PolicySession.open(longContext, RandomModel.weights(longContext, 1), LIMITS)) {
      CountDownLatch begun = new CountDownLatch(1);
      Thread caller =
          new Thread(
              () -> {
                try {
                  session.generate(
                      List.of(new int[] {5}),
                      endless,
                      (row, token, logprob) -> {
                        begun.countDown();
                        return true;
                      });
                } catch (InterruptedException expected) {
                  // what is tested
                }
              });
      caller.start();
      begun.await();
      caller.interrupt();
      caller.join(5_000);
      assertThat(caller.isAlive()).isFalse();
      // one row of 25 000 tokens is all that fits the cache: the next gets in only if it is gone
      assertThat(
              session.generate(List.of(new int[] {5}), endless.withMaxNewTokens(3)).get(0).tokens())
          .hasSize(3);
    }
  }

  @Test
  void aShortRequestIsNotHeldUpByALongOne() throws Exception {
    SamplingParameters endless = new SamplingParameters(1, 0, 1, 0, 60, Set.of(), 3);
    List<int[]> many = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      many.add(RandomModel.prompt(CONFIG, 5, i));
    }
    try (PolicySession session = open()) {
      CountDownLatch begun = new CountDownLatch(1);
      AtomicInteger tokens = new AtomicInteger();
      CompletableFuture<Void> background =
          CompletableFuture.runAsync(
              () -> {
                try {
                  session.generate(
                      many,
                      endless,
                      (row, token, logprob) -> {
                        tokens.incrementAndGet();
                        begun.countDown();
                        return true;
                      });
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      begun.await();
      session.generate(List.of(new int[] {5}), endless.withMaxNewTokens(2));
      assertThat(tokens.get()).isLessThan(400 * 60 / 2);
      background.get(40, TimeUnit.SECONDS);
      assertThat(tokens).hasValue(400 * 60);
    }
  }

  @Test
  void closingEndsWaitingCallersWithAnError() throws Exception {
    ModelConfig longContext = RandomModel.config(61, 64, 48, 2, 4, 2, 30_000);
    SamplingParameters endless = new SamplingParameters(1, 0, 1, 0, 25_000, Set.of(), 3);
    PolicySession session =
        PolicySession.open(longContext, RandomModel.weights(longContext, 1), LIMITS);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(
            () ->
                assertThatThrownBy(
                        () ->
                            session.generate(
                                List.of(new int[] {5}),
                                endless,
                                (row, token, logprob) -> {
                                  begun.countDown();
                                  return true;
                                }))
                    .isInstanceOf(IllegalStateException.class));
    begun.await();
    session.close();
    running.get(5, TimeUnit.SECONDS);
    assertThatThrownBy(() -> session.generate(List.of(new int[] {5}), endless))
        .hasMessageContaining("closed");
    session.close();
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

  private static PolicySession open() {
    return PolicySession.open(CONFIG, WEIGHTS, LIMITS);
  }

  private static List<int[]> prompts(int count) {
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(RandomModel.prompt(CONFIG, 1 + (7 * i) % 31, i));
    }
    return prompts;
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

  private static void assertSame(Generation actual, Generation expected) {
    assertThat(actual.tokens()).isEqualTo(expected.tokens());
    assertThat(actual.logprobs()).isEqualTo(expected.logprobs());
    assertThat(actual.finishReason()).isEqualTo(expected.finishReason());
    assertThat(actual.seed()).isEqualTo(expected.seed());
  }
}
