package org.laurel.openai;

import java.util.List;
import java.util.function.Function;

/**
 * Turns the tokens of one answer into text that will not change any more: half a character waits
 * for its other half, and what may be the beginning of a stop string waits until it is decided. A
 * stop string ends the text before itself.
 */
final class TextStream {
  /** A character has at most four bytes, and a token at least one. */
  private static final int LONGEST_CHARACTER = 4;

  private final Function<int[], String> decode;
  private final List<String> stops;
  private int[] undecided = new int[0];
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  TextStream(Function<int[], String> decode, List<String> stops) {
    this.decode = decode;
    this.stops = stops;
  }

  /** Whether a stop string was met. */
  boolean isStopped() {
    return stopped;
  }

  /** The text that is certain now. */
  String add(int token) {
    undecided = java.util.Arrays.copyOf(undecided, undecided.length + 1);
    undecided[undecided.length - 1] = token;
    String text = decode.apply(undecided);
    if (text.endsWith("\uFFFD") && undecided.length < LONGEST_CHARACTER) {
      return "";
    }
    undecided = new int[0];
    return release(text);
  }

  /** The text that was held back when no token follows. */
  String end() {
    String text = undecided.length == 0 ? "" : decode.apply(undecided);
    undecided = new int[0];
    String released = release(text);
    if (stopped) {
      return released;
    }
    String rest = released + held;
    held.setLength(0);
    return rest;
  }

  private String release(String text) {
    if (stopped) {
      return "";
    }
    held.append(text);
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    stopped = first >= 0;
    int certain = stopped ? first : held.length() - longestBeginning();
    String released = held.substring(0, certain);
    held.delete(0, certain);
    return released;
  }

  /** How many characters at the end may be the beginning of a stop string. */
  private int longestBeginning() {
    int longest = 0;
    for (String stop : stops) {
      for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
        if (stop.startsWith(held.substring(held.length() - length))) {
          longest = length;
        }
      }
    }
    return longest;
  }
}
