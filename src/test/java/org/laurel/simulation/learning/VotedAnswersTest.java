package org.laurel.simulation.learning;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.laurel.engine.reward.RankingRow;
import org.laurel.tokenizer.Message;

class VotedAnswersTest {
  private static final VotedAnswers ANSWERS =
      new VotedAnswers(
          List.of(List.of(new Message("user", "p")), List.of(new Message("user", "q"))),
          List.of(List.of("a", "b", "c"), List.of("d", "e", "f")),
          List.of(List.of(2, 0, 1), List.of(0, 1, 2)));

  private static List<JsonNode> lines(String text) throws JsonProcessingException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.split("\n")) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  @Test
  void rankingsAreRowsThatATrainingReads() throws JsonProcessingException {
    List<RankingRow> rows = lines(ANSWERS.rankings()).stream().map(RankingRow::parse).toList();
    assertThat(rows).extracting(RankingRow::completions).isEqualTo(ANSWERS.texts());
    assertThat(rows.get(0).ranking().groups())
        .isEqualTo(List.of(List.of(2), List.of(0), List.of(1)));
    assertThat(rows.get(1).prompt()).containsExactly(new Message("user", "q"));
  }

  @Test
  void theBestAnswerGetsAThumbUpAndTheWorstOneDown() throws JsonProcessingException {
    assertThat(lines(ANSWERS.thumbs()))
        .extracting(row -> row.path("completion").asText() + row.path("label"))
        .containsExactly("ctrue", "bfalse", "dtrue", "ffalse");
  }
}
