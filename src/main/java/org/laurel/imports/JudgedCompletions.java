package org.laurel.imports;

import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.laurel.tokenizer.Message;

/**
 * A judgment that a file brings along.
 *
 * @param completions texts, all different
 * @param groups indices into the completions, best first; a group is a tie. None: the completions
 *     could not be ranked
 * @param strength from 1 to 4, null if not told
 * @param particulars what else the file tells
 */
record JudgedCompletions(
    List<Message> prompt,
    List<String> completions,
    List<List<Integer>> groups,
    @Nullable Integer strength,
    Particulars particulars) {

  static JudgedCompletions pair(List<Message> prompt, String chosen, String rejected) throws Fault {
    return of(
        prompt,
        List.of(chosen, rejected),
        List.of(List.of(0), List.of(1)),
        null,
        Particulars.NONE,
        "rejected");
  }

  /** Whether sides are alike, so that nothing is said of them. */
  boolean saysNothing() {
    return new HashSet<>(completions).size() < completions.size();
  }

  boolean isUnrankable() {
    return groups.isEmpty();
  }

  /**
   * @param field blamed where two texts are the same
   */
  static JudgedCompletions of(
      List<Message> prompt,
      List<String> completions,
      List<List<Integer>> groups,
      @Nullable Integer strength,
      Particulars particulars,
      String field)
      throws Fault {
    JudgedCompletions judged =
        new JudgedCompletions(prompt, completions, groups, strength, particulars);
    if (judged.saysNothing()) {
      throw new Fault(
          field,
          completions.size() == 2 ? "is the same text as chosen" : "has the same text twice");
    }
    return judged;
  }
}
