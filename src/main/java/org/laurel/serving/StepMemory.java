package org.laurel.serving;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside of Java's heap that one step after the other is laid out in. Batches change shape
 * with every row that ends, and what is given up out there is freed only when the heap is
 * collected, which it has no reason to be: a thousand completions would hold a gigabyte.
 */
final class StepMemory {
  /** Bytes: a line of the processor's cache. */
  private static final int ALIGNMENT = 64;

  private ByteBuffer block = block(0);
  private int used;

  /** Takes back all that was taken: nobody may use it any more. */
  void reset() {
    used = 0;
  }

  /** So many bytes, with whatever is in them. */
  ByteBuffer take(int bytes) {
    if (used + bytes > block.capacity()) {
      // what this step has already keeps the old block alive
      block = block(Math.max(used + bytes, 2 * block.capacity()));
      used = 0;
    }
    ByteBuffer taken = block.slice(used, bytes).order(ByteOrder.nativeOrder());
    used = Math.min(block.capacity(), (used + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    return taken;
  }

  private static ByteBuffer block(int bytes) {
    // an aligned slice gives up less than one line at either end
    return ByteBuffer.allocateDirect(bytes + 2 * ALIGNMENT).alignedSlice(ALIGNMENT);
  }
}
