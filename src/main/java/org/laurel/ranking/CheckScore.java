package org.laurel.ranking;

import java.util.List;

/**
 * How a ranking of a silent check compares with the right order.
 *
 * @param pairs that the right order tells apart
 * @param turned how many of them the ranking turns round, a tie counting half
 */
public record CheckScore(int pairs, double turned) {

  /**
   * Compares a ranking with the right order. Pairs that are tied in the right order say nothing. A
   * ranking that says that nothing can be ranked tells no pair apart, as if all were tied.
   *
   * @param right the place of each completion in the right order, 1 for the best
   * @param given their places in the ranking, of the same completions in the same order
   * @throws IllegalArgumentException if they are not as many
   */
  static CheckScore of(List<Short> right, List<Short> given) {
    if (right.size() != given.size()) {
      throw new IllegalArgumentException(
          "%d places against %d".formatted(right.size(), given.size()));
    }
    int pairs = 0;
    double turned = 0;
    for (int i = 0; i < right.size(); i++) {
      for (int j = i + 1; j < right.size(); j++) {
        int ahead = right.get(i).compareTo(right.get(j));
        if (ahead != 0) {
          int said = given.get(i).compareTo(given.get(j));
          pairs++;
          turned += (1 - Integer.signum(said) * Integer.signum(ahead)) / 2.0;
        }
      }
    }
    return new CheckScore(pairs, turned);
  }

  /** Whether no more than a third of the pairs are turned round. */
  public boolean passed() {
    return 3 * turned <= pairs;
  }

  /** Pairs that the ranking has as the right order has them, a tie counting half. */
  public double right() {
    return pairs - turned;
  }
}
