package org.laurel.ranking;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.preference.OrderedGroups;

/**
 * A person's ranking in force, as the statistics need it.
 *
 * @param groups null: none of the completions could be ranked
 * @param displayOrder the completions as shown, first to last
 * @param elapsedMs time spent, milliseconds
 */
record Vote(
    UUID taskId,
    UUID annotatorId,
    @Nullable OrderedGroups<UUID> groups,
    List<UUID> displayOrder,
    Map<UUID, Integer> ratings,
    @Nullable Long elapsedMs,
    Instant submittedAt) {

  private static final long SHORTEST_MS = 3000;

  /** Four times what people read silently: 238 words a minute (Brysbaert 2019), of six each. */
  private static final long CHARACTERS_PER_SECOND = 100;

  /**
   * Whether it was sent faster than anybody reads.
   *
   * @param lengths characters of each completion
   */
  boolean fast(Map<UUID, Integer> lengths) {
    if (elapsedMs == null) {
      return false;
    }
    long shown = displayOrder.stream().mapToLong(id -> lengths.getOrDefault(id, 0)).sum();
    return elapsedMs < Math.max(SHORTEST_MS, 1000 * shown / CHARACTERS_PER_SECOND);
  }

  /** Whether it says just the order in which the completions happened to be shown. */
  boolean asShown() {
    return groups != null
        && groups.groups().size() == groups.size()
        && groups.completions().equals(displayOrder);
  }
}
