package org.laurel.web;

import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Semaphore;

/**
 * Lets a few answers be sent at a time, each of which holds a connection to the database for as
 * long as its reader takes; others need some, too.
 */
public final class FewAtOnce {
  private final Semaphore free;
  private final String busy;

  /**
   * @param busy what one more is told; that it may try again soon is added
   */
  public FewAtOnce(int most, String busy) {
    free = new Semaphore(most);
    this.busy = busy;
  }

  /**
   * Takes one of the places until the exchange ends.
   *
   * @throws Problem 503 if all are taken
   */
  public void admit(RoutingContext exchange) {
    if (!free.tryAcquire()) {
      throw new Problem(503, "Busy", busy + "; try again soon").header("Retry-After", "10");
    }
    exchange.addEndHandler(end -> free.release());
  }
}
