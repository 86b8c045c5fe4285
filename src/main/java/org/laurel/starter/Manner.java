package org.laurel.starter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How answers of one language sound beside what they say: openings, closings, fillers, connectives.
 */
record Manner(Map<String, List<String>> phrases) {

  /** Reads {@code starter/manner/LANGUAGE.txt}: a {@code [kind]} line, then its phrases. */
  static Manner of(String language) {
    Map<String, List<String>> phrases = new LinkedHashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : Knowledge.lines("manner/" + language + ".txt")) {
      if (line.startsWith("[")) {
        current = new ArrayList<>();
        phrases.put(line.substring(1, line.length() - 1), current);
      } else if (!line.isEmpty()) {
        current.add(line);
      }
    }
    return new Manner(phrases);
  }

  String pick(String kind, RandomGenerator random) {
    return Asking.pick(all(kind), random);
  }

  List<String> all(String kind) {
    List<String> all = phrases.get(kind);
    if (all == null) {
      throw new IllegalArgumentException("no phrases of kind " + kind);
    }
    return all;
  }
}
