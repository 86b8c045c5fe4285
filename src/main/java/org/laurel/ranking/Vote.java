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
 * @param fast whether it was sent faster than anybody reads
 */
record Vote(
    UUID taskId,
    UUID annotatorId,
    @Nullable OrderedGroups<UUID> groups,
    List<UUID> displayOrder,
    Map<UUID, Integer> ratings,
    @Nullable Long elapsedMs,
    boolean fast,
    Instant submittedAt) {

  /** Whether it says just the order in which the completions happened to be shown. */
  boolean asShown() {
    return groups != null
        && groups.groups().size() == groups.size()
        && groups.completions().equals(displayOrder);
  }
}
