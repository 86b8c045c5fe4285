package org.laurel.serving;

import java.util.Map;
import java.util.SplittableRandom;

/** Draws one token from one row of probabilities; holds the memory it needs for a vocabulary. */
final class Sampler {
  private static final int BLOCK = 64;

  private final long[] heap;
  private final double[] blocks;

  Sampler(int vocabSize) {
    heap = new long[vocabSize];
    blocks = new double[(vocabSize - 1) / BLOCK + 1];
  }

  /** The first of the largest. */
  static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Adds to the logits of single tokens. */
  static void bias(float[] logits, Map<Integer, Float> biases) {
    biases.forEach((token, bias) -> logits[token] += bias);
  }

  /** Makes logits what they are drawn by: multiples of probabilities, the largest of them 1. */
  static void weigh(float[] logits, float inverseTemperature) {
    float most = logits[argmax(logits)];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.exp((logits[i] - most) * inverseTemperature);
    }
  }

  /**
   * Draws from {@code probabilities}, or multiples of them, as the filters of {@code parameters}
   * leave them.
   */
  int sample(float[] probabilities, SamplingParameters parameters, SplittableRandom random) {
    return parameters.isUnfiltered()
        ? draw(probabilities, random.nextDouble())
        : drawFiltered(probabilities, parameters, random.nextDouble());
  }

  /**
   * Finds the token where the cumulative probability passes {@code uniform}: first its block by the
   * blocks' sums, then the token inside, so that a large vocabulary is read only once.
   */
  private int draw(float[] probabilities, double uniform) {
    double left = uniform * sumBlocks(probabilities);
    int block = 0;
    while (block < blocks.length - 1 && left >= blocks[block]) {
      left -= blocks[block++];
    }
    int end = Math.min(probabilities.length, (block + 1) * BLOCK);
    for (int token = block * BLOCK; token < end; token++) {
      left -= probabilities[token];
      if (left < 0) {
        return token;
      }
    }
    // rounding left a crumb behind the last token
    for (int token = end - 1; token > 0; token--) {
      if (probabilities[token] > 0) {
        return token;
      }
    }
    return 0;
  }

  private double sumBlocks(float[] probabilities) {
    double total = 0;
    for (int block = 0; block < blocks.length; block++) {
      int end = Math.min(probabilities.length, (block + 1) * BLOCK);
      // four sums that do not wait for each other
      double first = 0;
      double second = 0;
      double third = 0;
      double fourth = 0;
      int token = block * BLOCK;
      for (; token + 3 < end; token += 4) {
        first += probabilities[token];
        second += probabilities[token + 1];
        third += probabilities[token + 2];
        fourth += probabilities[token + 3];
      }
      for (; token < end; token++) {
        first += probabilities[token];
      }
      blocks[block] = first + second + (third + fourth);
      total += blocks[block];
    }
    return total;
  }

  /**
   * Every filter keeps a prefix of the tokens in order of falling probability, so they are taken
   * from a heap one at a time until the first filter closes. Equal probabilities fall to the lower
   * token first.
   */
  private int drawFiltered(float[] probabilities, SamplingParameters parameters, double uniform) {
    int size = 0;
    for (int token = 0; token < probabilities.length; token++) {
      // non-negative floats order like their bits
      heap[size++] =
          ((long) Float.floatToRawIntBits(probabilities[token]) << 32)
              | (Integer.MAX_VALUE - token);
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i, size);
    }
    int limit = parameters.topK() == 0 ? size : Math.min(parameters.topK(), size);
    int ranked = 0;
    double mass = 0;
    if (limit < size) {
      for (; ranked < limit; ranked++) {
        mass += probability(next(size, ranked));
      }
    } else {
      mass = sumBlocks(probabilities);
    }
    int kept = 0;
    double held = 0;
    while (kept < limit && (parameters.topP() == 1 || held < parameters.topP() * mass)) {
      if (kept == ranked) {
        next(size, ranked++);
      }
      float probability = probability(heap[size - 1 - kept]);
      if (probability < parameters.minP() * probability(heap[size - 1])) {
        break;
      }
      held += probability;
      kept++;
    }
    double left = uniform * held;
    int rank = 0;
    while (rank < kept - 1) {
      left -= probability(heap[size - 1 - rank]);
      if (left < 0) {
        break;
      }
      rank++;
    }
    return Integer.MAX_VALUE - (int) heap[size - 1 - rank];
  }

  /** Moves the most probable token left in the heap behind it, to place {@code size - 1 - rank}. */
  private long next(int size, int rank) {
    int last = size - 1 - rank;
    long top = heap[0];
    heap[0] = heap[last];
    heap[last] = top;
    sink(0, last);
    return top;
  }

  private static float probability(long entry) {
    return Float.intBitsToFloat((int) (entry >>> 32));
  }

  private void sink(int at, int size) {
    long value = heap[at];
    int hole = at;
    for (int child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= value) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = value;
  }
}
