package org.laurel.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.model.Safetensors;
import org.laurel.model.SafetensorsWriter;
import org.laurel.preference.Comparison;
import org.laurel.tokenizer.Message;

class NgramHeadTest {
  private static final List<Message> PROMPT = List.of(new Message("user", "How are you?"));

  @TempDir static Path home;

  private static Judged vote(List<Message> prompt, String chosen, String rejected, int group) {
    return new Judged(
        prompt, List.of(chosen, rejected), List.of(new Comparison<>(0, 1, false)), 1, group);
  }

  private static String filler(Random random) {
    StringBuilder text = new StringBuilder();
    random.ints(5, 'a', 'z').forEach(letter -> text.append((char) letter).append("oun "));
    return text.toString();
  }

  /** Endings tell, in words never seen whole: what a table of words could not know. */
  private static List<Judged> endings(int count, long seed) {
    Random random = new Random(seed);
    List<Judged> votes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String stem = new String(new char[] {(char) ('a' + i % 26), (char) ('a' + i / 26 % 26)});
      votes.add(
          vote(
              PROMPT,
              filler(random) + stem + "izing " + filler(random),
              filler(random) + stem + "gnizi " + filler(random),
              i % 11));
    }
    return votes;
  }

  @Test
  void learnsFromPartsOfWords() {
    List<Judged> seen = endings(120, 1);
    NgramHead head = NgramHead.fit(seen, NgramHead.bestVariance(seen));
    long right =
        endings(400, 2).stream()
            .skip(120) // other stems
            .filter(vote -> head.scores(vote)[0] > head.scores(vote)[1])
            .count();
    assertThat(right).isGreaterThan(270);
  }

  @Test
  void caseAndWhiteSpaceSayNothingButParagraphsDo() {
    NgramHead head = NgramHead.fit(endings(60, 3), 1);
    double score = head.score(PROMPT, "I am Realizing it.");
    assertThat(head.score(PROMPT, "  i am   realizing it. ")).isEqualTo(score);
    assertThat(head.score(PROMPT, "I am realizing\n\nit.")).isNotEqualTo(score);
    assertThat(head.score(PROMPT, "")).isFinite();
  }

  /** The two answers have the same letters, words and length but for whom they repeat. */
  @Test
  void whatIsRepeatedOfTheConversationCounts() {
    List<Judged> votes = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 80; i++) {
      String one = filler(random).replace(" ", "") + "ab";
      String other = filler(random).replace(" ", "") + "ba";
      List<Message> prompt = List.of(new Message("user", "tell me of " + one));
      votes.add(vote(prompt, "well, " + one, "well, " + other, i));
    }
    NgramHead head = NgramHead.fit(votes, 10);
    List<Message> prompt = List.of(new Message("user", "what about quixotry"));
    assertThat(head.score(prompt, "see quixotry"))
        .isGreaterThan(head.score(List.of(new Message("user", "else")), "see quixotry"));
  }

  @Test
  void anUnsureVoteCountsLess() {
    List<String> answers = List.of("realizing", "reality");
    double[] leads = new double[2];
    for (int i = 0; i < 2; i++) {
      List<Judged> votes =
          List.of(
              new Judged(
                  PROMPT, answers, List.of(new Comparison<>(0, 1, false)), 0.6 + 0.4 * i, 1));
      double[] scores = NgramHead.fit(votes, 1).scores(votes.get(0));
      leads[i] = scores[0] - scores[1];
    }
    assertThat(leads[0]).isPositive().isLessThan(leads[1] / 2);
  }

  @Test
  void ofVeryManyVotesRandomOnesCount() {
    List<Judged> votes = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      votes.add(vote(PROMPT, "yes", "no", i));
    }
    List<Judged> some = NgramHead.sample(votes);
    assertThat(some).hasSize(20_000).isEqualTo(NgramHead.sample(votes));
    assertThat(some.stream().mapToInt(Judged::group)).isSorted();
    assertThat(some.stream().mapToInt(Judged::group).average().orElseThrow())
        .isCloseTo(25_000, within(500.0));
    assertThat(NgramHead.sample(some)).isEqualTo(some);
  }

  /** A heap of 1.5 GiB holds what is made of them. */
  @Test
  void ofLongAnswersFewerCount() {
    String dialogue = "and so on. ".repeat(1000);
    List<Judged> votes = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      votes.add(vote(PROMPT, dialogue, dialogue, i));
    }
    assertThat(NgramHead.sample(votes)).as("2 x 8000 characters each").hasSize(1000);
  }

  @Test
  void isStoredWithTheModel() throws IOException {
    NgramHead head = NgramHead.fit(endings(40, 4), 1).times(3);
    Path file = home.resolve("model.safetensors");
    SafetensorsWriter.write(file, new LinkedHashMap<>(head.export()), Map.of());
    NgramHead read = NgramHead.read(Safetensors.open(file));
    assertThat(read).isNotNull();
    assertThat(read.score(PROMPT, "realizing much"))
        .isEqualTo(head.score(PROMPT, "realizing much"))
        .isCloseTo(
            3 * NgramHead.fit(endings(40, 4), 1).score(PROMPT, "realizing much"), within(1e-6));
  }

  @Test
  void tiesAreNoVotes() {
    List<Judged> tied = new ArrayList<>(endings(30, 6));
    List<Judged> silent = new ArrayList<>(tied);
    List<String> completions = List.of("realizing", "reality");
    tied.add(new Judged(PROMPT, completions, List.of(new Comparison<>(0, 1, true)), 1, 1));
    silent.add(new Judged(PROMPT, completions, List.of(), 1, 1));
    assertThat(NgramHead.fit(tied, 1).score(PROMPT, "realizing"))
        .isEqualTo(NgramHead.fit(silent, 1).score(PROMPT, "realizing"));
  }
}
