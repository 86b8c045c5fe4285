package org.laurel.artifact;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The hash of a folder: SHA-256, in hex, over one line a file, {@code <sha256 of the file>
 * <relative path>\n}, in the order of the paths. Names and bytes count; times and permissions do
 * not.
 */
public final class ContentHash {
  private ContentHash() {}

  /** 64 hex digits for the files below {@code folder}. */
  public static String of(Path folder) throws IOException {
    MessageDigest whole = DigestUtils.getSha256Digest();
    for (Path file : files(folder)) {
      String line = ofFile(file) + " " + name(folder, file) + "\n";
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

  private static String ofFile(Path file) throws IOException {
    return HexFormat.of().formatHex(DigestUtils.digest(DigestUtils.getSha256Digest(), file));
  }
}
