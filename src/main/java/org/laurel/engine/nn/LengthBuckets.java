package org.laurel.engine.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Groups of sequences of similar length, so that little of a batch is padding. */
public final class LengthBuckets {

  private LengthBuckets() {}

  /**
   * Cuts the sequences, shortest first, into batches.
   *
   * @param lengths of the sequences
   * @param maxTokens of one batch, padding included; a longer sequence goes alone
   * @return indices of the sequences of each batch; every index once
   */
  public static List<int[]> of(int[] lengths, int maxTokens) {
    int[] sorted =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> lengths[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> buckets = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= sorted.length; to++) {
      boolean full = to == sorted.length || (to + 1L - from) * lengths[sorted[to]] > maxTokens;
      if (full) {
        buckets.add(Arrays.copyOfRange(sorted, from, to));
        from = to;
      }
    }
    return buckets;
  }
}
