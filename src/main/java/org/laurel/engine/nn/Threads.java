package org.laurel.engine.nn;

import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads libtorch computes with. Results are repeatable to the bit only with the same
 * number, since sums are split among the threads. {@code OMP_WAIT_POLICY=PASSIVE} must be in the
 * environment before the process starts, else waiting threads of the two thread pools take the
 * processor from each other.
 */
public final class Threads {
  private Threads() {}

  /** Sets the number for all products and element-wise operations of this process. */
  public static void use(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads);
    }
    torch.set_num_threads(threads);
    openblas.blas_set_num_threads(threads);
  }

  /**
   * How many threads each product of OpenBLAS takes. Attention in float32 computes many small
   * products in parallel already; where each of them asks for several threads again, they wait for
   * one another and take five times as long. So: one, as soon as the large products are bfloat16,
   * which oneDNN computes.
   */
  static void forProductsIn(Precision precision) {
    openblas.blas_set_num_threads(precision == Precision.BFLOAT16 ? 1 : torch.get_num_threads());
  }

  /** Sets the number for what the calling thread computes. */
  static void useHere(int threads) {
    torch.set_num_threads(threads);
  }

  /**
   * Sets how many threads each product of OpenBLAS takes, whoever asks for it.
   *
   * @return the number before
   */
  static int ofProducts(int threads) {
    int before = openblas.blas_get_num_threads();
    openblas.blas_set_num_threads(threads);
    return before;
  }

  /** How many threads the calling thread computes with. */
  public static int count() {
    return torch.get_num_threads();
  }
}
