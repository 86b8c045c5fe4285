package org.laurel.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The hash of a folder: SHA-256, in hex, over one line a file, {@code <sha256 of the file>
 * <relative path>\n}, in the order of the paths. Names and bytes count; times and permissions do
 * not.
 */
public final class ContentHash {
  private ContentHash() {}

  /** 64 hex digits for the files below {@code folder}. */
  public static String of(Path folder) throws IOException {
    MessageDigest whole = sha256();
    for (Path file : files(folder)) {
      String line = HexFormat.of().formatHex(ofFile(file)) + " " + name(folder, file) + "\n";
      whole.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(whole.digest());
  }

  /** The regular files below {@code folder} in the order in which they are hashed. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .sorted((a, b) -> name(folder, a).compareTo(name(folder, b)))
          .toList();
    }
  }

  /** The file's path below the folder, with forward slashes on every system. */
  static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static byte[] ofFile(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
