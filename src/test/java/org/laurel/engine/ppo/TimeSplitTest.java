package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeSplitTest {

  @TempDir Path folder;

  @Test
  void leavesOutTheFirstStepAndCountsWhatLiesBetweenThePhases() throws IOException {
    Path metrics = folder.resolve("metrics.jsonl");
    Files.writeString(
        metrics,
        row(0, "00", "score/mean", 1)
            + row(1, "10", "time/rollout", 9)
            + row(1, "10", "time/train", 1)
            + row(2, "20", "time/rollout", 2)
            + row(2, "20", "time/train", 6)
            + row(2, "20", "time/refresh", 0.5)
            + row(2, "20", "objective/kl", 77)
            + row(3, "30", "time/rollout", 4)
            + row(3, "30", "time/train", 6));
    TimeSplit split = TimeSplit.read(metrics).orElseThrow();
    assertThat(split.secondsPerStep()).isEqualTo(10);
    assertThat(split.shares()).containsOnlyKeys("rollout", "train", "refresh", "other");
    assertThat(split.shares().get("rollout")).isCloseTo(0.3, within(1e-9));
    assertThat(split.shares().get("train")).isCloseTo(0.6, within(1e-9));
    assertThat(split.shares().get("other")).isCloseTo(0.075, within(1e-9));
    assertThat(split.outsideModels()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void aSingleStepIsNotSplit() throws IOException {
    Path metrics = folder.resolve("metrics.jsonl");
    Files.writeString(metrics, row(1, "10", "time/train", 1));
    assertThat(TimeSplit.read(metrics)).isEmpty();
  }

  private static String row(int step, String second, String key, double value) {
    return "{\"step\":%d,\"time\":\"2026-01-01T00:00:%sZ\",\"key\":\"%s\",\"value\":%s}%n"
        .formatted(step, second, key, value);
  }
}
