package org.laurel.engine;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.laurel.device.RanksChoice;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.nn.Threads;

/** Tiny networks in training, on one thread, and what is to be closed after each test. */
public abstract class TrainingScene {

  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeAll
  static void oneThread() {
    Threads.use(1); // the products are too small to share
  }

  @AfterEach
  void free() throws Exception {
    Ranks.use(RanksChoice.ofEnvironment());
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  /** Closed after the test, before what was opened earlier. */
  protected <T extends AutoCloseable> T open(T one) {
    opened.add(0, one);
    return one;
  }
}
