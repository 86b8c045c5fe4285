package org.laurel.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.run.RunDirectory;

/**
 * A run directory as the server sees it: what it puts in before the training starts, and what it
 * may read at any time. The training process holds {@code lock} as long as it lives, however it
 * ends.
 */
public record RunFolder(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LOG_TAIL_BYTES = 64 * 1024;

  Path data() {
    return path.resolve("data");
  }

  Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  Path samples() {
    return path.resolve("samples.jsonl");
  }

  Path log() {
    return path.resolve("train.log");
  }

  Path artifact() {
    return path.resolve("artifact");
  }

  /**
   * Writes {@code run.json}, whole or not at all; its presence says that the folder is ready to
   * train in.
   */
  void ready(Map<String, Object> run) throws IOException {
    Path written = path.resolve("run.json.new");
    Files.writeString(written, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(run));
    Files.move(
        written,
        path.resolve("run.json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  boolean isReady() {
    return Files.exists(path.resolve("run.json"));
  }

  /** What the trainer last said of itself; a missing node before it said anything. */
  public JsonNode status() {
    Path file = path.resolve("status.json");
    try {
      return Files.exists(file) ? JSON.readTree(Files.readString(file)) : MissingNode.getInstance();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Asks the trainer to save itself and stop at its next step. */
  void requestCancel() {
    try {
      RunDirectory.at(path).requestCancel();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + path, e);
    }
  }

  /** Forgets how an earlier process ended and what it was asked for, before another goes on. */
  void begin() throws IOException {
    RunDirectory.at(path).clearCancel();
    Files.deleteIfExists(path.resolve("status.json"));
  }

  /** The last lines that the training process printed, at most 64 KiB. */
  public String logTail() {
    if (!Files.exists(log())) {
      return "";
    }
    try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
      long start = Math.max(0, file.length() - LOG_TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      String tail = new String(bytes, StandardCharsets.UTF_8);
      return start == 0 ? tail : tail.substring(tail.indexOf('\n') + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log(), e);
    }
  }

  /** Holds the folder for a training; empty if another process has it. Freed with the process. */
  public Optional<FileLock> lock() {
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
      }
      return Optional.ofNullable(lock);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + path, e);
    }
  }

  /** Whether a process trains here now. */
  boolean isLocked() {
    Optional<FileLock> lock = lock();
    if (lock.isEmpty()) {
      return true;
    }
    try {
      lock.get().acquiredBy().close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot free the lock of " + path, e);
    }
    return false;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }
}
