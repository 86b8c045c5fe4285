package org.laurel.dataset;

import java.util.Locale;
import java.util.Optional;

/**
 * Whose votes: people's, those of approved judges, or all. Nobody gets a judge's without asking.
 */
public enum VotesOf {
  PEOPLE,
  AI,
  BOTH;

  /** As requests and snapshots write it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean people() {
    return this != AI;
  }

  public boolean ai() {
    return this != PEOPLE;
  }

  /** The one of that key. */
  public static Optional<VotesOf> of(String key) {
    for (VotesOf votes : values()) {
      if (votes.key().equals(key)) {
        return Optional.of(votes);
      }
    }
    return Optional.empty();
  }
}
