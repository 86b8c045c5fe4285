package org.laurel.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, read whole to know its hash: small ones stay in memory, large ones go to a
 * file.
 */
final class Body implements AutoCloseable {
  private static final int IN_MEMORY = 1 << 20;

  private final byte[] head;
  private final @Nullable Path file;
  private final byte[] hash;

  private Body(byte[] head, @Nullable Path file, byte[] hash) {
    this.head = head;
    this.file = file;
    this.hash = hash;
  }

  static Body read(InputStream stream) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    byte[] head = stream.readNBytes(IN_MEMORY);
    if (head.length < IN_MEMORY) {
      return new Body(head, null, digest.digest(head));
    }
    Path file = Files.createTempFile("laurel-request", null);
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
      out.write(head);
      stream.transferTo(out);
    }
    return new Body(new byte[0], file, digest.digest());
  }

  /** SHA-256. */
  byte[] hash() {
    return hash;
  }

  InputStream open() throws IOException {
    return file == null ? new ByteArrayInputStream(head) : Files.newInputStream(file);
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
