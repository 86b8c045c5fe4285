package org.laurel.imports;

import org.jspecify.annotations.Nullable;

/** Why a line cannot be taken. */
final class Fault extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String field;

  /**
   * @param field dotted path; null for the line as a whole
   * @param message goes on from the field's name, e.g. "is missing"
   */
  Fault(@Nullable String field, String message) {
    super(message, null, false, false);
    this.field = field;
  }

  @Nullable String field() {
    return field;
  }

  String message() {
    return String.valueOf(getMessage());
  }
}
