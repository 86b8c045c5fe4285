package org.laurel.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * This data folder's name among those that share a database: a run belongs to the machine that
 * started it, for only there its process and its directory can be found.
 */
@ApplicationScoped
public class Machine {
  private final String name;

  @Inject
  Machine(@ConfigProperty(name = "laurel.home") Path home) {
    this.name = read(home.resolve("machine"));
  }

  /** The same at every start. */
  public String name() {
    return name;
  }

  private static String read(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
      Files.writeString(file, UUID.randomUUID().toString(), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      // Named at an earlier start.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
