package org.laurel.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackingTest {

  @Test
  void everySequenceOccursOnceAndEveryBatchHasTheSameShape() {
    int[] lengths = {60, 5, 33, 64, 20, 41, 7, 12};
    Packing packing = Packing.of(64, 128);
    assertThat(packing).isEqualTo(new Packing(64, 2));
    List<Integer> seen = new ArrayList<>();
    for (List<List<Integer>> batch : packing.batches(lengths)) {
      assertThat(batch).hasSize(2);
      for (List<Integer> row : batch) {
        assertThat(row.stream().mapToInt(i -> lengths[i]).sum()).isLessThanOrEqualTo(64);
      }
      for (int i : Packing.order(batch)) {
        seen.add(i);
      }
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 8).boxed().toList());
  }

  @Test
  void shortSequencesFillTheRowsOfLongOnes() {
    List<List<List<Integer>>> batches = new Packing(64, 1).batches(new int[] {10, 50, 14, 54});
    assertThat(batches).containsExactly(List.of(List.of(3, 0)), List.of(List.of(1, 2)));
  }

  @Test
  void rowsAreAtLeastAsWideAsTheLongestSequence() {
    assertThat(Packing.of(65, 1)).isEqualTo(new Packing(128, 1));
    assertThatThrownBy(() -> new Packing(64, 1).batches(new int[] {65}))
        .hasMessage("a sequence of 65 tokens in rows of 64");
  }
}
