package org.laurel.database;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A thread that works as long as there is something to do, and else waits until it is woken, or
 * looks again by itself after some seconds. It ends with the process.
 */
public final class WorkThread {
  private static final Logger LOG = Logger.getLogger(WorkThread.class);

  private final long lookSeconds;
  private final Work work;
  private final Semaphore news = new Semaphore(0);
  private final Thread thread;

  /** Does the next thing, if there is one. */
  public interface Work {
    /**
     * @return whether there was one
     * @throws InterruptedException when it is to end
     */
    boolean next() throws InterruptedException;
  }

  /**
   * @param lookSeconds from one look to the next where nobody wakes it
   */
  public WorkThread(String name, long lookSeconds, Work work) {
    this.lookSeconds = lookSeconds;
    this.work = work;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Interrupts what is under way. */
  public void stop() throws InterruptedException {
    thread.interrupt();
    thread.join(TimeUnit.SECONDS.toMillis(10));
  }

  /** Says that there is something to do. */
  public void wake() {
    news.release();
  }

  private void run() {
    try {
      while (true) {
        if (!next()) {
          news.tryAcquire(lookSeconds, TimeUnit.SECONDS);
          news.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      LOG.debugf("%s ends; what was under way goes on at the next start", thread.getName());
    }
  }

  /** Whatever one piece of work ends with, the next has its turn. */
  private boolean next() throws InterruptedException {
    try {
      return work.next();
    } catch (RuntimeException | Error e) {
      LOG.errorf(e, "%s broke off, and looks again in %d s", thread.getName(), lookSeconds);
      return false;
    }
  }
}
