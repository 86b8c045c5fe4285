package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.laurel.model.ModelConfig;

class CacheRoomTest {
  private static final ModelConfig CONFIG = RandomModel.config(50, 32, 64, 1, 2, 1, 1024);

  /** Memory of 1024 tokens, but for 32 rows at most. */
  private final CacheRoom room =
      new CacheRoom(
          CONFIG, new PolicySession.Limits(32, KeyValueCache.bytesPerRow(CONFIG, 1024), 1));

  @Test
  void asManyRowsAsWaitAndMemoryHolds() {
    assertThat(room.least()).matches(cache -> is(cache, 8, 64), "8 rows of 64");
    assertThat(room.forRequests(room.least(), List.of(), List.of(request(12, 10))))
        .matches(cache -> is(cache, 12, 64), "12 rows of 64");
    assertThat(room.forRequests(room.least(), List.of(), List.of(request(12, 10), request(9, 10))))
        .as("21 rows of 64 tokens are more than 1024")
        .matches(cache -> is(cache, 16, 64), "16 rows of 64");
    assertThat(room.forRequests(room.least(), List.of(), List.of(request(12, 200))))
        .matches(cache -> is(cache, 4, 256), "4 rows of 256");
    CacheRoom ofTwelve = new CacheRoom(CONFIG, new PolicySession.Limits(12, Integer.MAX_VALUE, 1));
    assertThat(ofTwelve.forRequests(ofTwelve.least(), List.of(), List.of(request(40, 10))))
        .matches(cache -> is(cache, 12, 64), "12 rows of 64, though there is memory for more");
  }

  @Test
  void aRowBeginsWithRoomForAUsualAnswerAndDoublesItUpToTheContext() {
    assertThat(room.first(request(1, 62))).isEqualTo(64);
    assertThat(room.first(request(1, 63))).isEqualTo(128);
    assertThat(room.first(request(1, 5000))).isEqualTo(320);
    assertThat(room.next(320)).isEqualTo(640);
    assertThat(room.next(640)).isEqualTo(1024);
  }

  @Test
  void rowsThatAskForTheWholeContextBeginTogether() {
    CacheRoom roomy =
        new CacheRoom(
            CONFIG, new PolicySession.Limits(32, KeyValueCache.bytesPerRow(CONFIG, 2560), 1));
    assertThat(roomy.forRequests(roomy.least(), List.of(), List.of(request(20, 1000))))
        .matches(cache -> is(cache, 8, 320), "8 rows of 320");
  }

  @Test
  void aRowThatNoBufferHoldsIsBounded() {
    ModelConfig wide = RandomModel.config(50, 256, 16, 8, 4, 4, 131_072);
    assertThat(KeyValueCache.bytesPerRow(wide, 131_072)).isGreaterThan(Integer.MAX_VALUE);
    CacheRoom bounded = new CacheRoom(wide, PolicySession.Limits.standard());
    assertThat(bounded.longest()).isEqualTo(131_071);
    assertThat(bounded.next(100_000)).isEqualTo(131_071);
  }

  @Test
  void aCacheThatServesStaysAndOneThatIsFarTooLongGoes() {
    KeyValueCache cache = new KeyValueCache(CONFIG, 8, 256);
    assertThat(room.forRequests(cache, List.of(), List.of(request(4, 10)))).isSameAs(cache);
    KeyValueCache longer = new KeyValueCache(CONFIG, 8, 320);
    assertThat(room.forRequests(longer, List.of(), List.of(request(4, 10))))
        .matches(smaller -> is(smaller, 8, 64), "8 rows of 64");
  }

  @Test
  void shortAndLongPromptsInTurnTakeNoMoreMemoryThanOnce() {
    KeyValueCache cache = room.least();
    cache = room.forRequests(cache, List.of(), List.of(request(1, 800)));
    cache = room.forRequests(cache, List.of(), List.of(request(16, 10)));
    long before = StepMemoryTest.taken();
    for (int turn = 0; turn < 100; turn++) {
      cache = room.forRequests(cache, List.of(), List.of(request(1, 800)));
      cache = room.forRequests(cache, List.of(), List.of(request(16, 10)));
    }
    assertThat(StepMemoryTest.taken() - before).isLessThan(1 << 20);
  }

  @Test
  void aCacheOfRunningRowsLiesApartFromTheOneItWasCopiedFrom() {
    GeneratedRow running = new GeneratedRow(request(1, 10), 0, new int[] {3, 4}, room, 0);
    KeyValueCache cache = room.least();
    for (int turn = 0; turn < 4; turn++) {
      running.enlarge(100 << turn);
      KeyValueCache next = room.forRows(cache, List.of(running), List.of());
      assertThat(next.capacity()).isGreaterThan(cache.capacity());
      assertThat(next.block()).isNotSameAs(cache.block());
      cache = next;
    }
  }

  private static boolean is(KeyValueCache cache, int slots, int tokens) {
    return cache.slots() == slots && cache.capacity() == tokens;
  }

  /** Prompts of 2 tokens. */
  private static GenerationRequest request(int rows, int newTokens) {
    return new GenerationRequest(
        Collections.nCopies(rows, new int[] {3, 4}), SamplingParameters.greedy(newTokens, 1), null);
  }
}
