package org.laurel.engine.sft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Which examples each step sees: sequences of like length together, so that little of a batch is
 * padding, and batches in random order. A function of seed and epoch alone; a resumed run finds its
 * place by the step's number.
 */
final class SftBatches {
  /** Examples are sorted by length within this many batches' worth, so batches still vary. */
  private static final int POOL = 32;

  private final List<List<SftExample>> steps = new ArrayList<>();

  private final SftLayout layout;
  private final int batchTokens;

  SftBatches(List<SftExample> examples, SftLayout layout, int epochs, int batchTokens, long seed) {
    this.layout = layout;
    this.batchTokens = batchTokens;
    for (int epoch = 0; epoch < epochs; epoch++) {
      Random random = new Random(seed * 1_000_003 + epoch);
      List<SftExample> shuffled = new ArrayList<>(examples);
      Collections.shuffle(shuffled, random);
      long tokens = shuffled.stream().mapToLong(e -> e.tokens().length).sum();
      int pool =
          (int)
              Math.min(
                  shuffled.size(),
                  Math.max(1, (long) POOL * batchTokens * shuffled.size() / Math.max(1, tokens)));
      List<List<SftExample>> batches = new ArrayList<>();
      for (int start = 0; start < shuffled.size(); start += pool) {
        List<SftExample> part = shuffled.subList(start, Math.min(shuffled.size(), start + pool));
        part.sort(Comparator.comparingInt(e -> e.tokens().length));
        batches.addAll(layout.cut(part, batchTokens));
      }
      Collections.shuffle(batches, random);
      steps.addAll(batches);
    }
  }

  int count() {
    return steps.size();
  }

  /** Examples of a step, counted from 0. */
  List<SftExample> at(int step) {
    return steps.get(step);
  }

  /** Share of the rectangles of all steps that is no padding. */
  double density() {
    long tokens = 0;
    long cells = 0;
    for (List<SftExample> step : steps) {
      tokens += step.stream().mapToInt(e -> e.tokens().length).sum();
      cells += layout.cells(step, batchTokens);
    }
    return tokens / (double) cells;
  }
}
