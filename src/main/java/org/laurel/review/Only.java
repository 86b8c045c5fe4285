package org.laurel.review;

import java.util.Locale;

/**
 * Which rankings are looked for. A ranking that does not count is found by that alone, however fast
 * it was.
 */
public enum Only {
  ALL("All", "true", "true"),
  UNRESOLVED(
      "Unresolved",
      "k.resolution = 'unresolved'",
      "k.resolution = 'unresolved' and r.withheld is null"),
  ADJUDICATED(
      "Adjudicated",
      "k.resolution = 'adjudicated'",
      "k.resolution = 'adjudicated' and r.withheld is null"),
  FAST("Faster than reading", "k.fast > 0", "r.fast and r.withheld is null"),
  FLAGGED("Flagged", "k.flagged > 0", "r.flagged and r.withheld is null"),
  UNRANKABLE("Cannot be ranked", "k.unrankable > 0", "r.unrankable and r.withheld is null"),
  RETURNED("Sent back", "k.returned > 0", "r.withheld = 'returned'"),
  SET_ASIDE("Set aside", "k.set_aside > 0", "r.withheld = 'set-aside'");

  final String label;

  /** Of ranked_task k. */
  final String ofTask;

  /** Of ranking r, of a task k. */
  final String ofRanking;

  Only(String label, String ofTask, String ofRanking) {
    this.label = label;
    this.ofTask = ofTask;
    this.ofRanking = ofRanking;
  }

  /** As addresses write it. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one of that key; all where there is none. */
  static Only of(String key) {
    for (Only only : values()) {
      if (only.key().equals(key)) {
        return only;
      }
    }
    return ALL;
  }
}
