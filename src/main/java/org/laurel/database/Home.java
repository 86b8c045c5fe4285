package org.laurel.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * LAUREL_HOME: the data folder, private to its owner, and its lock, which one server holds at a
 * time.
 */
public final class Home {
  private Home() {}

  /**
   * The folder named by the property {@code laurel.home}, else LAUREL_HOME, else {@code ~/.laurel}.
   */
  public static Path locate() {
    String property = System.getProperty("laurel.home");
    String named = property != null ? property : System.getenv("LAUREL_HOME");
    String user = System.getProperty("user.home", ".");
    if (named == null || named.isBlank()) {
      return Path.of(user, ".laurel").toAbsolutePath();
    }
    if (named.equals("~") || named.startsWith("~/")) {
      named = user + named.substring(1);
    }
    return Path.of(named).toAbsolutePath().normalize();
  }

  /**
   * Creates the folder if it is missing and locks it. The operating system frees the lock when this
   * process ends, however it ends.
   *
   * @throws DatabaseException if another Laurel holds it
   */
  public static Lock lock(Path home) {
    Path file = home.resolve("laurel.lock");
    try {
      createPrivate(home);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        String holder = Files.readString(file).strip();
        channel.close();
        throw new DatabaseException(
            "another Laurel (process %s) is using %s; stop it, or give this one its own LAUREL_HOME"
                .formatted(holder.isEmpty() ? "unknown" : holder, home));
      }
      channel.truncate(0);
      byte[] self = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
      channel.write(ByteBuffer.wrap(self));
      return new Lock(channel);
    } catch (IOException e) {
      throw new DatabaseException("cannot use the data folder " + home + " (LAUREL_HOME): " + e, e);
    }
  }

  static void createPrivate(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(folder);
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  /** Holds the folder until closed. */
  public record Lock(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new DatabaseException("cannot free the lock of the data folder: " + e, e);
      }
    }
  }
}
