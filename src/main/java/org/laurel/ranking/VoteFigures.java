package org.laurel.ranking;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.preference.OrderedGroups;

/**
 * What all votes of a project say together.
 *
 * @param people by annotator; those who gave no vote are not there
 */
record VoteFigures(
    Accord agreement,
    Statistics.Time time,
    Audits.Position position,
    Audits.Bias length,
    Audits.Consistency consistency,
    Map<UUID, Person> people,
    List<Statistics.Day> days,
    List<ModelRow> models) {

  /**
   * One person's votes.
   *
   * @param asShown those that are just the order shown
   * @param agreement against all others on shared tasks
   * @param adjudicated against the reviewers' orders of settled tasks
   */
  record Person(
      long unrankable,
      long asShown,
      Statistics.Time time,
      @Nullable Accord agreement,
      @Nullable Accord adjudicated) {

    static final Person NONE = of(List.of(), null, null);

    static Person of(List<Vote> own, @Nullable Accord agreement, @Nullable Accord adjudicated) {
      return new Person(
          own.stream().filter(v -> v.groups() == null).count(),
          own.stream().filter(Vote::asShown).count(),
          Statistics.Time.of(own),
          agreement,
          adjudicated);
    }
  }

  /**
   * @param votes by task
   * @param settled the reviewers' orders by task
   * @param lengths characters of each completion
   * @param models who wrote a completion, by its id, where an import names models
   */
  static VoteFigures of(
      Map<UUID, List<Vote>> votes,
      Map<UUID, OrderedGroups<UUID>> settled,
      Map<UUID, Integer> lengths,
      Map<UUID, String> models) {
    Collection<List<Vote>> byTask = votes.values();
    List<Vote> all = byTask.stream().flatMap(List::stream).toList();
    return new VoteFigures(
        Accord.of(byTask),
        Statistics.Time.of(all),
        Audits.position(byTask),
        Audits.length(byTask, lengths),
        Audits.consistency(byTask),
        people(byTask, settled, all),
        Statistics.days(all),
        ModelRow.of(byTask, models));
  }

  private static Map<UUID, Person> people(
      Collection<List<Vote>> byTask, Map<UUID, OrderedGroups<UUID>> settled, List<Vote> all) {
    Map<UUID, List<Vote>> own = new LinkedHashMap<>();
    all.forEach(v -> own.computeIfAbsent(v.annotatorId(), a -> new ArrayList<>()).add(v));
    Map<UUID, Accord> accords = Accord.byAnnotator(byTask);
    Map<UUID, Accord> withReviewers = Accord.withSettled(all, settled);
    Map<UUID, Person> people = new HashMap<>();
    own.forEach(
        (id, votes) -> people.put(id, Person.of(votes, accords.get(id), withReviewers.get(id))));
    return people;
  }
}
