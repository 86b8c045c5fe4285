package org.laurel.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.model.EncoderDirectory;

class MiniLmTest {
  private static final int AT_ONCE = 3;

  /** A round that begins right after an import does so while the votes are first read. */
  @Test
  void severalWhoWantItAtOnceAllGetIt(@TempDir Path home) throws Exception {
    CyclicBarrier start = new CyclicBarrier(AT_ONCE);
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<EncoderDirectory>> all = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        all.add(
            threads.submit(
                () -> {
                  start.await();
                  return MiniLm.in(home);
                }));
      }
      for (Future<EncoderDirectory> one : all) {
        assertThat(one.get().path()).isEqualTo(home.resolve(MiniLm.NAME));
      }
    } finally {
      threads.shutdown();
    }
    try (Stream<Path> left = Files.list(home)) {
      assertThat(left).containsExactly(home.resolve(MiniLm.NAME));
    }
  }
}
