package org.laurel.ngram;

import java.util.List;
import org.laurel.preference.Comparison;
import org.laurel.tokenizer.Message;

/**
 * Completions of one prompt and what somebody said of them. What their n-grams are is found anew
 * each time: counted, a text takes more than twenty times its room.
 *
 * @param comparisons indices of completions
 * @param certainty probability that they are as given, a soft label; 1 for people's
 * @param group the same for rankings of which none may be learnt from to judge another
 */
public record Judged(
    List<Message> prompt,
    List<String> completions,
    List<Comparison<Integer>> comparisons,
    double certainty,
    int group) {

  /** Characters of all completions that n-grams are taken from. */
  long characters() {
    return completions.stream().mapToLong(Ngrams::characters).sum();
  }
}
