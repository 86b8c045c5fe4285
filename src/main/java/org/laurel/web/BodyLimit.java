package org.laurel.web;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Documents and forms are read whole into memory, so they are bounded; imports are streamed and may
 * be large, and models larger still. Nothing is uploaded in parts: they would be on the disk before
 * anybody looked at a password.
 */
@Provider
@Priority(Priorities.HEADER_DECORATOR)
public class BodyLimit implements ContainerRequestFilter {
  static final int DOCUMENT_BYTES = 4 << 20;
  private static final long STREAM_BYTES = 1L << 30;

  private final ResourceInfo endpoint;

  @Inject
  BodyLimit(ResourceInfo endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    MediaType type = request.getMediaType();
    if (type != null && type.getType().equalsIgnoreCase("multipart")) {
      throw new NotSupportedException();
    }
    if (boundsItself(endpoint)) {
      return;
    }
    long most = isFile(endpoint) ? STREAM_BYTES : DOCUMENT_BYTES;
    String length = request.getHeaderString(HttpHeaders.CONTENT_LENGTH);
    if (length == null) {
      request.setEntityStream(new Bounded(request.getEntityStream(), most));
    } else if (Long.parseLong(length) > most) { // getLength() knows no more than 2 GiB
      throw tooLarge(most);
    }
  }

  /** Whether the endpoint reads a file that is imported. */
  static boolean isFile(ResourceInfo endpoint) {
    return !boundsItself(endpoint)
        && Arrays.asList(endpoint.getResourceMethod().getParameterTypes())
            .contains(InputStream.class);
  }

  private static boolean boundsItself(ResourceInfo endpoint) {
    return endpoint.getResourceMethod().isAnnotationPresent(BoundsItself.class);
  }

  private static Problem tooLarge(long most) {
    return Problem.tooLarge("the body may have %d MiB".formatted(most >> 20));
  }

  /** For bodies that do not say their length. */
  private static final class Bounded extends FilterInputStream {
    private final long most;
    private long read;

    Bounded(InputStream stream, long most) {
      super(stream);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int bytes = super.read(target, offset, length);
      count(Math.max(bytes, 0));
      return bytes;
    }

    private void count(int bytes) {
      read += bytes;
      if (read > most) {
        throw tooLarge(most);
      }
    }
  }
}
