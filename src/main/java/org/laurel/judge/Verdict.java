package org.laurel.judge;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a judge makes of a pair, asked once in each order.
 *
 * @param forward with the pair's first completion shown first
 * @param backward with the second shown first
 */
record Verdict(Answer forward, Answer backward) {

  /** What comes of a pair. */
  enum Outcome {
    FIRST,
    SECOND,
    /** The two orders disagree: the place decided, not the worth. */
    TIE,
    UNREADABLE;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Outcome outcome() {
    if (!forward.isReadable() || !backward.isReadable()) {
      return Outcome.UNREADABLE;
    }
    boolean forwardFirst = "A".equals(forward.said());
    boolean backwardFirst = "B".equals(backward.said());
    if (forwardFirst != backwardFirst) {
      return Outcome.TIE;
    }
    return forwardFirst ? Outcome.FIRST : Outcome.SECOND;
  }

  /**
   * Log odds in favour of the first completion, the mean of both orders, in which a liking for a
   * place cancels out; null unless the judge gave log-probabilities both times.
   */
  @Nullable Double margin() {
    Answer.Logprobs one = forward.logprobs();
    Answer.Logprobs other = backward.logprobs();
    return one == null || other == null ? null : (one.margin() - other.margin()) / 2;
  }
}
