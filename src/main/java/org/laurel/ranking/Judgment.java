package org.laurel.ranking;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one annotator thinks of a task's completions, checked: every completion stands in exactly
 * one group, or the task is unrankable and has none. {@link Submission} says what the parts mean.
 */
public record Judgment(
    List<List<UUID>> groups,
    Map<UUID, Integer> ratings,
    Map<UUID, List<String>> flags,
    @Nullable Integer strength,
    @Nullable String rationale,
    @Nullable Long elapsedMs,
    boolean unrankable) {

  /** A bare order. */
  public static Judgment of(
      List<List<UUID>> groups, @Nullable Integer strength, boolean unrankable) {
    return new Judgment(groups, Map.of(), Map.of(), strength, null, null, unrankable);
  }

  /**
   * Whether the two say the same. The time spent does not count, nor the order within a tie:
   * sending a ranking again is not changing it.
   */
  public boolean saysTheSameAs(Judgment other) {
    return sets(groups).equals(sets(other.groups))
        && ratings.equals(other.ratings)
        && flags.equals(other.flags)
        && Objects.equals(strength, other.strength)
        && Objects.equals(rationale, other.rationale)
        && unrankable == other.unrankable;
  }

  private static List<Set<UUID>> sets(List<List<UUID>> groups) {
    return groups.stream().map(Set::copyOf).toList();
  }
}
