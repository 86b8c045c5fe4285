package org.laurel.engine.nn;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of next tokens, output layer included: sum over n of -log softmax(W h_n)[target_n].
 *
 * <p>The logits of a large batch fill more memory than the rest of the model and all of it would be
 * read several times; so a few hundred rows at a time go from hidden state to gradient while they
 * are in the cache, by the closed form d/dlogits = softmax - onehot.
 */
public final class CrossEntropy {
  private static final long ROWS = 512;

  private CrossEntropy() {}

  /**
   * The sum without gradients.
   *
   * @param hidden float32 [n, hidden]
   * @param targets n token ids
   */
  public static double sum(Decoder decoder, Tensor hidden, long[] targets) {
    return chunks(decoder, hidden, targets, null, null, null);
  }

  /** Each target's own term, nats [n], without gradients. */
  public static float[] each(Decoder decoder, Tensor hidden, long[] targets) {
    float[] losses = new float[targets.length];
    chunks(decoder, hidden, targets, null, null, losses);
    return losses;
  }

  /**
   * The sum; adds {@code scale} times its gradient to that of the decoder's parameters, through
   * {@code hidden} and the output layer.
   */
  public static double addGradient(Decoder decoder, Tensor hidden, long[] targets, double scale) {
    float[] scales = new float[targets.length];
    Arrays.fill(scales, (float) scale);
    return addGradient(decoder, hidden, targets, scales);
  }

  /**
   * The sum; adds the gradient of the sum of {@code scales[n]} times the n-th term.
   *
   * @param scales [n]
   */
  public static double addGradient(Decoder decoder, Tensor hidden, long[] targets, float[] scales) {
    Tensor gradient = torch.empty_like(hidden);
    Tensor scale = Device.tensor(scales, scales.length, 1);
    double sum = chunks(decoder, hidden, targets, gradient, scale, null);
    hidden.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
    return sum;
  }

  /**
   * @param gradient of the hidden states is written here, where {@code scales} [n, 1] are given
   * @param each gets every term, where given
   */
  private static double chunks(
      Decoder decoder,
      Tensor hidden,
      long[] targets,
      @Nullable Tensor gradient,
      @Nullable Tensor scales,
      float @Nullable [] each) {
    if (hidden.size(0) != targets.length || targets.length == 0) {
      throw new IllegalArgumentException(
          hidden.size(0) + " hidden states for " + targets.length + " targets");
    }
    double sum = 0;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor wanted = Device.tensor(targets, targets.length, 1);
      Tensor weight = decoder.precision().round(decoder.outputWeight());
      for (long start = 0; start < targets.length; start += ROWS) {
        long rows = Math.min(ROWS, targets.length - start);
        try (PointerScope chunk = new PointerScope()) {
          Tensor target = wanted.narrow(0, start, rows);
          Tensor input = decoder.precision().round(filled(hidden.narrow(0, start, rows)));
          Tensor product = torch.linear(input, weight).to(ScalarType.Float);
          Tensor logits = product.narrow(0, 0, rows);
          Tensor normaliser = logits.logsumexp(new long[] {1}, true);
          Tensor losses = normaliser.sub(logits.gather(1, target));
          sum += losses.sum().item_double();
          if (each != null) {
            Device.read(losses).get(each, (int) start, (int) rows);
          }
          if (gradient != null && scales != null) {
            logits.sub_(normaliser).exp_();
            logits.scatter_add_(1, target, torch.full_like(normaliser, new Scalar(-1.0)));
            logits.mul_(scales.narrow(0, start, rows));
            product.narrow(0, rows, ROWS - rows).zero_();
            Tensor slope = decoder.precision().round(product);
            gradient.narrow(0, start, rows).copy_(slope.mm(weight).narrow(0, 0, rows));
            if (decoder.outputWeight().requires_grad()) {
              decoder.outputWeight().grad().add_(slope.t().mm(input));
            }
          }
        }
      }
    }
    return sum;
  }

  /** Rows up to {@link #ROWS}, zeros at the end: one shape, so one compiled kernel. */
  private static Tensor filled(Tensor rows) {
    long missing = ROWS - rows.size(0);
    return missing == 0 ? rows : torch.constant_pad_nd(rows, new long[] {0, 0, 0, missing});
  }
}
