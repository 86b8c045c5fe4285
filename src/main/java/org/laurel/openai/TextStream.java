package org.laurel.openai;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Turns the tokens of one answer into text that will not change any more: half a character waits
 * for its other half, and what may be the beginning of a stop string waits until it is decided. A
 * stop string ends the text before itself. Tokens are decoded behind those before them, since what
 * one says depends on its place: tokenizers in SentencePiece's manner take the space off the first.
 */
final class TextStream {
  /** A character has at most four bytes, and a token at least one. */
  private static final int LONGEST_CHARACTER = 4;

  private final Function<int[], String> decode;
  private final List<String> stops;

  /** Tokens whose text was released last, then those that are undecided. */
  private int[] window = new int[0];

  private int released;
  private String releasedText = "";

  /** Tokens since the last one that completed a character. */
  private int waiting;

  private int complete;
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
    window = Arrays.copyOf(window, window.length + 1);
    window[window.length - 1] = token;
    String text = decode.apply(window);
    int whole = wholeCharacters(text);
    waiting = whole > complete ? 1 : waiting + 1;
    complete = whole;
    if (whole < text.length() && waiting < LONGEST_CHARACTER) {
      return "";
    }
    return release(undecided(text));
  }

  /** What of the window's text was not released yet, which from now on it is. */
  private String undecided(String text) {
    String piece = text.startsWith(releasedText) ? text.substring(releasedText.length()) : text;
    boolean broken = wholeCharacters(text) < text.length();
    if (broken) {
      // What follows must not mend what was given up.
      window = new int[0];
    } else if (!piece.isEmpty()) {
      window = Arrays.copyOfRange(window, released, window.length);
    }
    released = window.length;
    releasedText = released == 0 ? "" : decode.apply(window);
    waiting = 0;
    complete = releasedText.length();
    return piece;
  }

  /** The length without half characters at the end. */
  private static int wholeCharacters(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\uFFFD') {
      end--;
    }
    return end;
  }

  /** The text that was held back when no token follows. */
  String end() {
    String text = window.length == released ? "" : undecided(decode.apply(window));
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
