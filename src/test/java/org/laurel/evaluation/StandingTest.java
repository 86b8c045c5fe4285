package org.laurel.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StandingTest {
  private static final EvaluationView.Side A = side("a");
  private static final EvaluationView.Side B = side("b");
  private static final EvaluationView.Side C = side("c");

  @Test
  void orderFollowsFromComparisonsAlsoOfThoseThatNeverMet() {
    List<Standing> standings =
        Standing.of(List.of(evaluation(C, B, 400, 0.75), evaluation(B, A, 400, 0.75)));
    assertThat(standings).extracting(Standing::policy).containsExactly(C, B, A);
    assertThat(standings).extracting(Standing::pairs).containsExactly(400L, 800L, 400L);
    // odds of three to one
    double step = 400 * Math.log10(3);
    assertThat(standings.get(0).elo() - standings.get(1).elo()).isCloseTo(step, within(4.0));
    assertThat(standings.get(1).elo()).isCloseTo(1000, within(1e-6));
  }

  @Test
  void whatNothingJoinsToTheNewestIsLeftOut() {
    EvaluationView.Side d = side("d");
    EvaluationView.Side e = side("e");
    List<Standing> standings =
        Standing.of(
            List.of(
                evaluation(e, d, 0, Double.NaN),
                evaluation(B, A, 20, 0.5),
                evaluation(C, d, 20, 0.9)));
    assertThat(standings).extracting(Standing::policy).containsExactlyInAnyOrder(A, B);
    assertThat(Standing.of(List.of())).isEmpty();
  }

  private static EvaluationView.Side side(String name) {
    return new EvaluationView.Side(UUID.randomUUID(), name);
  }

  private static EvaluationView evaluation(
      EvaluationView.Side policy, EvaluationView.Side against, long judged, double rate) {
    return new EvaluationView(
        UUID.randomUUID(),
        UUID.randomUUID(),
        policy,
        against,
        "finished",
        judged,
        judged,
        0,
        null,
        Map.of(),
        1,
        judged,
        0,
        judged,
        0,
        new EvaluationView.Votes(0, 0, 0, 0),
        judged == 0 ? null : rate,
        null,
        null,
        "open",
        Instant.EPOCH,
        Instant.EPOCH);
  }
}
