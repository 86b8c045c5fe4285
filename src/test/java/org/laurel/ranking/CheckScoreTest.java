package org.laurel.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckScoreTest {

  @ParameterizedTest
  @CsvSource({
    "1234, 1234, 6, 0, true",
    "1234, 2134, 6, 1, true",
    "1234, 2143, 6, 2, true",
    "1234, 2341, 6, 3, false",
    "1234, 4321, 6, 6, false",
    "1234, 1122, 6, 1, true",
    "1234, 1111, 6, 3, false",
    "1233, 1243, 5, 0, true",
    "1233, 1234, 5, 0, true",
    "1122, 1212, 4, 2, false",
    "1122, 1111, 4, 2, false",
    "12, 11, 1, 0.5, false",
    "12, 21, 1, 1, false",
    "123, 213, 3, 1, true",
    "123, 112, 3, 0.5, true",
    "1234, 0000, 6, 3, false"
  })
  void countsWhatIsTurnedRoundOfWhatIsToldApart(
      String right, String given, int pairs, double turned, boolean passed) {
    CheckScore score = CheckScore.of(places(right), places(given));
    assertThat(score).isEqualTo(new CheckScore(pairs, turned));
    assertThat(score.passed()).isEqualTo(passed);
    assertThat(score.right()).isEqualTo(pairs - turned);
  }

  @Test
  void whoeverGuessesFailsMostChecksOfFourAnswers() {
    List<String> orders = orders("1234");
    assertThat(orders).hasSize(24);
    assertThat(orders.stream().filter(o -> CheckScore.of(places("1234"), places(o)).passed()))
        .hasSize(9);
  }

  @Test
  void takesTheSameCompletionsAlone() {
    assertThatThrownBy(() -> CheckScore.of(places("123"), places("12")))
        .hasMessage("3 places against 2");
  }

  private static List<String> orders(String of) {
    if (of.isEmpty()) {
      return List.of("");
    }
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < of.length(); i++) {
      char first = of.charAt(i);
      orders(of.substring(0, i) + of.substring(i + 1)).forEach(rest -> orders.add(first + rest));
    }
    return orders;
  }

  private static List<Short> places(String digits) {
    return digits.chars().mapToObj(digit -> (short) (digit - '0')).toList();
  }
}
