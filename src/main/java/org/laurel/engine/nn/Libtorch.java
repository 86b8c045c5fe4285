package org.laurel.engine.nn;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.laurel.device.DeviceChoice;
import org.laurel.device.NvidiaDriver;
import org.laurel.device.NvidiaLibraries;

/**
 * Which of the builds of libtorch on the class path a process loads. Laurel packaged with the Maven
 * profile {@code cuda} has two: one for processors, and one that needs NVIDIA's libraries.
 *
 * <p>JavaCPP by itself would try the second and fill what fails to load from the first. The mixture
 * ends the process with an abort; so it is decided here, before anything is loaded.
 */
public final class Libtorch {
  /** JavaCPP's: how the folder of the wanted build is called beyond the platform. */
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  private static final String GPU = "-gpu";

  /** No build has this one, so the plain one is taken. */
  private static final String PLAIN = "-cpu";

  /** What libtorch needs of NVIDIA's beside those that the profile brings along. */
  private static final List<String> NEEDED =
      List.of(
          "libcublas.so.13",
          "libcublasLt.so.13",
          "libcusparse.so.12",
          "libcusolver.so.12",
          "libcudnn.so.9",
          "libnccl.so.2");

  private Libtorch() {}

  /** Chooses for this process; of use only before it has loaded anything of libtorch. */
  public static void choose(DeviceChoice choice) {
    if (hasCuda()) {
      boolean gpu = choice.triesCuda(NvidiaDriver.isPresent()) && missing().isEmpty();
      System.setProperty(EXTENSION, gpu ? GPU : PLAIN);
    }
  }

  /** Whether the build for GPUs is on the class path. */
  static boolean hasCuda() {
    return Tensor.class.getResource("linux-x86_64-gpu/libjnitorch.so") != null;
  }

  /** NVIDIA's libraries that libtorch needs and this machine lacks. */
  static List<String> missing() {
    return NvidiaLibraries.missing(NEEDED);
  }

  /**
   * Why libtorch does not compute on a GPU.
   *
   * @param packaged {@link #hasCuda}
   * @param driver {@link NvidiaDriver#isPresent}
   * @param missing {@link #missing}
   * @param available what libtorch itself says
   * @return nothing where it does
   */
  static Optional<String> obstacle(
      boolean packaged, boolean driver, List<String> missing, boolean available) {
    if (available) {
      return Optional.empty();
    }
    if (!packaged) {
      return Optional.of("this Laurel was packaged without CUDA (./mvnw -Pcuda package)");
    }
    if (!driver) {
      return Optional.of("this machine has no NVIDIA driver");
    }
    return Optional.of(
        missing.isEmpty()
            ? "libtorch sees no GPU that it can use"
            : "libtorch needs " + String.join(", ", missing) + " (CUDA 13, cuDNN 9, NCCL 2)");
  }
}
