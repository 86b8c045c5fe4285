package org.laurel.engine.nn;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.laurel.model.ModelConfig;

/**
 * Rotary position embedding [RoFormer, arXiv 2104.09864], dimension i of a head paired with i +
 * half of the dimensions that turn, as Hugging Face stores Llama's weights. Turning a pair is one
 * complex product, so the rows of the query and key projections are first put pair beside pair;
 * queries and keys are permuted alike, which leaves their products as they were.
 */
final class RotaryEmbedding implements AutoCloseable {
  /** Position p, pair j: exp(i p frequency_j), complex64 [positions, half]. */
  private final Tensor turns;

  /** Row order of the stacked query and key projections that puts pairs side by side. */
  private final Tensor pairedRows;

  private final long heads;
  private final long headDim;
  private final long half;

  RotaryEmbedding(ModelConfig config) {
    double[] frequencies = config.rotaryFrequencies();
    headDim = config.headDim();
    half = frequencies.length;
    heads = (long) config.numHeads() + config.numKeyValueHeads();
    int positions = config.maxPositionEmbeddings() + TokenBatch.WIDTH_STEP; // padding included
    float[] angles = new float[Math.toIntExact(positions * half)];
    for (int p = 0; p < positions; p++) {
      for (int i = 0; i < half; i++) {
        angles[(int) (p * half) + i] = (float) (p * frequencies[i]);
      }
    }
    long[] rows = new long[Math.toIntExact(heads * headDim)];
    for (int row = 0; row < rows.length; row++) {
      long head = row / headDim;
      long inHead = row % headDim;
      // dimensions that are not turned stay where they are, behind the pairs
      boolean turned = inHead < 2 * half;
      rows[row] = head * headDim + (turned ? inHead / 2 + (inHead % 2) * half : inHead);
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor angle = Device.tensor(angles, positions, half);
      turns = torch.polar(torch.ones_like(angle), angle).retainReference();
      pairedRows = Device.tensor(rows).retainReference();
    }
  }

  /** Stacked query and key projections [(heads + kvHeads) * headDim, d], pairs side by side. */
  Tensor pairRows(Tensor queryAndKeyWeights) {
    return queryAndKeyWeights.index_select(0, pairedRows);
  }

  /** Turns of each token, complex64, to be broadcast over heads: [rows or 1, width, 1, half]. */
  Tensor at(Tensor positions) {
    long[] shape = positions.shape();
    return turns.index_select(0, positions.reshape(-1)).view(shape[0], shape[1], 1, half);
  }

  /** Turns where every row's positions are 0, 1, 2, ... */
  Tensor upTo(long width) {
    return turns.narrow(0, 0, width).view(1, width, 1, half);
  }

  /** Queries and keys [rows, width, (heads + kvHeads) * headDim] turned, per head. */
  Tensor turn(Tensor queriesAndKeys, Tensor turns) {
    long[] shape = queriesAndKeys.shape();
    if (2 * half == headDim) {
      return turnAll(queriesAndKeys.reshape(shape[0], shape[1], heads, half, 2), turns);
    }
    Tensor split = queriesAndKeys.reshape(shape[0], shape[1], heads, headDim);
    Tensor pairs = split.narrow(3, 0, 2 * half).reshape(shape[0], shape[1], heads, half, 2);
    Tensor rest = split.narrow(3, 2 * half, headDim - 2 * half);
    return torch.cat(new TensorVector(turnAll(pairs, turns), rest), 3);
  }

  private Tensor turnAll(Tensor pairs, Tensor turns) {
    Tensor turned = torch.view_as_complex(pairs).mul(turns);
    return torch.view_as_real(turned).view(pairs.size(0), pairs.size(1), heads, 2 * half);
  }

  @Override
  public void close() {
    turns.releaseReference();
    pairedRows.releaseReference();
  }
}
