package org.laurel.engine.nn;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.laurel.model.ModelConfig;

/**
 * Type in which the large matrix products are computed. Weights, their gradients, attention, norms
 * and the loss stay float32 either way: bfloat16 attention is slow backwards on CPUs, and the rest
 * is where rounding hurts.
 */
public enum Precision {
  FLOAT32,
  BFLOAT16;

  private static final int MEASURED_TOKENS = 2048;
  private static final int ROUNDS = 5;

  /** The asked-for precision; {@link #fastest} where that is left open. */
  public static Precision of(PrecisionChoice choice, ModelConfig config) {
    return of(choice, config.hiddenSize(), config.intermediateSize());
  }

  /** Likewise, for a feed-forward of these widths. */
  public static Precision of(PrecisionChoice choice, int hidden, int intermediate) {
    return switch (choice) {
      case AUTO -> fastest(hidden, intermediate);
      case FLOAT32 -> FLOAT32;
      case BFLOAT16 -> BFLOAT16;
    };
  }

  /**
   * The faster of the two on this machine, found by timing the feed-forward product of this model,
   * the largest it has. Takes well under a second. bfloat16 pays only on processors with
   * instructions for it, and which have is not worth guessing.
   */
  public static Precision fastest(ModelConfig config) {
    return fastest(config.hiddenSize(), config.intermediateSize());
  }

  private static Precision fastest(int hidden, int intermediate) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor input = Device.normal(MEASURED_TOKENS, hidden);
      Tensor weight = Device.normal(intermediate, hidden);
      long plain = Long.MAX_VALUE;
      long half = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        plain = Math.min(plain, time(FLOAT32, input, weight));
        half = Math.min(half, time(BFLOAT16, input, weight));
      }
      return half < plain ? BFLOAT16 : FLOAT32;
    }
  }

  private static long time(Precision precision, Tensor input, Tensor weight) {
    long start = System.nanoTime();
    try (PointerScope scope = new PointerScope()) {
      torch.linear(precision.round(input), precision.round(weight)).to(ScalarType.Float);
      Device.await();
    }
    return System.nanoTime() - start;
  }

  /** The tensor in this precision; itself where it already is. */
  Tensor round(Tensor tensor) {
    return this == BFLOAT16 ? tensor.to(ScalarType.BFloat16) : tensor;
  }
}
