package org.laurel.serving;

import ai.onnxruntime.OrtException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.laurel.model.ModelConfig;

/**
 * The one thread that owns the cache and the running session. Callers only touch the queue, under
 * its lock.
 *
 * <pre>
 * wait for work -> swap weights if asked and nothing runs -> make room for rows that have grown
 *               -> admit rows and read their prompts -> one token for every row
 *               -> drop finished rows -> wait for work
 * </pre>
 */
final class DecodingThread {
  /** Most prompt tokens, with padding, read in one call: bounds the memory of attention. */
  private static final int PROMPT_TOKENS = 4096;

  private final ModelConfig config;
  private final CacheRoom room;
  private final Thread thread = new Thread(this::run, "policy-decoding");

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<GenerationRequest> waiting = new ArrayDeque<>();
  private @Nullable DecoderSession replacement;
  private boolean closed;

  // touched by the thread alone
  private DecoderSession session;
  private final CachedRows rows;
  private long begun;
  // admitted, and not in the cache yet
  private final List<GeneratedRow> unread = new ArrayList<>();
  private final StepMemory memory = new StepMemory();
  private final Sampler sampler;
  private final float[] scratch;
  private @Nullable DecodeStep step;
  private int stepLayout;

  DecodingThread(ModelConfig config, PolicySession.Limits limits, DecoderSession session) {
    this.config = config;
    this.session = session;
    room = new CacheRoom(config, limits);
    rows = new CachedRows(config, room);
    sampler = new Sampler(config.vocabSize());
    scratch = new float[config.vocabSize()];
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void submit(GenerationRequest request) {
    lock.lock();
    try {
      requireOpen();
      waiting.add(request);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes over {@code next} once nothing runs, and waits for that. */
  void replace(DecoderSession next) throws InterruptedException {
    lock.lock();
    try {
      while (replacement != null && !closed) {
        changed.await();
      }
      requireOpen();
      replacement = next;
      changed.signalAll();
      while (replacement == next && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether requests are still taken. */
  boolean isOpen() {
    lock.lock();
    try {
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The policy session is closed");
    }
  }

  private void run() {
    try {
      while (awaitWork()) {
        try {
          rows.grow();
          rows.takeBack();
          admit();
          decode();
        } catch (OrtException | RuntimeException | Error failure) {
          // an error too: without this thread nobody would ever be answered
          rows.fail(failure);
          failUnread(failure);
          forgetStep();
        }
      }
    } finally {
      shutDown();
    }
  }

  /** Whether there is something to do; {@code false} once closed. */
  private boolean awaitWork() {
    lock.lock();
    try {
      while (!closed && rows.isEmpty() && waiting.isEmpty() && replacement == null) {
        changed.awaitUninterruptibly();
      }
      if (replacement != null && rows.isEmpty() && !closed) {
        DecoderSession old = session;
        session = replacement;
        replacement = null;
        changed.signalAll();
        close(old);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void admit() throws OrtException {
    takeWaiting();
    // rows of like length share a call
    while (!unread.isEmpty()) {
      int width = 0;
      int count = 0;
      for (GeneratedRow row : unread) {
        int widened = Math.max(width, row.prompt().length);
        if (count > 0 && widened * (count + 1) > PROMPT_TOKENS) {
          break;
        }
        width = widened;
        count++;
      }
      read(count, width);
    }
  }

  private void takeWaiting() {
    lock.lock();
    try {
      dropAbandoned();
      if (replacement != null || waiting.isEmpty() || rows.hasRowsAside()) {
        return;
      }
      try {
        rows.makeRoom(waiting);
        // the head of the queue waits until fewer rows leave memory for so long a one
        while (!waiting.isEmpty()
            && unread.size() < rows.free()
            && room.first(waiting.element()) <= rows.cache().capacity()) {
          unread.add(waiting.element().admit(room, begun++));
          GenerationRequest request = waiting.remove();
          if (request.hasWaitingRow()) {
            waiting.add(request);
          }
        }
      } catch (RuntimeException | Error failure) {
        // without it at the head, the others can go on
        waiting.remove().failed(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  private void dropAbandoned() {
    for (Iterator<GenerationRequest> requests = waiting.iterator(); requests.hasNext(); ) {
      if (requests.next().isAbandoned()) {
        requests.remove();
      }
    }
  }

  /**
   * Reads the prompts of {@code count} rows into the slots behind those in use, and draws each
   * row's first token.
   */
  private void read(int count, int width) throws OrtException {
    forgetStep();
    int first = rows.size();
    List<GeneratedRow> added = List.copyOf(unread.subList(0, count));
    rows.add(added);
    unread.subList(0, count).clear();
    try (DecodeStep prompts =
        new DecodeStep(config, rows.cache(), memory, first, added.size(), width)) {
      for (int i = 0; i < added.size(); i++) {
        prompts.prompt(i, added.get(i).prompt());
        prompts.inverseTemperature(i, added.get(i).inverseTemperature());
      }
      prompts.run(session);
      for (int i = 0; i < added.size(); i++) {
        draw(prompts, i, added.get(i));
      }
    }
    rows.dropFinished();
  }

  private void decode() throws OrtException {
    if (rows.size() == 0) {
      return;
    }
    if (stepLayout != rows.layout()) {
      forgetStep();
    }
    if (step == null) {
      step = new DecodeStep(config, rows.cache(), memory, 0, rows.size(), 1);
      stepLayout = rows.layout();
      for (int i = 0; i < rows.size(); i++) {
        step.inverseTemperature(i, rows.get(i).inverseTemperature());
      }
    }
    for (int i = 0; i < rows.size(); i++) {
      step.next(i, rows.get(i).lastToken(), rows.get(i).length());
    }
    step.run(session);
    for (int i = 0; i < rows.size(); i++) {
      draw(step, i, rows.get(i));
    }
    rows.dropFinished();
  }

  /** Every row by its own settings; its log-probabilities are the model's own, without biases. */
  private void draw(DecodeStep answers, int at, GeneratedRow row) {
    SamplingParameters parameters = row.parameters();
    int token;
    if (parameters.isGreedy()) {
      answers.logits(at, scratch);
      row.logits(scratch);
      Sampler.bias(scratch, parameters.logitBias());
      token = Sampler.argmax(scratch);
    } else {
      if (parameters.isBiased()) {
        // not on the graph's probabilities: those that are 0 would stay so
        answers.logits(at, scratch);
        Sampler.bias(scratch, parameters.logitBias());
        Sampler.weigh(scratch, row.inverseTemperature());
      } else {
        answers.probabilities(at, scratch);
      }
      token = sampler.sample(scratch, parameters, row.random());
    }
    // a bias can bring up what has no probability that a float can hold
    float probability = Math.max(answers.probability(at, token), Float.MIN_VALUE);
    row.append(token, (float) Math.log(probability));
  }

  private void failUnread(Throwable reason) {
    unread.forEach(row -> row.fail(reason));
    unread.clear();
  }

  private void forgetStep() {
    if (step != null) {
      step.close();
      step = null;
    }
  }

  private void shutDown() {
    lock.lock();
    try {
      closed = true;
      IllegalStateException reason = new IllegalStateException("The policy session was closed");
      rows.failAll(reason);
      failUnread(reason);
      waiting.forEach(request -> request.failed(reason));
      waiting.clear();
      if (replacement != null) {
        close(replacement);
        replacement = null;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    forgetStep();
    close(session);
  }

  private static void close(DecoderSession session) {
    try {
      session.close();
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not free a session", failure);
    }
  }
}
