package org.laurel.serving;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside of Java's heap that a policy's caches lie in. What one cache leaves the next one
 * takes: given up, it would be freed only when the heap is collected, which it has no reason to be,
 * and prompts of changing lengths would hold gigabytes.
 */
final class CacheMemory {
  private final long mostKept;
  private @Nullable ByteBuffer spare;

  /**
   * @param mostKept bytes that wait for the next cache at most; more is given up
   */
  CacheMemory(long mostKept) {
    this.mostKept = mostKept;
  }

  /** At least so many bytes, with whatever is in them. */
  ByteBuffer take(long bytes) {
    ByteBuffer kept = spare;
    spare = null;
    return kept != null && kept.capacity() >= bytes
        ? kept
        : ByteBuffer.allocateDirect(Math.toIntExact(Math.max(bytes, roomy(bytes))));
  }

  /** The next power of two, so that caches that grow bit by bit give up few blocks. */
  private long roomy(long bytes) {
    return Math.min(mostKept, Long.highestOneBit(Math.max(1, 2 * bytes - 1)));
  }

  /** Takes back a block that nobody uses any more. */
  void giveBack(ByteBuffer block) {
    boolean larger = spare == null || spare.capacity() < block.capacity();
    if (larger && keeps(block)) {
      spare = block;
    }
  }

  /** Whether a block is small enough to be kept when nobody uses it. */
  boolean keeps(ByteBuffer block) {
    return block.capacity() <= mostKept;
  }
}
