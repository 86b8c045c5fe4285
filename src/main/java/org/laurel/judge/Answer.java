package org.laurel.judge;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a judge said of two answers in one order.
 *
 * @param said the letter it chose, A or B; null where its reply could not be read
 * @param logprobs of both letters, where the judge tells them
 * @param reply the beginning of an unreadable reply, for people
 */
record Answer(@Nullable String said, @Nullable Logprobs logprobs, @Nullable String reply) {
  private static final int SHOWN = 120;

  /** A letter at the beginning, bare or after "answer", that is no article of a sentence. */
  private static final Pattern LETTER =
      Pattern.compile(
          "^[\\s\"'*(\\[]*(?:the )?(?:better )?(?:answer(?: is)?:?)?[\\s\"'*(\\[]*"
              + "([AB])(?:\\W*$|[.,:;)\\]\"'*!\\n]| is\\b)",
          Pattern.CASE_INSENSITIVE);

  /**
   * Natural logarithms of the probabilities of the two letters.
   *
   * @param a of the answer that stands first
   */
  record Logprobs(double a, double b) {
    /** Log odds in favour of the answer that stands first. */
    double margin() {
      return a - b;
    }
  }

  /** The likelier letter; equal ones say nothing. */
  static Answer of(Logprobs logprobs) {
    double margin = logprobs.margin();
    return margin == 0 || Double.isNaN(margin)
        ? unreadable("both letters are equally likely")
        : new Answer(margin > 0 ? "A" : "B", logprobs, null);
  }

  /** From words alone. */
  static Answer of(String reply) {
    Matcher letter = LETTER.matcher(reply);
    return letter.find()
        ? new Answer(letter.group(1).toUpperCase(Locale.ROOT), null, null)
        : unreadable(reply);
  }

  static Answer unreadable(String reply) {
    String shown = reply.replace('\0', ' ').strip();
    return new Answer(null, null, shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown);
  }

  boolean isReadable() {
    return said != null;
  }
}
