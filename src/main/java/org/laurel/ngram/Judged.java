package org.laurel.ngram;

import java.util.List;
import org.laurel.preference.Comparison;
import org.laurel.tokenizer.Message;

/**
 * Completions of one prompt, read, and what somebody said of them.
 *
 * @param comparisons indices of completions
 * @param group the same for rankings of which none may be learnt from to judge another
 */
public record Judged(
    List<Ngrams.Counted> completions, List<Comparison<Integer>> comparisons, int group) {

  /** Reads every completion once, however many comparisons it is in. */
  public static Judged of(
      List<Message> prompt,
      List<String> completions,
      List<Comparison<Integer>> comparisons,
      int group) {
    return new Judged(
        completions.stream().map(completion -> Ngrams.count(prompt, completion)).toList(),
        comparisons,
        group);
  }
}
