package org.laurel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.laurel.model.ModelDirectory;
import org.laurel.starter.ShippedPolicy;
import picocli.CommandLine.Option;

/** The policy that a measurement starts from. */
final class PolicyOption {

  @Option(
      names = "--policy",
      paramLabel = "DIR",
      description = "Directory of the policy; the starter if absent.")
  private @Nullable Path policy;

  /** The directory asked for, or the starter in a folder where a later process finds it too. */
  ModelDirectory openKept(Path starter) throws IOException {
    if (policy != null) {
      return ModelDirectory.open(policy);
    }
    return Files.exists(starter) ? ModelDirectory.open(starter) : ShippedPolicy.unpack(starter);
  }

  /** The directory asked for, or the starter in a folder that goes when the process ends. */
  ModelDirectory open() throws IOException {
    if (policy != null) {
      return ModelDirectory.open(policy);
    }
    Path folder = Files.createTempDirectory("laurel-starter");
    ModelDirectory starter = ShippedPolicy.unpack(folder);
    try (Stream<Path> files = Files.walk(folder)) {
      // deleted in the opposite order: files before their folders
      files.forEach(file -> file.toFile().deleteOnExit());
    }
    return starter;
  }
}
