package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.laurel.preference.OrderedGroups;
import org.laurel.tokenizer.Message;

class PaceTest {

  @Test
  void aTrainingOfLimitedMinutesIsJudgedByAsManyAsItHasTimeToScore() {
    List<RankingRow> heldOut = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      heldOut.add(
          new RankingRow(
              List.of(new Message("user", "prompt " + i)),
              List.of("a", "b"),
              OrderedGroups.of(List.of(List.of(0), List.of(1)), List.of(0, 1)),
              null,
              null,
              Integer.toHexString(i)));
    }
    Pace limited = Pace.start(14, Optional.empty());
    List<RankingRow> judges = limited.judges(heldOut);
    assertThat(judges).hasSize(1024).isSubsetOf(heldOut).isNotEqualTo(heldOut.subList(0, 1024));
    assertThat(limited.judges(heldOut)).isEqualTo(judges); // after a restart, too
    assertThat(limited.judges(heldOut.subList(0, 900))).isEqualTo(heldOut.subList(0, 900));
    assertThat(Pace.start(0, Optional.empty()).judges(heldOut)).isEqualTo(heldOut);
  }
}
