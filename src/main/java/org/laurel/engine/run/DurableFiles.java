package org.laurel.engine.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/** Files that are either there whole or not at all, also after a loss of power. */
final class DurableFiles {
  private DurableFiles() {}

  static void write(Path file, String text) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try (FileChannel channel =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    syncParent(file);
  }

  /**
   * Syncs everything under {@code partial} and gives it its final name. What had that name is moved
   * aside and deleted only once the new one stands there; where the new one cannot, it comes back.
   */
  static void publish(Path partial, Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(partial)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        sync(file);
      }
    }
    Path replaced = directory.resolveSibling(directory.getFileName() + ".replaced");
    FileUtils.deleteDirectory(replaced.toFile());
    boolean replaces = Files.exists(directory);
    if (replaces) {
      Files.move(directory, replaced, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (replaces) {
        Files.move(replaced, directory, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
    syncParent(directory);
    FileUtils.deleteDirectory(replaced.toFile());
  }

  private static void syncParent(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      sync(parent);
    }
  }

  private static void sync(Path file) throws IOException {
    if (Files.isDirectory(file) && System.getProperty("os.name", "").startsWith("Windows")) {
      return; // Windows cannot open a directory to sync it.
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
