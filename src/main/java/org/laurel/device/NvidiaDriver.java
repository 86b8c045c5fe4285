package org.laurel.device;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The driver of NVIDIA's GPUs, by the files that it puts on every Linux machine that has it. */
public final class NvidiaDriver {
  private static final List<Path> SIGNS =
      List.of(Path.of("/dev/nvidiactl"), Path.of("/usr/lib/wsl/lib/libcuda.so.1"));

  private NvidiaDriver() {}

  public static boolean isPresent() {
    return SIGNS.stream().anyMatch(Files::exists);
  }
}
