package org.laurel.engine.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Rows that train, and rows of other prompts that judge.
 *
 * @param training empty only where there are no rows at all
 * @param heldOut not empty where there are two prompts or more and any are to be held out
 */
public record Split<R>(List<R> training, List<R> heldOut) {

  /**
   * By the hash of each row's prompt. Where the hash leaves one side empty, one prompt changes
   * sides: a model that nothing was trained on, or that nothing judges, helps nobody. A single
   * prompt trains.
   *
   * @param prompt of a row; rows with the same one are on the same side
   * @param fraction of prompts to hold out; 0 for none at all
   */
  public static <R> Split<R> of(List<R> rows, Function<R, String> prompt, double fraction) {
    List<R> training = new ArrayList<>();
    List<R> heldOut = new ArrayList<>();
    for (R row : rows) {
      (HeldOut.contains(prompt.apply(row), fraction) ? heldOut : training).add(row);
    }
    if (training.isEmpty()) {
      movePrompt(heldOut, training, prompt);
    } else if (heldOut.isEmpty()
        && fraction > 0
        && training.stream().map(prompt).distinct().count() > 1) {
      movePrompt(training, heldOut, prompt);
    }
    return new Split<>(training, heldOut);
  }

  /**
   * As many rows as are wanted are held out, or a few less: prompts one after the other by their
   * hash, as far as all rows of each go in. What is held out is so held out of any larger share by
   * {@link #of(List, Function, double)} too. Where no prompt has so few rows, the one of fewest is
   * held out, and one prompt always trains.
   *
   * @param prompt of a row; rows with the same one are on the same side
   * @param wanted rows to hold out; 0 for none at all
   */
  public static <R> Split<R> ofCount(List<R> rows, Function<R, String> prompt, int wanted) {
    Map<String, Long> sizes =
        rows.stream().collect(Collectors.groupingBy(prompt, Collectors.counting()));
    List<String> prompts =
        sizes.keySet().stream()
            .sorted(
                Comparator.comparingLong(HeldOut::rank).thenComparing(Comparator.naturalOrder()))
            .toList();
    Set<String> chosen = new HashSet<>();
    long left = wanted;
    for (String one : prompts) {
      if (sizes.getOrDefault(one, 0L) <= left && chosen.size() < prompts.size() - 1) {
        chosen.add(one);
        left -= sizes.getOrDefault(one, 0L);
      }
    }
    if (chosen.isEmpty() && wanted > 0 && prompts.size() > 1) {
      prompts.stream().min(Comparator.comparing(sizes::get)).ifPresent(chosen::add);
    }
    return new Split<>(
        rows.stream().filter(row -> !chosen.contains(prompt.apply(row))).toList(),
        rows.stream().filter(row -> chosen.contains(prompt.apply(row))).toList());
  }

  private static <R> void movePrompt(List<R> from, List<R> to, Function<R, String> prompt) {
    from.stream()
        .map(prompt)
        .min(Comparator.naturalOrder())
        .ifPresent(
            first -> {
              from.stream().filter(row -> prompt.apply(row).equals(first)).forEach(to::add);
              from.removeIf(row -> prompt.apply(row).equals(first));
            });
  }
}
