package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class RankingRowTest {
  @Test
  void aJudgesVoteComesWithItsProbability() throws Exception {
    assertThat(row(", \"probability\": 0.8").certainty()).isEqualTo(0.8);
    assertThat(row("").certainty()).isEqualTo(1);
    assertThat(row("").probability()).isNull();
  }

  @Test
  void aProbabilityBelowAHalfWouldBeTheOtherChoice() {
    assertThatThrownBy(() -> row(", \"probability\": 0.3")).hasMessageContaining("0.3");
    assertThatThrownBy(() -> row(", \"probability\": \"high\"")).hasMessageContaining("high");
  }

  private static RankingRow row(String more) throws JsonProcessingException {
    return RankingRow.parse(
        new ObjectMapper()
            .readTree(
                "{\"prompt\": \"Hi\", \"completions\": [\"a\", \"b\"], \"groups\": [[1], [0]]"
                    + more
                    + "}"));
  }
}
