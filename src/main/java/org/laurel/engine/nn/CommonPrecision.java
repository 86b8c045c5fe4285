package org.laurel.engine.nn;

/** The type of the large products of a network and of all its replicas. */
final class CommonPrecision {
  private volatile Precision now = Precision.FLOAT32;

  Precision get() {
    return now;
  }

  /** From the next call of any of them on. */
  void set(Precision wanted) {
    now = wanted;
  }
}
