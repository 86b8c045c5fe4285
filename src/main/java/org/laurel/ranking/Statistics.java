package org.laurel.ranking;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the ranking of a project goes.
 *
 * @param counts how much there is
 * @param agreement how far people agree who ranked the same task
 * @param time how long people take
 * @param position whether the place on the page tells
 * @param length how often the longer completion is preferred
 * @param consistency annotators' marks against their own orders
 * @param annotators a row per person, most rankings first
 * @param days a row per day (UTC) with rankings, earliest first
 * @param models a row per model that imported completions are by, the most liked first
 */
public record Statistics(
    Counts counts,
    Accord agreement,
    Time time,
    Audits.Position position,
    Audits.Bias length,
    Audits.Consistency consistency,
    List<AnnotatorRow> annotators,
    List<Day> days,
    List<ModelRow> models) {

  /**
   * How much there is.
   *
   * @param seats rankings wanted in all
   * @param leased seats somebody works at now
   * @param rankings rankings that count, imported ones included
   * @param imported those that came with a file
   * @param comparisons pairs that follow from the rankings; of a task that a reviewer settled, from
   *     their order alone
   * @param ties pairs called equally good
   * @param returned rankings sent back to their annotators, which do not count meanwhile
   * @param setAside rankings that do not count otherwise
   */
  public record Counts(
      long prompts,
      long completions,
      long tasks,
      long openTasks,
      long seats,
      long leased,
      long skips,
      long rankings,
      long imported,
      long unrankable,
      long comparisons,
      long ties,
      long returned,
      long setAside) {}

  /**
   * Time per task in milliseconds.
   *
   * @param fast rankings sent faster than anybody reads
   */
  public record Time(@Nullable Long medianMs, @Nullable Long p90Ms, long fast) {

    static Time of(Collection<Vote> votes) {
      List<Long> times = new ArrayList<>();
      for (Vote vote : votes) {
        Long elapsed = vote.elapsedMs();
        if (elapsed != null) {
          times.add(elapsed);
        }
      }
      times.sort(Comparator.naturalOrder());
      long fast = votes.stream().filter(Vote::fast).count();
      return new Time(quantile(times, 0.5), quantile(times, 0.9), fast);
    }

    private static @Nullable Long quantile(List<Long> sorted, double q) {
      return sorted.isEmpty() ? null : sorted.get((int) Math.round(q * (sorted.size() - 1)));
    }
  }

  /**
   * One person's work.
   *
   * @param agreement this person against all others on shared tasks
   * @param adjudicated this person against the orders by which reviewers settled tasks
   * @param asShown rankings that are just the order shown
   * @param checks what this person made of silent checks; null without any
   */
  public record AnnotatorRow(
      UUID id,
      String email,
      @Nullable String name,
      boolean simulated,
      long rankings,
      long skips,
      long unrankable,
      long asShown,
      Time time,
      @Nullable Accord agreement,
      @Nullable Accord adjudicated,
      @Nullable CheckFigures checks) {}

  /** Rankings of a day and how many people gave them. */
  public record Day(LocalDate day, long rankings, long annotators) {}

  static List<Day> days(Collection<Vote> votes) {
    Map<LocalDate, Set<UUID>> people = new TreeMap<>();
    Map<LocalDate, Long> rankings = new TreeMap<>();
    for (Vote vote : votes) {
      LocalDate day = vote.submittedAt().atZone(ZoneOffset.UTC).toLocalDate();
      people.computeIfAbsent(day, d -> new HashSet<>()).add(vote.annotatorId());
      rankings.merge(day, 1L, Long::sum);
    }
    List<Day> days = new ArrayList<>();
    rankings.forEach(
        (day, count) -> days.add(new Day(day, count, people.getOrDefault(day, Set.of()).size())));
    return days;
  }
}
