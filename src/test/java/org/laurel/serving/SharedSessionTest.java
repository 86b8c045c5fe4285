package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.laurel.model.ModelConfig;

/** Callers that share a session: its rows, its weights, its end. */
@Timeout(60)
class SharedSessionTest extends SessionScene {
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
  void whereTheRuntimeFailsEverybodyAdmittedIsTold() throws Exception {
    ModelConfig model = RandomModel.config(61, 64, 16, 2, 4, 1, 8192);
    // has a layer less than what it is asked for
    DecoderSession broken = RandomModel.decoder(RandomModel.config(61, 64, 16, 1, 4, 1, 8192), 1);
    // these prompts are too long to be read in one call
    List<GenerationRequest> requests = new ArrayList<>();
    for (int tokens : new int[] {4000, 2}) {
      List<int[]> prompt = List.of(RandomModel.prompt(model, tokens, 1));
      requests.add(new GenerationRequest(prompt, SamplingParameters.greedy(5, 1), null));
    }
    DecodingThread thread = new DecodingThread(model, LIMITS, broken);
    requests.forEach(thread::submit);
    thread.start();
    for (GenerationRequest request : requests) {
      assertThatThrownBy(request::await).hasMessage("Generation failed");
    }
    thread.close();
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
}
