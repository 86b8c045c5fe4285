package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StepMemoryTest {

  private final StepMemory memory = new StepMemory();

  /** Bytes of all direct buffers. */
  static long taken() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getTotalCapacity)
        .sum();
  }

  @Test
  void manyStepsTakeNoMoreThanTheLargest() {
    memory.take(1 << 22);
    long before = taken();
    for (int step = 0; step < 1000; step++) {
      memory.reset();
      memory.take(1 << 20);
      memory.take(1 << 21);
    }
    assertThat(taken() - before).isLessThan(1 << 23);
  }

  @Test
  void partsOfAStepLieApartAlsoWhereItsMemoryGrows() {
    ByteBuffer[] parts = new ByteBuffer[40];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = memory.take(100 * (i + 1));
      for (int at = 0; at < parts[i].capacity(); at++) {
        parts[i].put(at, (byte) i);
      }
    }
    for (int i = 0; i < parts.length; i++) {
      for (int at = 0; at < parts[i].capacity(); at++) {
        assertThat(parts[i].get(at)).isEqualTo((byte) i);
      }
    }
  }
}
