package org.laurel.preference;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A ranking with ties: groups of completions, best group first; the completions of one group are
 * equally good.
 *
 * <p>An instance always holds every completion exactly once and no empty group, so that whoever has
 * one need not check again.
 *
 * @param groups the groups, best first
 * @param <C> what names a completion: its id, or its index among the completions of the prompt
 */
public record OrderedGroups<C>(List<List<C>> groups) {

  /**
   * Copies the groups.
   *
   * @throws IllegalArgumentException if there is no completion, a group is empty, or a completion
   *     occurs twice
   */
  public OrderedGroups {
    groups = groups.stream().map(group -> List.<C>copyOf(group)).toList();
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("the ranking has no group");
    }
    Set<C> seen = new LinkedHashSet<>();
    for (List<C> group : groups) {
      if (group.isEmpty()) {
        throw new IllegalArgumentException("the ranking has an empty group");
      }
      for (C completion : group) {
        if (!seen.add(completion)) {
          throw new IllegalArgumentException("completion " + completion + " is ranked twice");
        }
      }
    }
  }

  /**
   * A ranking of exactly the given completions.
   *
   * @throws IllegalArgumentException naming the first completion that is unknown, ranked twice or
   *     missing
   */
  public static <C> OrderedGroups<C> of(
      Collection<? extends Collection<C>> groups, Collection<C> completions) {
    OrderedGroups<C> ranking =
        new OrderedGroups<>(groups.stream().map(group -> List.<C>copyOf(group)).toList());
    Set<C> missing = new LinkedHashSet<>(completions);
    for (C completion : ranking.completions()) {
      if (!missing.remove(completion)) {
        throw new IllegalArgumentException(
            "completion " + completion + " does not belong to this task");
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "completion " + missing.iterator().next() + " is missing from the ranking");
    }
    return ranking;
  }

  /** All completions, best first; within a group in the order given. */
  public List<C> completions() {
    return groups.stream().flatMap(List::stream).toList();
  }

  /** Number of completions. */
  public int size() {
    return groups.stream().mapToInt(List::size).sum();
  }

  /**
   * The place of a completion's group, 0 for the best.
   *
   * @throws IllegalArgumentException if the completion is not ranked here
   */
  public int rank(C completion) {
    for (int rank = 0; rank < groups.size(); rank++) {
      if (groups.get(rank).contains(completion)) {
        return rank;
      }
    }
    throw new IllegalArgumentException("completion " + completion + " is not ranked");
  }

  /**
   * Every pair of completions once: K choose 2 comparisons, ties included. A over B over C gives
   * three.
   */
  public List<Comparison<C>> comparisons() {
    List<Comparison<C>> comparisons = new ArrayList<>();
    List<C> ordered = completions();
    for (int i = 0; i < ordered.size(); i++) {
      int rank = rank(ordered.get(i));
      for (int j = i + 1; j < ordered.size(); j++) {
        boolean tie = rank == rank(ordered.get(j));
        comparisons.add(new Comparison<>(ordered.get(i), ordered.get(j), tie));
      }
    }
    return List.copyOf(comparisons);
  }
}
