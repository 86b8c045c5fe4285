package org.laurel.engine.dpo;

import java.util.List;
import org.laurel.engine.sft.SftExample;
import org.laurel.preference.Comparison;

/**
 * A ranking of completions of one prompt.
 *
 * @param sequences one for each completion
 * @param comparisons its pairs without ties, indices into {@code sequences}; at least one
 * @param certainty probability that the choices are as given, a soft label; 1 for people's
 */
record Ranked(List<SftExample> sequences, List<Comparison<Integer>> comparisons, double certainty)
    implements Judgment {

  /** A ranking by people. */
  Ranked(List<SftExample> sequences, List<Comparison<Integer>> comparisons) {
    this(sequences, comparisons, 1);
  }

  Ranked {
    if (comparisons.isEmpty()) {
      throw new IllegalArgumentException("a ranking without a preference");
    }
  }

  /**
   * The share of each preference that counts the other way round.
   *
   * @param smoothing share e of every label that is taken for wrong: p e + (1 - p) (1 - e)
   */
  double doubt(double smoothing) {
    return certainty * smoothing + (1 - certainty) * (1 - smoothing);
  }
}
