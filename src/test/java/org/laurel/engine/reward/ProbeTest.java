package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProbeTest {
  /** Of a machine that reads but a tenth in time. */
  @Test
  void whatIsReadFirstIsFromTheWholeFile() {
    List<Integer> file = IntStream.range(0, 5000).boxed().toList();
    List<Integer> spread = Probe.spread(file, 3);
    assertThat(spread).hasSize(1000).doesNotHaveDuplicates().isEqualTo(Probe.spread(file, 3));
    assertThat(spread).isNotEqualTo(Probe.spread(file, 4));
    assertThat(spread.subList(0, 100).stream().mapToInt(i -> i).average().orElseThrow())
        .isBetween(1900.0, 3100.0);
    List<Integer> few = file.subList(0, 50);
    assertThat(Probe.spread(few, 3)).containsExactlyInAnyOrderElementsOf(few).isNotEqualTo(few);
  }
}
