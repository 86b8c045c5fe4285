package org.laurel.simulation;

import java.util.List;

/**
 * A hidden taste that simulated annotators choose by. It reads the text of prompt and completion
 * and nothing else: no model, no knowledge of how the completion was made.
 */
public interface GoldPreference {

  /** Every preference that {@link #named} knows. */
  List<GoldPreference> ALL = List.of(new Helpful(), new Concise());

  /** The name on the command line. */
  String name();

  /** How well the completion answers the prompt; any real number, higher is better. */
  double score(String prompt, String completion);

  /**
   * @throws IllegalArgumentException if there is no gold preference of that name
   */
  static GoldPreference named(String name) {
    return ALL.stream()
        .filter(gold -> gold.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no gold preference '"
                        + name
                        + "'; there are "
                        + String.join(", ", ALL.stream().map(GoldPreference::name).toList())));
  }
}
