package org.laurel.openai;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.laurel.serving.Generation;

/**
 * One finished answer.
 *
 * @param finishReason {@code stop} or {@code length}, as OpenAI calls them
 */
record Answer(String text, String finishReason, Generation generation) {

  /**
   * How many of the written tokens the text is made of: the first that say all of it. A stop string
   * leaves out those that follow.
   */
  int shown(Function<int[], String> decode) {
    int[] written = generation.text();
    if (decode.apply(written).equals(text)) {
      return written.length;
    }
    return IntStream.range(0, written.length)
        .filter(n -> decode.apply(Arrays.copyOf(written, n)).startsWith(text))
        .findFirst()
        .orElse(written.length);
  }
}
