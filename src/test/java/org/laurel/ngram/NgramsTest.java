package org.laurel.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.laurel.preference.SparseBradleyTerry.Features;
import org.laurel.tokenizer.Message;

class NgramsTest {
  private static final List<Message> PROMPT =
      List.of(
          new Message("user", "What is a harbour?"),
          new Message("assistant", "Somewhere quiet."),
          new Message("user", "And a lighthouse?"));

  private static Features features(String completion) {
    return Ngrams.features(Ngrams.count(PROMPT, completion));
  }

  /** Length, share of the question that is repeated, share that repeats earlier answers. */
  private static double[] manner(String completion) {
    float[] values = features(completion).values();
    return IntStream.range(values.length - Ngrams.MANNER, values.length)
        .mapToDouble(i -> values[i])
        .toArray();
  }

  @Test
  void longAndShortTextsWeighAlike() {
    for (String text : List.of("Yes.", "a long tale of ships and storms ".repeat(20))) {
      float[] values = features(text).values();
      double square = 0;
      for (int i = 0; i < values.length - Ngrams.MANNER; i++) {
        square += values[i] * values[i];
      }
      assertThat(square).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void anNgramCountsByTheLogarithmOfHowOftenItOccurs() {
    Ngrams.Counted counted = Ngrams.count(PROMPT, "x x x x");
    assertThat(counted.words()).as("four words, three pairs").hasSize(7);
    double norm = Math.sqrt(2) * Math.hypot(1 + Math.log(4), 1 + Math.log(3));
    Features features = features("x x x x");
    int from = features.values().length - Ngrams.MANNER - 2; // words stand behind the characters
    double[] words = {features.values()[from], features.values()[from + 1]};
    Arrays.sort(words);
    assertThat(words[0]).isCloseTo((1 + Math.log(3)) / norm, within(1e-6));
    assertThat(words[1]).isCloseTo((1 + Math.log(4)) / norm, within(1e-6));
  }

  @Test
  void theMannerIsLengthAndWhatIsRepeated() {
    assertThat(manner("Fine!")[0]).isCloseTo(0.1 * Math.log(6), within(1e-6));
    assertThat(manner("A lighthouse shines.")[1])
        .as("of the last question")
        .isCloseTo(0.2, within(1e-6));
    assertThat(manner("A harbour is dark.")[1]).isZero();
    assertThat(manner("Somewhere quiet it shines softly")[2])
        .as("two of four telling words")
        .isCloseTo(0.1, within(1e-6));
  }

  @Test
  void whatComesLateHardlyCounts() {
    String start = "word ".repeat(2000);
    Ngrams.Counted one = Ngrams.count(PROMPT, start + "this end");
    Ngrams.Counted other = Ngrams.count(PROMPT, start + "another end");
    assertThat(one.characters()).isEqualTo(other.characters());
    assertThat(one.words()).isEqualTo(other.words());
    assertThat(one.manner()[0]).isLessThan(other.manner()[0]);
  }
}
