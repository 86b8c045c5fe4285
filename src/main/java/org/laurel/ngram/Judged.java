package org.laurel.ngram;

import java.util.List;
import org.laurel.preference.Comparison;
import org.laurel.tokenizer.Message;

/**
 * Completions of one prompt, read, and what somebody said of them.
 *
 * @param comparisons indices of completions
 * @param certainty probability that they are as given, a soft label; 1 for people's
 * @param group the same for rankings of which none may be learnt from to judge another
 */
public record Judged(
    List<Ngrams.Counted> completions,
    List<Comparison<Integer>> comparisons,
    double certainty,
    int group) {

  /** Reads every completion once, however many comparisons it is in. */
  public static Judged of(
      List<Message> prompt,
      List<String> completions,
      List<Comparison<Integer>> comparisons,
      double certainty,
      int group) {
    return new Judged(
        completions.stream().map(completion -> Ngrams.count(prompt, completion)).toList(),
        comparisons,
        certainty,
        group);
  }
}
