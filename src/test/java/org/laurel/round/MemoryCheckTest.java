package org.laurel.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.artifact.Artifacts;
import org.laurel.policy.PolicyVersion;
import org.laurel.web.Problem;

@QuarkusTest
@Transactional
class MemoryCheckTest {
  private static final Map<String, Map<String, Object>> NOTHING_ASKED = Map.of();
  private static final List<String> STEPS = List.of("sft", "reward", "dpo", "kto", "ppo");
  private static final UUID PROJECT = new UUID(0, 1);

  @Inject Artifacts artifacts;

  private MemoryCheck within(long bytes) {
    return within(bytes, 1L << 30);
  }

  private MemoryCheck within(long bytes, long heap) {
    return new MemoryCheck(artifacts, Optional.of(size(bytes)), size(heap));
  }

  private static MemorySize size(long bytes) {
    return new MemorySize(BigInteger.valueOf(bytes));
  }

  private MemoryCheck.Fit fit(long limit, String step, Map<String, Map<String, Object>> settings) {
    PolicyVersion starter = PolicyVersion.named("starter").orElseThrow();
    return within(limit).fit(PROJECT, starter, List.of(step), settings);
  }

  @Test
  void whatFitsStaysAsItWasAsked() {
    for (String step : STEPS) {
      assertThat(fit(Long.MAX_VALUE, step, NOTHING_ASKED).settings()).as(step).isEmpty();
    }
  }

  @Test
  void aMicroBatchThatNobodyAskedForIsMadeAsSmallAsMemoryWants() {
    for (String step : STEPS) {
      long whole = fit(Long.MAX_VALUE, step, NOTHING_ASKED).bytes().getOrDefault(step, 0L);
      MemoryCheck.Fit fit = fit(whole - 1, step, Map.of(step, Map.of("learningRate", 1e-5)));
      assertThat(fit.bytes().get(step)).as(step).isLessThan(whole);
      assertThat(fit.settings().get(step))
          .as(step)
          .containsEntry("learningRate", 1e-5)
          .extractingByKey("microBatchTokens")
          .isIn(256, 512, 1024, 2048);
    }
  }

  @Test
  void aMicroBatchThatWasAskedForStays() {
    long half = fit(Long.MAX_VALUE, "sft", asked(2048)).bytes().getOrDefault("sft", 0L);
    assertThat(fit(half, "sft", asked(2048)).settings()).isEqualTo(asked(2048));
    assertThatThrownBy(() -> fit(half - 1, "sft", asked(2048)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("sft needs about");
  }

  @Test
  void whatNoMicroBatchMakesSmallEnoughIsRefusedWithTheFigures() {
    assertThatThrownBy(() -> fit(100_000_000, "sft", NOTHING_ASKED))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("a training may take 0.1 GB here");
  }

  private static Map<String, Map<String, Object>> asked(int microBatchTokens) {
    return Map.of("sft", Map.of("microBatchTokens", microBatchTokens));
  }

  @Test
  void aHeapTooSmallForTheLargestMatrixIsRefused() {
    PolicyVersion starter = PolicyVersion.named("starter").orElseThrow();
    MemoryCheck check = within(Long.MAX_VALUE, 200L << 20);
    assertThatThrownBy(() -> check.fit(PROJECT, starter, List.of("sft"), NOTHING_ASKED))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("needs laurel.training.heap to be")
        .hasMessageContaining("not 200 MB");
  }
}
