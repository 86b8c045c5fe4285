package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.laurel.preference.OrderedGroups;
import org.laurel.tokenizer.Message;

class SplitTest {

  private static RankingRow row(int prompt) {
    return new RankingRow(
        List.of(new Message("user", "p" + prompt)),
        List.of("x", "y"),
        new OrderedGroups<>(List.of(List.of(0), List.of(1))),
        null,
        null,
        "prompt " + prompt);
  }

  private static List<RankingRow> rows(int prompts) {
    return IntStream.range(0, prompts * 3).mapToObj(i -> row(i % prompts)).toList();
  }

  /** Whatever hashes the prompts happen to have: some of these sets leave one side empty. */
  @Test
  void twoPromptsOrMoreAlwaysTrainAndJudge() {
    for (int prompts = 2; prompts < 12; prompts++) {
      for (double fraction : new double[] {1e-9, 0.1, 0.5, 0.999_999_999}) {
        Split split = Split.of(rows(prompts), fraction);
        assertThat(split.heldOut()).isNotEmpty();
        assertThat(split.training()).isNotEmpty();
        assertThat(split.training()).hasSize(prompts * 3 - split.heldOut().size());
        assertThat(split.training().stream().map(RankingRow::promptHash))
            .doesNotContainAnyElementsOf(
                split.heldOut().stream().map(RankingRow::promptHash).toList());
      }
    }
  }

  /** However the conversation went on, and whatever its own hash. */
  @Test
  void conversationsThatBeginAlikeAreOnOneSide() {
    List<RankingRow> rows =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    new RankingRow(
                        List.of(
                            new Message("user", "p" + i % 40),
                            new Message("assistant", "answer " + i),
                            new Message("user", "more")),
                        List.of("x", "y"),
                        new OrderedGroups<>(List.of(List.of(0), List.of(1))),
                        null,
                        null,
                        "conversation " + i))
            .toList();
    Split split = Split.of(rows, 0.3);
    assertThat(split.heldOut()).isNotEmpty();
    assertThat(split.training().stream().map(row -> row.prompt().get(0)))
        .doesNotContainAnyElementsOf(
            split.heldOut().stream().map(row -> row.prompt().get(0)).toList());
  }

  @Test
  void onePromptAndNoWishToHoldOutTrainOnEverything() {
    assertThat(Split.of(rows(9), 0).heldOut()).isEmpty();
    assertThat(Split.of(rows(1), 0.5).training().size() % 3).isZero();
  }
}
