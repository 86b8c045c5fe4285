package org.laurel.demonstration;

import java.util.Locale;
import java.util.Optional;

/** Which demonstrations a list shows. */
enum Choice {
  ALL("All", ""),
  WRITTEN("Written here", " and d.origin = 'written'"),
  IMPORTED("Imported", " and d.origin = 'import'"),
  FLAGGED("Prompt flagged", " and array_length(d.flags) > 0"),
  SET_ASIDE("Set aside", " and d.withheldAt is not null");

  private final String label;
  private final String condition;

  Choice(String label, String condition) {
    this.label = label;
    this.condition = condition;
  }

  /** Of the entity {@code d}, to be added to others. */
  String condition() {
    return condition;
  }

  /** For people. */
  public String label() {
    return label;
  }

  /** As written in addresses. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one of that key. */
  static Optional<Choice> of(String key) {
    for (Choice choice : values()) {
      if (choice.key().equals(key)) {
        return Optional.of(choice);
      }
    }
    return Optional.empty();
  }
}
