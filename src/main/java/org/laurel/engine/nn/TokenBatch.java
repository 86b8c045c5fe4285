package org.laurel.engine.nn;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Sequences of tokens as one rectangle {@code [rows, width]}, padded on either side or several
 * packed into a row. A token attends to the tokens before it that have its own segment number;
 * padding has segment 0. Positions count from 0 within each sequence, so that neither the side of
 * the padding nor the place in a row changes what the model computes.
 */
public final class TokenBatch {
  /**
   * Widths are multiples of this. oneDNN compiles and keeps a kernel for every shape it meets: with
   * arbitrary widths that costs more time than the products and gigabytes of memory.
   */
  static final int WIDTH_STEP = 8;

  private final int rows;
  private final int width;
  private final long[] ids;
  private final long[] positions;
  private final long[] segments;
  private final long[] firstIndexes;
  private final long[] lastIndexes;
  private final boolean causalSuffices;
  private int longest;

  private TokenBatch(int rows, int width, int padToken, int sequences, boolean causalSuffices) {
    this.rows = rows;
    this.width = width;
    this.ids = new long[rows * width];
    Arrays.fill(ids, padToken);
    this.positions = new long[rows * width];
    this.segments = new long[rows * width];
    this.firstIndexes = new long[sequences];
    this.lastIndexes = new long[sequences];
    this.causalSuffices = causalSuffices;
  }

  /** One sequence a row, padded on the right to the longest, or a little more. */
  public static TokenBatch rightPadded(List<int[]> sequences, int padToken) {
    int width = width(sequences);
    TokenBatch batch = new TokenBatch(sequences.size(), width, padToken, sequences.size(), true);
    for (int row = 0; row < sequences.size(); row++) {
      batch.place(row, sequences.get(row), row * width, 1);
    }
    return batch;
  }

  /** One sequence a row, padded on the left to the longest, or a little more. */
  public static TokenBatch leftPadded(List<int[]> sequences, int padToken) {
    int width = width(sequences);
    TokenBatch batch = new TokenBatch(sequences.size(), width, padToken, sequences.size(), false);
    for (int row = 0; row < sequences.size(); row++) {
      int[] sequence = sequences.get(row);
      batch.place(row, sequence, (row + 1) * width - sequence.length, 1);
    }
    return batch;
  }

  /** The sequences of each inner list side by side in one row of {@code width}. */
  public static TokenBatch packed(List<List<int[]>> rows, int width, int padToken) {
    int count = rows.stream().mapToInt(List::size).sum();
    TokenBatch batch = new TokenBatch(rows.size(), width, padToken, count, false);
    int sequence = 0;
    for (int row = 0; row < rows.size(); row++) {
      int start = row * width;
      int segment = 1;
      for (int[] tokens : rows.get(row)) {
        if (start + tokens.length > (row + 1) * width) {
          throw new IllegalArgumentException("row " + row + " does not fit " + width + " tokens");
        }
        batch.place(sequence++, tokens, start, segment++);
        start += tokens.length;
      }
    }
    return batch;
  }

  private void place(int sequence, int[] tokens, int start, int segment) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("sequence " + sequence + " is empty");
    }
    for (int i = 0; i < tokens.length; i++) {
      ids[start + i] = tokens[i];
      positions[start + i] = i;
      segments[start + i] = segment;
    }
    longest = Math.max(longest, tokens.length);
    firstIndexes[sequence] = start;
    lastIndexes[sequence] = start + tokens.length - 1L;
  }

  private static int width(List<int[]> sequences) {
    return width(sequences.stream().mapToInt(tokens -> tokens.length).max().orElseThrow());
  }

  /** Width of a padded batch whose longest sequence has {@code longest} tokens. */
  public static int width(int longest) {
    return (longest + WIDTH_STEP - 1) / WIDTH_STEP * WIDTH_STEP;
  }

  public int rows() {
    return rows;
  }

  public int width() {
    return width;
  }

  /** Tokens of the longest sequence; in a packed batch less than the width. */
  public int longest() {
    return longest;
  }

  /** Token ids, int64 [rows, width]. */
  public Tensor ids() {
    return Device.tensor(ids, rows, width);
  }

  /** Place of each token in its sequence, int64 [rows, width]; 0 for padding. */
  public Tensor positions() {
    return Device.tensor(positions, rows, width);
  }

  /** Number of each token's sequence within its row from 1 on, int64 [rows, width]; 0: padding. */
  public Tensor segments() {
    return Device.tensor(segments, rows, width);
  }

  /** Flat index (row * width + column) of each sequence's first token, in the given order. */
  public long[] firstIndexes() {
    return firstIndexes.clone();
  }

  /** Flat index (row * width + column) of each sequence's last token, in the given order. */
  public long[] lastIndexes() {
    return lastIndexes.clone();
  }

  /** Whether a plain causal mask separates everything: one sequence a row, padding after it. */
  boolean causalSuffices() {
    return causalSuffices;
  }
}
