package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.model.EncoderDirectory;
import org.laurel.ngram.Judged;
import org.laurel.preference.OrderedGroups;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PairEncoder;

class ProbeTest {
  @TempDir private static Path home;

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

  /** Three of five votes are by somebody who is right little more often than wrong. */
  @Test
  void theStartOfTheHeadKnowsWhoErrs() throws IOException {
    TinyEncoder.write(home);
    PairEncoder encoder = PairEncoder.read(EncoderDirectory.open(home).tokenizerJson());
    List<EncodedRanking> votes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      votes.add(
          i % 5 < 2
              ? vote("sure", "good good", "b b", encoder)
              : vote("errs", "b b", "good good", encoder));
    }
    assertThat(lead(votes, "{}")).isNegative();
    assertThat(lead(votes, "{\"errs\": 0.55}")).isPositive();
  }

  @Test
  void nGramsKnowWhoErrs() throws IOException {
    TinyEncoder.write(home);
    PairEncoder encoder = PairEncoder.read(EncoderDirectory.open(home).tokenizerJson());
    EncodedRanking sure = vote("sure", "good", "b", encoder);
    EncodedRanking judge =
        new EncodedRanking(
            sure.inputs(),
            sure.lengths(),
            sure.comparisons(),
            "judge",
            null,
            sure.prompt(),
            sure.completions(),
            0.7);
    List<Judged> read =
        EncoderBackbone.judged(
            List.of(sure, vote("errs", "good", "b", encoder), judge),
            settings("{\"errs\": 0.55, \"judge\": 0.8}", 0.1));
    assertThat(read.get(0).certainty()).isCloseTo(0.9, within(1e-12));
    assertThat(read.get(1).certainty()).isCloseTo(0.55 * 0.9 + 0.45 * 0.1, within(1e-12));
    // turned round by nobody or twice: 0.7 * 0.8 + 0.3 * 0.2 = 0.62
    assertThat(read.get(2).certainty()).isCloseTo(0.62 * 0.9 + 0.38 * 0.1, within(1e-12));
  }

  private static EncodedRanking vote(
      String annotator, String chosen, String rejected, PairEncoder encoder) {
    return EncodedRanking.of(
        new RankingRow(
            List.of(new Message("user", "a")),
            List.of(chosen, rejected),
            OrderedGroups.of(List.of(List.of(0), List.of(1)), List.of(0, 1)),
            annotator,
            null,
            "00"),
        encoder,
        32);
  }

  private static RewardHyperparameters settings(String accuracy, double smoothing)
      throws IOException {
    return RewardHyperparameters.read(
        new ObjectMapper()
            .readTree(
                "{\"backbone\":\"minilm\",\"ngrams\":false,\"precision\":\"FLOAT32\","
                    + "\"annotatorAccuracy\":%s,\"labelSmoothing\":%s}"
                        .formatted(accuracy, smoothing)));
  }

  /** By how much the score of a good answer is above that of another before any training. */
  private static double lead(List<EncodedRanking> votes, String accuracy) throws IOException {
    RewardHyperparameters h = settings(accuracy, 0);
    try (EncoderBackbone backbone = EncoderBackbone.load(home, h, 1)) {
      backbone.begin(votes);
      try (RewardTrainer trainer =
          new RewardTrainer(backbone.network(), votes, List.of(), h, new TrainingPlan(32, 1), 1)) {
        return trainer.judge(votes.subList(0, 1)).get(0).difference();
      }
    }
  }
}
