package org.laurel.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.device.RanksChoice;

class RanksTest {
  private static final String NORM = "model.norm.weight";
  private static final List<Integer> PARTS = IntStream.range(0, 7).boxed().toList();

  private final int before = Threads.count();

  @BeforeEach
  void three() {
    Threads.use(3);
    Ranks.use(new RanksChoice(3));
  }

  @AfterEach
  void asBefore() {
    Threads.use(before);
    Ranks.use(RanksChoice.ofEnvironment());
  }

  @Test
  void gradientsOfAllPartsAreLeftWithTheFirst() {
    try (Decoder decoder = Decoder.random(DecoderTest.CONFIG, 1);
        Ranks<Decoder> ranks = Ranks.of(decoder)) {
      Set<Tensor> leaves = ConcurrentHashMap.newKeySet();
      for (int update = 1; update <= 2; update++) {
        List<Integer> results =
            ranks.learn(
                PARTS,
                (rank, part) -> {
                  Tensor leaf = rank.parameters().get(NORM);
                  leaf.mul(new Scalar((double) part)).sum().backward();
                  leaves.add(leaf);
                  return 10 * part;
                });
        assertThat(results).containsExactly(0, 10, 20, 30, 40, 50, 60);
        // 0 + 1 + ... + 6, and again: what is left with a replica would count twice
        assertThat(decoder.parameters().get(NORM).grad().mean().item_double())
            .isEqualTo(21.0 * update);
      }
      assertThat(leaves).hasSize(3);
    }
  }

  @Test
  void replicasReadWhatTheOptimiserWroteAndComputeAsTheFirstDoes() {
    try (Decoder decoder = Decoder.random(DecoderTest.CONFIG, 1);
        Ranks<Decoder> ranks = Ranks.of(decoder)) {
      decoder.parameters().fill(NORM, i -> 7);
      decoder.precision(Precision.BFLOAT16);
      decoder.parameters().get(NORM).requires_grad_(false);
      assertThat(
              ranks.map(
                  PARTS,
                  (rank, part) ->
                      rank.parameters().get(NORM).mean().item_double() == 7
                          && rank.precision() == Precision.BFLOAT16))
          .containsOnly(true);
    }
  }

  @Test
  void whatIsFrozenStaysSo() {
    try (Decoder decoder = Decoder.random(DecoderTest.CONFIG, 1)) {
      decoder.parameters().freezeLowerLayers(1);
      try (Ranks<Decoder> ranks = Ranks.of(decoder)) {
        List<Boolean> trained =
            ranks.map(
                PARTS,
                (rank, part) -> rank.parameters().get("model.embed_tokens.weight").requires_grad());
        assertThat(trained).containsOnly(false);
      }
    }
  }

  /** Each rank has its share of the threads, and none of them asks OpenBLAS for more. */
  @Test
  void ranksDoNotTakeTheProcessorsFromEachOther() {
    try (Decoder decoder = Decoder.random(DecoderTest.CONFIG, 1);
        Ranks<Decoder> ranks = Ranks.of(decoder)) {
      Threads.ofProducts(3);
      assertThat(ranks.map(PARTS, (rank, part) -> Threads.count())).containsOnly(1);
      assertThat(ranks.map(PARTS, (rank, part) -> openblas.blas_get_num_threads())).containsOnly(1);
      assertThat(openblas.blas_get_num_threads()).as("afterwards").isEqualTo(3);
      assertThat(Threads.count()).as("of the caller").isEqualTo(3);
    }
  }

  @Test
  void whatARankThrowsIsThrown() {
    try (Decoder decoder = Decoder.random(DecoderTest.CONFIG, 1);
        Ranks<Decoder> ranks = Ranks.of(decoder)) {
      assertThatThrownBy(
              () ->
                  ranks.learn(
                      PARTS,
                      (rank, part) -> {
                        if (part == 4) {
                          throw new ArithmeticException("part 4");
                        }
                        return part;
                      }))
          .isInstanceOf(ArithmeticException.class)
          .hasMessage("part 4");
    }
  }
}
