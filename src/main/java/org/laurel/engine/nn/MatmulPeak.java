package org.laurel.engine.nn;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The fastest matrix product that libtorch manages here: what training speed is measured against.
 */
public final class MatmulPeak {
  private static final int SIDE = 1536;
  private static final int ROUNDS = 12;

  private MatmulPeak() {}

  /** Floating-point operations a second of a square product in this precision, the best of 12. */
  public static double flops(Precision precision) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor a = precision.round(Device.normal(SIDE, SIDE));
      Tensor b = precision.round(Device.normal(SIDE, SIDE));
      long best = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        try (PointerScope product = new PointerScope()) {
          long start = System.nanoTime();
          torch.linear(a, b);
          Device.await();
          best = Math.min(best, System.nanoTime() - start);
        }
      }
      return 2.0 * SIDE * SIDE * SIDE / (best / 1e9);
    }
  }
}
