package org.laurel.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.laurel.simulation.GoldPreference;

class CorpusTest {

  private static final int SIZE = 100_000;
  private final Corpus corpus = new Corpus();

  @Test
  void theSameSeedWritesTheSameText() {
    assertThat(corpus.examples(3).limit(500).toList())
        .isEqualTo(new Corpus().examples(3).limit(500).toList())
        .isNotEqualTo(corpus.examples(4).limit(500).toList());
  }

  @Test
  void examplesHardlyRepeat() {
    assertThat(corpus.examples(1).limit(SIZE).distinct().count()).isGreaterThan(SIZE * 9 / 10);
  }

  @Test
  void everyExampleIsFilledIn() {
    corpus
        .examples(2)
        .limit(SIZE)
        .forEach(
            example ->
                assertThat(example.prompt() + "\n" + example.completion())
                    .doesNotContain("{", "}", "|", "  ", " \n", " = "));
  }

  @Test
  void knowsAtLeastThreeHundredThings() {
    long entries =
        Knowledge.topics().stream()
            .flatMap(topic -> topic.sections().stream())
            .mapToLong(section -> section.entries().size())
            .sum();
    assertThat(entries).isGreaterThan(300);
    for (Topic topic : Knowledge.topics()) {
      for (Topic.Section section : topic.sections()) {
        assertThat(section.entries()).as(topic.name()).hasSizeGreaterThan(1);
        assertThat(section.asks()).as(topic.name()).hasSizeGreaterThan(2);
        assertThat(section.vague()).as(topic.name()).isNotEmpty();
        assertThat(section.curt()).as(topic.name()).isNotEmpty();
      }
    }
  }

  @Test
  void heldOutQuestionsNeverAppear() {
    Set<String> heldOut = new HashSet<>();
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 5000; i++) {
      String core = corpus.question(random).core();
      if (Corpus.isHeldOut(core)) {
        heldOut.add(core);
      }
    }
    assertThat(heldOut).hasSizeGreaterThan(100);
    Set<String> asked =
        corpus.examples(1).limit(SIZE).map(Example::prompt).collect(Collectors.toSet());
    assertThat(heldOut).noneMatch(asked::contains);
  }

  @Test
  void theQuestionDoesNotTellHowGoodTheAnswerIs() {
    GoldPreference helpful = GoldPreference.named("helpful");
    List<Example> examples = corpus.examples(6).limit(SIZE).toList();
    double[] scores =
        examples.stream().mapToDouble(e -> helpful.score(e.prompt(), e.completion())).toArray();
    double within =
        examples.stream().collect(Collectors.groupingBy(Example::prompt)).entrySet().stream()
            .filter(sameQuestion -> sameQuestion.getValue().size() >= 8)
            .mapToDouble(
                sameQuestion ->
                    deviation(
                        sameQuestion.getValue().stream()
                            .mapToDouble(e -> helpful.score(e.prompt(), e.completion()))
                            .toArray()))
            .average()
            .orElse(0);
    assertThat(within).isGreaterThan(0.8 * deviation(scores));
  }

  @Test
  void aReadersNoteFitsTheAnswer() {
    List<Example> examples = corpus.examples(8).limit(20_000).toList();
    assertThat(examples)
        .allSatisfy(
            example -> {
              boolean ends = example.completion().matches("(?s).*[.!?]");
              int words = example.completion().split("\\s+").length;
              switch (example.note()) {
                case "cut" -> assertThat(ends).isFalse();
                case "finished" -> assertThat(ends).isTrue();
                case "long" -> assertThat(words).isGreaterThan(45);
                case "short" -> assertThat(words).isLessThan(18);
                default -> assertThat(example.note()).matches("[a-z]+");
              }
            });
    assertThat(examples.stream().map(Example::note).distinct()).hasSize(18);
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0));
  }
}
