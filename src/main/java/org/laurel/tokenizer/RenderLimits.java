package org.laurel.tokenizer;

import com.hubspot.jinjava.el.JinjavaNodePreProcessor;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.tree.Node;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What a template may take to render a conversation. Templates come with models, from whoever made
 * them: one may loop for ever, or double a text until no memory is left.
 *
 * <p>A rendering has a thread of its own, which is interrupted when its time is over; Jinjava looks
 * for that at each node. At each node and name this looks at what the thread has allocated since it
 * began, which is never less than what it holds. So that a single step cannot go far beyond, texts
 * are bounded as well.
 */
final class RenderLimits extends JinjavaNodePreProcessor {
  /** Of a text, rendered or on the way: more than any model reads. */
  static final int MOST_CHARACTERS = 4 << 20;

  static final Duration MOST_TIME = Duration.ofSeconds(10);

  private static final long MOST_MEBIBYTES = 256;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Ends a rendering. No IllegalArgumentException: of those Jinjava makes null. */
  static final class OverLimit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OverLimit(String what) {
      super(what);
    }
  }

  /**
   * What is rendered within the limits. An interrupted caller still gets it, and stays interrupted.
   *
   * @throws OverLimit when it is not done in time, or nests too deeply
   */
  static <T> T within(Duration time, Supplier<T> rendering) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(() -> result.completeAsync(rendering, Runnable::run), "chat-template");
    thread.setDaemon(true);
    thread.start();
    try {
      return result.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      thread.interrupt();
      throw said(e, time);
    }
  }

  private static RuntimeException said(CompletionException e, Duration time) {
    if (e.getCause() instanceof TimeoutException) {
      return new OverLimit(
          "it takes longer than " + time.toMillis() + " ms to render a conversation");
    }
    if (e.getCause() instanceof StackOverflowError) {
      return new OverLimit("it nests too deeply");
    }
    if (e.getCause() instanceof OutOfMemoryError) {
      return new OverLimit("it needs too much memory to render a conversation");
    }
    return e;
  }

  @Override
  public void accept(Node node, JinjavaInterpreter interpreter) {
    super.accept(node, interpreter);
    requireMemory();
  }

  static void requireMemory() {
    if (THREADS.getCurrentThreadAllocatedBytes() >> 20 > MOST_MEBIBYTES) {
      throw new OverLimit("it needs more than " + MOST_MEBIBYTES + " MiB to render a conversation");
    }
  }

  static void requireLength(long characters) {
    if (characters > MOST_CHARACTERS) {
      throw new OverLimit("it makes a text of more than " + MOST_CHARACTERS + " characters");
    }
  }
}
