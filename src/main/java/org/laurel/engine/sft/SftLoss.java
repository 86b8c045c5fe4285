package org.laurel.engine.sft;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.laurel.engine.nn.CrossEntropy;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.ForwardPass;
import org.laurel.engine.nn.TokenBatch;

/** Cross-entropy of the tokens that count: -sum over targets of log p(token | tokens before it). */
final class SftLoss {
  private SftLoss() {}

  /**
   * The sum over all targets; adds {@code scale} times its gradient to the decoder's.
   *
   * @param batch the examples' tokens in the same order, in whatever layout
   */
  static double addGradient(
      Decoder decoder, TokenBatch batch, List<SftExample> examples, double scale) {
    return addGradient(decoder, batch, examples, scale, false);
  }

  /**
   * @param recompute whether layers are computed again on the way back
   */
  static double addGradient(
      Decoder decoder,
      TokenBatch batch,
      List<SftExample> examples,
      double scale,
      boolean recompute) {
    try (PointerScope scope = new PointerScope()) {
      ForwardPass pass = ForwardPass.of(decoder, batch, recompute);
      Tensor hidden = predicting(pass.hidden(), batch, examples);
      double loss = CrossEntropy.addGradient(decoder, hidden, targets(examples), scale);
      pass.backward();
      return loss;
    }
  }

  static double sum(Decoder decoder, TokenBatch batch, List<SftExample> examples) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor hidden = predicting(decoder.hidden(batch), batch, examples);
      return CrossEntropy.sum(decoder, hidden, targets(examples));
    }
  }

  /** Hidden states from which the targets are predicted, one place before each: [n, hidden]. */
  private static Tensor predicting(Tensor hidden, TokenBatch batch, List<SftExample> examples) {
    long[] indexes = new long[count(examples)];
    long[] last = batch.lastIndexes();
    int n = 0;
    for (int i = 0; i < last.length; i++) {
      int targets = examples.get(i).targets();
      for (int back = targets; back > 0; back--) {
        indexes[n++] = last[i] - back;
      }
    }
    return hidden.view(-1, hidden.size(2)).index_select(0, Device.tensor(indexes));
  }

  private static long[] targets(List<SftExample> examples) {
    long[] targets = new long[count(examples)];
    int n = 0;
    for (SftExample example : examples) {
      for (int i = example.firstTarget(); i < example.tokens().length; i++) {
        targets[n++] = example.tokens()[i];
      }
    }
    return targets;
  }

  static int count(List<SftExample> examples) {
    return examples.stream().mapToInt(SftExample::targets).sum();
  }
}
