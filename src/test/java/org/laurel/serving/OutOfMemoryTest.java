package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.laurel.model.ModelConfig;

/** A process whose memory for buffers holds the steps of one row, and not those of sixteen. */
@Timeout(60)
class OutOfMemoryTest {
  /** Runs in the process. */
  static final class Small {
    public static void main(String[] args) throws InterruptedException {
      ModelConfig wide = RandomModel.config(100_000, 16, 16, 1, 1, 1, 64);
      PolicySession.Limits limits = new PolicySession.Limits(16, 1 << 20, 1);
      SamplingParameters three = new SamplingParameters(1, 0, 1, 0, 3, Set.of(), 3);
      int[] prompt = {5, 6};
      try (PolicySession session = PolicySession.open(wide, RandomModel.weights(wide, 1), limits)) {
        try {
          session.generate(Collections.nCopies(16, prompt), three);
        } catch (IllegalStateException failure) {
          System.out.println("sixteen: " + failure.getCause());
        }
        int drawn = session.generate(List.of(prompt), three).get(0).tokens().length;
        System.out.println("one: " + drawn + " tokens");
      }
    }
  }

  @Test
  void aStepThatThereIsNoMemoryForFailsItsRowsAlone() throws Exception {
    List<String> said = run(Small.class, "-Xmx256m", "-XX:MaxDirectMemorySize=16m");
    assertThat(said.get(0)).startsWith("sixteen: java.lang.OutOfMemoryError");
    assertThat(said.get(1)).isEqualTo("one: 3 tokens");
  }

  private static List<String> run(Class<?> main, String... options)
      throws IOException, InterruptedException {
    ProcessBuilder java =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.command().addAll(List.of(options));
    java.command().add(main.getName());
    // not on the command line: ONNX Runtime cannot bear a long one
    java.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = java.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return said.lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }
}
