package org.laurel.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's slices with a step, such as {@code messages[::-1]}. */
final class Slices {
  /** Takes start, stop and step; an empty string where Python has none. */
  static final String METHOD = "slice_by_step";

  private Slices() {}

  /**
   * What Python takes out of a list or a string.
   *
   * @throws IllegalArgumentException if it is neither, or the step is 0
   */
  static Object of(
      Object sequence, @Nullable Integer start, @Nullable Integer stop, @Nullable Integer step) {
    int by = step == null ? 1 : step;
    boolean text = sequence instanceof String;
    if (by == 0 || !(text || sequence instanceof List)) {
      throw new IllegalArgumentException("cannot take a slice by " + by + " of " + sequence);
    }
    int size = text ? ((String) sequence).length() : ((List<?>) sequence).size();
    int from = start == null ? (by > 0 ? 0 : size - 1) : bound(start, size, by);
    int to = stop == null ? (by > 0 ? size : -1) : bound(stop, size, by);
    List<Object> taken = new ArrayList<>();
    StringBuilder characters = new StringBuilder();
    for (int at = from; by > 0 ? at < to : at > to; at += by) {
      if (text) {
        characters.append(((String) sequence).charAt(at));
      } else {
        taken.add(((List<?>) sequence).get(at));
      }
    }
    return text ? characters.toString() : taken;
  }

  /** An index as Python counts: from the end where negative, never beyond either end. */
  private static int bound(int index, int size, int by) {
    int at = index < 0 ? index + size : index;
    return by > 0 ? Math.max(0, Math.min(at, size)) : Math.max(-1, Math.min(at, size - 1));
  }
}
