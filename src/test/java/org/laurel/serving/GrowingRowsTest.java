package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.laurel.model.ModelConfig;

/** Rows that outgrow what they began with, and the memory that they share. */
@Timeout(60)
class GrowingRowsTest {
  private static final ModelConfig MODEL = RandomModel.config(61, 64, 48, 2, 4, 2, 8192);

  /** Six rows begin together; three of twice, one of four times the length fit. */
  private static final PolicySession.Limits TIGHT =
      new PolicySession.Limits(16, 6 * KeyValueCache.bytesPerRow(MODEL, 320), 2);

  private static final PolicySession.Limits AMPLE = new PolicySession.Limits(16, 64 << 20, 2);

  @Test
  void rowsThatOutgrowTheMemoryTogetherAreTheSameAsAlone() throws Exception {
    List<int[]> prompts = prompts(8);
    try (PolicySession tight = open(TIGHT, 1);
        PolicySession ample = open(AMPLE, 1);
        StandardGraph reference = new StandardGraph(MODEL, RandomModel.weights(MODEL, 1))) {
      List<Generation> together = tight.generate(prompts, endless(700));
      for (int row = 0; row < prompts.size(); row++) {
        SamplingParameters alone = endless(700).withSeed(together.get(row).seed());
        SessionScene.assertSame(
            together.get(row), ample.generate(List.of(prompts.get(row)), alone).get(0));
      }
      Generation longest = together.get(7);
      for (int drawn : new int[] {250, 300, 320, 640, 699}) {
        int[] before = Arrays.copyOf(prompts.get(7), prompts.get(7).length + drawn);
        System.arraycopy(longest.tokens(), 0, before, prompts.get(7).length, drawn);
        assertThat((double) longest.logprobs()[drawn])
            .isCloseTo(logSoftmax(reference.next(before), longest.tokens()[drawn]), within(1e-3));
      }
    }
  }

  @Test
  void rowsSetAsideEndOnTheWeightsTheyBeganWith() throws Exception {
    List<int[]> prompts = prompts(6);
    try (PolicySession session = open(TIGHT, 1)) {
      List<Generation> expected = session.generate(prompts, endless(400));
      CountDownLatch grown = new CountDownLatch(350);
      CompletableFuture<List<Generation>> running =
          background(
              session,
              prompts,
              endless(400),
              (row, token, logprob) -> {
                if (row == 0) {
                  grown.countDown();
                }
                return true;
              });
      grown.await();
      session.refresh(RandomModel.weights(MODEL, 2));
      List<Generation> ended = running.get(20, TimeUnit.SECONDS);
      for (int row = 0; row < prompts.size(); row++) {
        SessionScene.assertSame(ended.get(row), expected.get(row));
      }
    }
  }

  @Test
  void aRowSetAsideThatNobodyWantsEndsAtOnce() throws Exception {
    try (PolicySession session = open(TIGHT, 1)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch alone = new CountDownLatch(700);
      CountDownLatch enough = new CountDownLatch(1);
      CompletableFuture<List<Generation>> older =
          background(
              session,
              prompts(1),
              endless(8000),
              (row, token, logprob) -> {
                begun.countDown();
                alone.countDown();
                return enough.getCount() > 0;
              });
      begun.await();
      List<Generation> ended =
          session.generate(
              prompts(2),
              endless(8000),
              (row, token, logprob) -> {
                awaitCalmly(alone);
                return false;
              });
      assertThat(ended).extracting(Generation::finishReason).containsOnly(FinishReason.CANCELLED);
      assertThat(older).isNotDone();
      enough.countDown();
      older.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void askingForTheWholeOfALongContextHoldsNobodyUp() throws Exception {
    // a row of the whole context would take more than a buffer can be
    ModelConfig wide = RandomModel.config(61, 256, 16, 8, 4, 4, 131_072);
    try (PolicySession session =
        PolicySession.open(wide, RandomModel.weights(wide, 1), PolicySession.Limits.standard())) {
      CountDownLatch done = new CountDownLatch(1);
      CountDownLatch begun = new CountDownLatch(20);
      CompletableFuture<List<Generation>> whole =
          background(
              session,
              prompts(1),
              endless(131_072),
              (row, token, logprob) -> {
                begun.countDown();
                return done.getCount() > 0;
              });
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(session.generate(prompts(1), endless(3)).get(0).tokens()).hasSize(3);
      done.countDown();
      assertThat(whole.get(20, TimeUnit.SECONDS)).hasSize(1);
      assertThat(session.longestRow()).isEqualTo(131_071);
      assertThatThrownBy(() -> session.generate(List.of(new int[131_071]), endless(1)))
          .hasMessageContaining("131070 tokens");
    }
  }

  @Test
  void aRequestThatCannotBeTakenFailsAlone() throws Exception {
    List<int[]> noMemory =
        new AbstractList<>() {
          @Override
          public int[] get(int index) {
            throw new OutOfMemoryError("none for this prompt");
          }

          @Override
          public int size() {
            return 1;
          }
        };
    DecoderSession decoder = RandomModel.decoder(MODEL, 1);
    DecodingThread thread = new DecodingThread(MODEL, TIGHT, decoder);
    GenerationRequest refused = new GenerationRequest(noMemory, endless(3), null);
    GenerationRequest other = new GenerationRequest(prompts(1), endless(3), null);
    thread.submit(refused);
    thread.submit(other);
    thread.start();
    try {
      assertThatThrownBy(refused::await).hasRootCauseMessage("none for this prompt");
      assertThat(other.await().get(0).tokens()).hasSize(3);
    } finally {
      thread.close();
    }
  }

  private static PolicySession open(PolicySession.Limits limits, long weights) {
    return PolicySession.open(MODEL, RandomModel.weights(MODEL, weights), limits);
  }

  private static List<int[]> prompts(int count) {
    return SessionScene.prompts(count);
  }

  private static SamplingParameters endless(int tokens) {
    return new SamplingParameters(1, 0, 1, 0, tokens, Set.of(), 3);
  }

  private static CompletableFuture<List<Generation>> background(
      PolicySession session,
      List<int[]> prompts,
      SamplingParameters parameters,
      @Nullable TokenListener listener) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return session.generate(prompts, parameters, listener);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void awaitCalmly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double logSoftmax(float[] logits, int token) {
    double most = logits[Sampler.argmax(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - most);
    }
    return logits[token] - most - Math.log(sum);
  }
}
