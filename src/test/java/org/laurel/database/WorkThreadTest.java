package org.laurel.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkThreadTest {
  @Test
  void workThatBreaksOffLeavesTheNextItsTurn() throws InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    WorkThread thread =
        new WorkThread(
            "work",
            600,
            () -> {
              switch (looks.incrementAndGet()) {
                case 1 -> throw new OutOfMemoryError("said by the test");
                case 2 -> throw new IllegalStateException("said by the test");
                default -> done.countDown();
              }
              return false;
            });
    thread.start();
    for (int i = 0; i < 600 && done.getCount() > 0; i++) {
      thread.wake();
      done.await(50, TimeUnit.MILLISECONDS);
    }
    thread.stop();

    assertThat(looks.get()).isGreaterThanOrEqualTo(3);
  }
}
