package org.laurel.engine.dpo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.laurel.engine.nn.CrossEntropy;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.ForwardPass;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.TokenBatch;
import org.laurel.engine.sft.SftExample;

/** Sequences that go through the network together, packed into rows of one width. */
final class SequenceBatch {

  private final TokenBatch batch;
  private final int[] order;
  private final long[] predicting;
  private final long[] targets;
  private final int[] owners;

  /**
   * @param rows of indices into {@code sequences}, as a packing made them
   */
  private SequenceBatch(
      Packing packing, List<List<Integer>> rows, List<SftExample> sequences, int padToken) {
    batch = packing.tokens(rows, sequences.stream().map(SftExample::tokens).toList(), padToken);
    order = Packing.order(rows);
    int count = Arrays.stream(order).map(i -> sequences.get(i).targets()).sum();
    predicting = new long[count];
    targets = new long[count];
    owners = new int[count];
    long[] last = batch.lastIndexes();
    int n = 0;
    for (int place = 0; place < order.length; place++) {
      SftExample sequence = sequences.get(order[place]);
      int[] tokens = sequence.tokens();
      for (int t = sequence.firstTarget(); t < tokens.length; t++) {
        predicting[n] = last[place] - (tokens.length - t);
        targets[n] = tokens[t];
        owners[n++] = order[place];
      }
    }
  }

  /** As many batches as are needed, every sequence in one of them. */
  static List<SequenceBatch> pack(List<SftExample> sequences, Packing packing, int padToken) {
    int[] lengths = sequences.stream().mapToInt(s -> s.tokens().length).toArray();
    List<SequenceBatch> batches = new ArrayList<>();
    for (List<List<Integer>> rows : packing.batches(lengths)) {
      batches.add(new SequenceBatch(packing, rows, sequences, padToken));
    }
    return batches;
  }

  /**
   * Adds the log probability of each completion's tokens to {@code sums}, [sequence]; those of
   * other batches are left alone, so several may be added at once.
   */
  void addLogprobs(Decoder decoder, double[] sums) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      add(CrossEntropy.each(decoder, predicting(decoder.hidden(batch)), targets), sums);
    }
  }

  /**
   * Adds the gradient of a loss to the decoder's.
   *
   * @param recompute whether layers are computed again on the way back
   * @param slopes from log probabilities of all sequences, those of other batches 0, to the
   *     derivatives of the loss, [sequence]
   */
  void addGradient(
      Decoder decoder, boolean recompute, int sequences, UnaryOperator<double[]> slopes) {
    try (PointerScope scope = new PointerScope()) {
      ForwardPass pass = ForwardPass.of(decoder, batch, recompute);
      Tensor hidden = predicting(pass.hidden());
      double[] sums = new double[sequences];
      add(CrossEntropy.each(decoder, hidden, targets), sums);
      double[] slope = slopes.apply(sums);
      float[] scales = new float[targets.length];
      for (int n = 0; n < scales.length; n++) {
        scales[n] = (float) -slope[owners[n]]; // cross-entropy is minus the log probability
      }
      CrossEntropy.addGradient(decoder, hidden, targets, scales);
      pass.backward();
    }
  }

  private Tensor predicting(Tensor hidden) {
    return hidden.view(-1, hidden.size(2)).index_select(0, Device.tensor(predicting));
  }

  private void add(float[] losses, double[] sums) {
    for (int n = 0; n < losses.length; n++) {
      sums[owners[n]] -= losses[n];
    }
  }
}
