package org.laurel.ranking;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * What an annotator made of silent checks. Not for their eyes: it tells which tasks were checks.
 *
 * @param done checks ranked
 * @param passed of these
 * @param right share of the pairs that the right orders tell apart which the rankings have the same
 *     way, a tie counting half
 * @param failedTasks tasks of the others, the latest first
 * @param failedSince how many of them came after the annotator was last let in
 */
public record CheckFigures(
    int done, int passed, double right, List<UUID> failedTasks, int failedSince) {

  /**
   * @param rankings of one annotator, at least one, the earliest first
   */
  public static CheckFigures of(List<CheckedRanking> rankings) {
    List<CheckedRanking> failed = rankings.stream().filter(r -> !r.score().passed()).toList();
    int pairs = rankings.stream().mapToInt(r -> r.score().pairs()).sum();
    double right = rankings.stream().mapToDouble(r -> r.score().right()).sum();
    List<UUID> latestFirst = new ArrayList<>(failed.stream().map(r -> r.taskId()).toList());
    Collections.reverse(latestFirst);
    return new CheckFigures(
        rankings.size(),
        rankings.size() - failed.size(),
        right / pairs,
        List.copyOf(latestFirst),
        (int) failed.stream().filter(CheckedRanking::counts).count());
  }
}
