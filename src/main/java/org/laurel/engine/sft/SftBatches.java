package org.laurel.engine.sft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.laurel.engine.nn.TokenBatch;

/**
 * Which examples each step sees: sequences of like length together, so that little of a batch is
 * padding, and batches in random order. A function of seed and epoch alone; a resumed run finds its
 * place by the step's number.
 */
final class SftBatches {
  /** Examples are sorted by length within this many batches' worth, so batches still vary. */
  private static final int POOL = 32;

  private final List<List<SftExample>> steps = new ArrayList<>();

  SftBatches(List<SftExample> examples, int epochs, int batchTokens, long seed) {
    for (int epoch = 0; epoch < epochs; epoch++) {
      Random random = new Random(seed * 1_000_003 + epoch);
      List<SftExample> shuffled = new ArrayList<>(examples);
      Collections.shuffle(shuffled, random);
      long tokens = shuffled.stream().mapToLong(e -> e.tokens().length).sum();
      int pool =
          Math.toIntExact(
              Math.max(1, (long) POOL * batchTokens * shuffled.size() / Math.max(1, tokens)));
      List<List<SftExample>> batches = new ArrayList<>();
      for (int start = 0; start < shuffled.size(); start += pool) {
        List<SftExample> part = shuffled.subList(start, Math.min(shuffled.size(), start + pool));
        part.sort(Comparator.comparingInt(e -> e.tokens().length));
        batches.addAll(cut(part, batchTokens));
      }
      Collections.shuffle(batches, random);
      steps.addAll(batches);
    }
  }

  /** Consecutive groups whose rectangle holds at most {@code tokens}, one example at least. */
  static List<List<SftExample>> cut(List<SftExample> examples, int tokens) {
    List<List<SftExample>> groups = new ArrayList<>();
    List<SftExample> group = new ArrayList<>();
    int width = 0;
    for (SftExample example : examples) {
      int wider = Math.max(width, TokenBatch.width(example.tokens().length));
      if (!group.isEmpty() && wider * (group.size() + 1) > tokens) {
        groups.add(List.copyOf(group));
        group.clear();
        wider = TokenBatch.width(example.tokens().length);
      }
      group.add(example);
      width = wider;
    }
    if (!group.isEmpty()) {
      groups.add(List.copyOf(group));
    }
    return groups;
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
      int[] lengths = step.stream().mapToInt(e -> e.tokens().length).toArray();
      tokens += Arrays.stream(lengths).sum();
      cells += (long) lengths.length * TokenBatch.width(Arrays.stream(lengths).max().orElseThrow());
    }
    return tokens / (double) cells;
  }
}
