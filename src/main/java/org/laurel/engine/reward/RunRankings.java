package org.laurel.engine.reward;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.laurel.engine.run.Refusals;
import org.laurel.engine.run.RunDirectory;
import org.laurel.tokenizer.ChatTemplate;
import org.laurel.tokenizer.Message;

/**
 * The rankings of a run, without those whose prompt its model's chat template refuses.
 *
 * @param refused how many it refuses
 */
public record RunRankings(List<RankingRow> rows, int refused) {

  /**
   * Reads {@code data/rankings.jsonl}.
   *
   * @param check throws the chat template's refusal of a prompt
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException naming the row that is no ranking, or if all are refused
   */
  public static RunRankings read(RunDirectory directory, Consumer<List<Message>> check)
      throws IOException {
    List<RankingRow> rows = new ArrayList<>();
    Refusals refusals = new Refusals();
    int number = 0;
    for (JsonNode json : directory.rows("rankings")) {
      RankingRow row = parsed(json, ++number);
      try {
        check.accept(row.prompt());
        rows.add(row);
      } catch (ChatTemplate.Refusal refusal) {
        refusals.add(refusal);
      }
    }
    refusals.leave(rows.size());
    return new RunRankings(rows, refusals.count());
  }

  private static RankingRow parsed(JsonNode json, int number) {
    try {
      return RankingRow.parse(json);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "rankings.jsonl, row " + number + ": " + e.getMessage(), e);
    }
  }
}
