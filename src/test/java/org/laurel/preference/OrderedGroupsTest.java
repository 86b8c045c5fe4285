package org.laurel.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OrderedGroupsTest {

  @Test
  void threeInOrderGiveThreeComparisons() {
    assertThat(ranking(List.of("A"), List.of("B"), List.of("C")).comparisons())
        .containsExactly(
            new Comparison<>("A", "B", false),
            new Comparison<>("A", "C", false),
            new Comparison<>("B", "C", false));
  }

  @Test
  void aGroupIsATieAndBothItsMembersBeatTheNext() {
    assertThat(ranking(List.of("A", "B"), List.of("C")).comparisons())
        .containsExactly(
            new Comparison<>("A", "B", true),
            new Comparison<>("A", "C", false),
            new Comparison<>("B", "C", false));
  }

  @Test
  void everyPairOccursOnce() {
    assertThat(ranking(List.of("A", "B"), List.of("C", "D", "E")).comparisons()).hasSize(10);
  }

  @Test
  void namesTheCompletionRankedTwice() {
    assertThatThrownBy(() -> ranking(List.of("A"), List.of("B", "A")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("completion A is ranked twice");
  }

  @Test
  void namesTheMissingCompletion() {
    assertThatThrownBy(() -> OrderedGroups.of(List.of(List.of("A")), List.of("A", "B")))
        .hasMessage("completion B is missing from the ranking");
  }

  @Test
  void namesTheUnknownCompletion() {
    assertThatThrownBy(() -> OrderedGroups.of(List.of(List.of("A", "X")), List.of("A")))
        .hasMessage("completion X does not belong to this task");
  }

  @Test
  void refusesEmptyGroups() {
    assertThatThrownBy(() -> ranking(List.of("A"), List.of()))
        .hasMessage("the ranking has an empty group");
    assertThatThrownBy(() -> OrderedGroups.of(List.of(), List.of()))
        .hasMessage("the ranking has no group");
  }

  @SafeVarargs
  private static OrderedGroups<String> ranking(List<String>... groups) {
    return new OrderedGroups<>(List.of(groups));
  }
}
