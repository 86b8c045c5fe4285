package org.laurel.database;

import jakarta.persistence.EntityManager;
import java.util.function.Predicate;

/** Names of versions, which are given once. */
public final class FreeName {
  private FreeName() {}

  /**
   * The first of {@code stem-first}, {@code stem-(first + 1)}, ... that is not taken. No other
   * server takes one before the transaction ends.
   */
  public static String numbered(
      EntityManager database, String stem, long first, Predicate<String> taken) {
    database
        .createNativeQuery(
            "select cast(pg_advisory_xact_lock(hashtextextended('laurel names', 0)) as text)")
        .getSingleResult();
    long number = first;
    while (taken.test(stem + "-" + number)) {
      number++;
    }
    return stem + "-" + number;
  }
}
