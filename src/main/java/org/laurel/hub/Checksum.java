package org.laurel.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;

/** The two hashes by which the hub names contents. */
final class Checksum {
  private Checksum() {}

  static String sha256(Path file) throws IOException {
    return digest(file, DigestUtils.getSha256Digest());
  }

  /** What {@code git hash-object} says of the file. */
  static String gitBlob(Path file) throws IOException {
    MessageDigest digest = DigestUtils.getSha1Digest();
    digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    return digest(file, digest);
  }

  private static String digest(Path file, MessageDigest digest) throws IOException {
    return HexFormat.of().formatHex(DigestUtils.updateDigest(digest, file).digest());
  }
}
