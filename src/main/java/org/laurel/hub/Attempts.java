package org.laurel.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;

/** Tries again what a bad connection broke, with growing pauses. */
final class Attempts {
  private static final int MOST = 5;

  private final URI endpoint;
  private final Duration pause;
  private int failed;

  Attempts(URI endpoint, Duration pause) {
    this.endpoint = endpoint;
    this.pause = pause;
  }

  /** What is tried; an {@link IOException} is worth another attempt. */
  interface Attempt<T> {
    T run() throws IOException, HubException, InterruptedException;
  }

  /** Something came: the count begins anew. */
  void succeeded() {
    failed = 0;
  }

  <T> T of(Attempt<T> attempt) throws HubException, InterruptedException {
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        failed++;
        // A host that is not there will not be there in a second either.
        if (failed >= (isOffline(e) ? 2 : MOST)) {
          throw new HubException(reason(e), e);
        }
        Thread.sleep(pause.toMillis() << (failed - 1));
      }
    }
  }

  private String reason(IOException e) {
    if (isOffline(e)) {
      return "%s cannot be reached: is this machine online, and is HF_ENDPOINT right?"
          .formatted(endpoint);
    }
    String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return said.contains(endpoint.toString())
        ? said
        : "the connection to %s broke %d times: %s".formatted(endpoint, failed, said);
  }

  private static boolean isOffline(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }
}
