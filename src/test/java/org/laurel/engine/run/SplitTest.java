package org.laurel.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.laurel.tokenizer.Message;

class SplitTest {

  /** A row is its prompt. */
  private static Split<String> split(int prompts, double fraction) {
    List<String> rows = IntStream.range(0, prompts * 3).mapToObj(i -> "p" + i % prompts).toList();
    return Split.of(rows, row -> row, fraction);
  }

  /** Whatever hashes the prompts happen to have: some of these sets leave one side empty. */
  @Test
  void twoPromptsOrMoreAlwaysTrainAndJudge() {
    for (int prompts = 2; prompts < 12; prompts++) {
      for (double fraction : new double[] {1e-9, 0.1, 0.5, 0.999_999_999}) {
        Split<String> split = split(prompts, fraction);
        assertThat(split.heldOut()).isNotEmpty();
        assertThat(split.training()).isNotEmpty();
        assertThat(split.training()).hasSize(prompts * 3 - split.heldOut().size());
        assertThat(split.training()).doesNotContainAnyElementsOf(split.heldOut());
      }
    }
  }

  /** However the conversation went on. */
  @Test
  void conversationsThatBeginAlikeAreOnOneSide() {
    List<List<Message>> rows =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    List.of(
                        new Message("user", "p" + i % 40),
                        new Message("assistant", "answer " + i),
                        new Message("user", "more")))
            .toList();
    Split<List<Message>> split = Split.of(rows, Conversations::opening, 0.3);
    assertThat(split.heldOut()).isNotEmpty();
    assertThat(split.training().stream().map(row -> row.get(0)))
        .doesNotContainAnyElementsOf(split.heldOut().stream().map(row -> row.get(0)).toList());
  }

  /** Three rows of each prompt. */
  private static Split<String> counted(int prompts, int wanted) {
    List<String> rows = IntStream.range(0, prompts * 3).mapToObj(i -> "p" + i % prompts).toList();
    return Split.ofCount(rows, row -> row, wanted);
  }

  @Test
  void aNumberOfRowsIsHeldOutByWholePrompts() {
    assertThat(counted(20, 6).heldOut()).hasSize(6);
    assertThat(counted(20, 8).heldOut()).hasSize(6); // nine would be too many
    assertThat(counted(20, 1).heldOut()).hasSize(3); // no prompt has so few
    assertThat(counted(20, 0).heldOut()).isEmpty();
    assertThat(counted(20, 60).training()).hasSize(3);
    assertThat(counted(1, 2).training()).hasSize(3);
    assertThat(counted(0, 2)).isEqualTo(new Split<>(List.of(), List.of()));
    Split<String> split = counted(20, 6);
    assertThat(split.training()).hasSize(54).doesNotContainAnyElementsOf(split.heldOut());
  }

  /** So that a policy is judged on prompts that its reward model did not learn from either. */
  @Test
  void whatIsHeldOutByNumberIsHeldOutOfALargerShareToo() {
    assertThat(split(200, 0.3).heldOut())
        .hasSizeGreaterThan(60)
        .containsAll(counted(200, 60).heldOut());
    List<String> one = IntStream.range(0, 90).mapToObj(i -> "p" + i).toList();
    List<String> turned = IntStream.range(0, 90).mapToObj(i -> "p" + (89 - i)).toList();
    assertThat(Split.ofCount(one, row -> row, 9).heldOut())
        .containsExactlyInAnyOrderElementsOf(Split.ofCount(turned, row -> row, 9).heldOut());
  }

  @Test
  void onePromptAndNoWishToHoldOutTrainOnEverything() {
    assertThat(split(9, 0).heldOut()).isEmpty();
    assertThat(split(1, 0.999_999_999).training()).hasSize(3);
    assertThat(split(1, 1e-9).training()).hasSize(3);
    assertThat(split(0, 0.5)).isEqualTo(new Split<>(List.of(), List.of()));
  }
}
