package org.laurel.web;

import io.quarkus.logging.Log;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, read whole to know its hash: small ones stay in memory, large ones go to a file
 * that no end of the request, or of the server, leaves behind.
 */
final class Body implements AutoCloseable {
  private static final int IN_MEMORY = 1 << 20;

  private final byte[] head;
  private final @Nullable FileChannel file;
  private final byte[] hash;

  private Body(byte[] head, @Nullable FileChannel file, byte[] hash) {
    this.head = head;
    this.file = file;
    this.hash = hash;
  }

  /**
   * @param folder for the file of a large body
   */
  static Body read(InputStream stream, Path folder) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    byte[] head = stream.readNBytes(IN_MEMORY);
    if (head.length < IN_MEMORY) {
      return new Body(head, null, digest.digest(head));
    }
    FileChannel file =
        FileChannel.open(
            Files.createTempFile(folder, "laurel-request", null),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      OutputStream out = new DigestOutputStream(Channels.newOutputStream(file), digest);
      out.write(head);
      stream.transferTo(out);
      return new Body(new byte[0], file, digest.digest());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** SHA-256. */
  byte[] hash() {
    return hash;
  }

  /** The bytes from the first one; one stream at a time. */
  Opened open() throws IOException {
    return new Opened(
        file == null ? new ByteArrayInputStream(head) : Channels.newInputStream(file.position(0)));
  }

  /** A body that is here whole. */
  static final class Opened extends FilterInputStream {
    private Opened(InputStream bytes) {
      super(bytes);
    }
  }

  /** Closes it; a file that does not go is logged. */
  void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      Log.warn("a request's temporary file stays behind", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
