package org.laurel.engine.reward;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rankings that train, and rankings of other prompts that judge.
 *
 * @param heldOut not empty where there are two prompts or more and any are to be held out
 */
record Split(List<RankingRow> training, List<RankingRow> heldOut) {

  /**
   * By the hash of what the user said first. Where the hash leaves one side empty, one prompt
   * changes sides: a model that nothing was trained on, or that nothing judges, helps nobody.
   *
   * @param fraction of prompts to hold out; 0 for none at all
   */
  static Split of(List<RankingRow> rows, double fraction) {
    List<RankingRow> training = new ArrayList<>();
    List<RankingRow> heldOut = new ArrayList<>();
    for (RankingRow row : rows) {
      (row.heldOut(fraction) ? heldOut : training).add(row);
    }
    Set<String> prompts = rows.stream().map(RankingRow::opening).collect(Collectors.toSet());
    if (fraction > 0 && prompts.size() > 1) {
      if (heldOut.isEmpty()) {
        movePrompt(training, heldOut);
      } else if (training.isEmpty()) {
        movePrompt(heldOut, training);
      }
    }
    return new Split(training, heldOut);
  }

  private static void movePrompt(List<RankingRow> from, List<RankingRow> to) {
    String prompt =
        from.stream().map(RankingRow::opening).min(Comparator.naturalOrder()).orElseThrow();
    from.stream().filter(row -> row.opening().equals(prompt)).forEach(to::add);
    from.removeIf(row -> row.opening().equals(prompt));
  }
}
