package org.laurel.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code laurel train} as a process of its own that outlives the server. */
final class TrainingProcess {
  /** Ends of the names of what nobody else is to know, Laurel's and others'. */
  private static final Pattern SECRET = Pattern.compile("(?i)(PASSWORD|SECRET|TOKEN|KEY)$");

  /**
   * The system tells a process's start to a hundredth of a second, and counts from a boot time in
   * whole seconds.
   */
  private static final Duration SAME_START = Duration.ofSeconds(2);

  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private TrainingProcess() {}

  /**
   * Starts a training in {@code folder}; what it prints goes to the folder's log.
   *
   * @param heap of the Java part, e.g. {@code 1g}; tensors lie outside of it
   */
  static ProcessHandle start(RunFolder folder, Path home, int threads, String heap)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      // A session of its own: Ctrl-C in the server's terminal, or closing it, does not reach the
      // training.
      command.add("/usr/bin/setsid");
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    // Checkpoints are copied outside of the heap, and are not bounded by its size.
    command.add("-XX:MaxDirectMemorySize=" + MACHINE.getTotalMemorySize());
    command.add("-XX:+UseSerialGC");
    command.add("-XX:+ExitOnOutOfMemoryError");
    // Its own ceilings would stop a training at four times the heap, whatever the machine has.
    command.add("-Dorg.bytedeco.javacpp.maxBytes=0");
    command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    command.addAll(laurel());
    command.addAll(List.of("train", "--run-dir", folder.path().toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("LAUREL_HOME", home.toString());
    // Without it OpenBLAS and OpenMP fight for the cores, at half the speed.
    environment.put("OMP_WAIT_POLICY", "PASSIVE");
    environment.put("OMP_NUM_THREADS", Integer.toString(threads));
    // Not on the command line: ONNX Runtime dies of one that is longer than a few kilobytes.
    environment.put("CLASSPATH", System.getProperty("java.class.path", ""));
    withoutSecrets(environment);
    builder.directory(folder.path().toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
    Process process = builder.start();
    process.getOutputStream().close();
    return process.toHandle();
  }

  /** A training needs none of the server's: it finds the database's address in the home folder. */
  static void withoutSecrets(Map<String, String> environment) {
    environment.keySet().removeIf(name -> SECRET.matcher(name).find());
  }

  /** The process of that id, if it is alive and started then: ids are used again. */
  static Optional<ProcessHandle> find(@Nullable Long id, @Nullable Instant start) {
    if (id == null || start == null) {
      return Optional.empty();
    }
    return ProcessHandle.of(id)
        .filter(ProcessHandle::isAlive)
        .filter(
            process ->
                process
                    .info()
                    .startInstant()
                    .filter(s -> Duration.between(s, start).abs().compareTo(SAME_START) <= 0)
                    .isPresent());
  }

  /** How this Java runs Laurel: from the packaged application, or from classes while developing. */
  private static List<String> laurel() {
    String classPath = System.getProperty("java.class.path", "");
    if (classPath.endsWith("quarkus-run.jar")) {
      return List.of("-jar", Path.of(classPath).toAbsolutePath().toString());
    }
    return List.of("org.laurel.cli.Laurel");
  }
}
