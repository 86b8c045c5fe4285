package org.laurel.engine.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a trainer writes while it runs, to the directory and to a listener, and where it learns that
 * it is to stop: a {@code cancel} file, the listener, or the end of the process (SIGTERM). While a
 * journal is open, the end of the process waits up to a minute for the trainer to save itself.
 */
public final class RunJournal implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SAVING_SECONDS = 60;

  private final RunDirectory directory;
  private final RunListener listener;
  private final BufferedWriter metrics;
  private final BufferedWriter samples;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread shutdownHook;
  private volatile boolean terminating;
  private int before;

  private RunJournal(RunDirectory directory, RunListener listener) throws IOException {
    this.directory = directory;
    this.listener = listener;
    metrics = append(directory.metrics());
    samples = append(directory.samples());
    shutdownHook = new Thread(this::awaitSaving, "run-shutdown");
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /**
   * Opens the journal at a step; what an earlier process wrote after that step, and will be written
   * again, is dropped first.
   */
  public static RunJournal open(RunDirectory directory, RunListener listener, int step)
      throws IOException {
    keepUpTo(directory.metrics(), step);
    keepUpTo(directory.samples(), step);
    return new RunJournal(directory, listener);
  }

  /**
   * Counts steps of an earlier part of the run, such as drawing what is to be learnt, as done
   * before those of the trainer: in the progress, not in the metrics.
   */
  public RunJournal after(int steps) {
    before = steps;
    return this;
  }

  private static void keepUpTo(Path file, int step) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    StringBuilder kept = new StringBuilder();
    for (String line : Files.readAllLines(file)) {
      JsonNode row = parsed(line);
      if (row != null && row.path("step").asInt() <= step) {
        kept.append(line).append('\n');
      }
    }
    DurableFiles.write(file, kept.toString());
  }

  /** A line cut short by a kill is nothing. */
  private static @Nullable JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      return null;
    }
  }

  private static BufferedWriter append(Path file) throws IOException {
    return Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Records values at a step counted from 1; one that is not finite is left out. */
  public void metrics(int step, Map<String, Double> values) {
    String time = Instant.now().toString();
    try {
      for (Map.Entry<String, Double> entry : values.entrySet()) {
        if (Double.isFinite(entry.getValue())) {
          ObjectNode line = JSON.createObjectNode().put("step", step).put("time", time);
          metrics.write(line.put("key", entry.getKey()).put("value", entry.getValue()) + "\n");
        }
      }
      metrics.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listener.metrics(step, values);
  }

  /**
   * Records a sample completion at a step.
   *
   * @param ordinal which of the sample prompts, from 0 on
   * @param values score and the like
   */
  public void sample(
      int step, int ordinal, String prompt, String completion, Map<String, Double> values) {
    ObjectNode line = JSON.createObjectNode().put("step", step).put("ordinal", ordinal);
    line.put("prompt", prompt).put("completion", completion).put("time", Instant.now().toString());
    values.forEach(line::put);
    try {
      samples.write(line + "\n");
      samples.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listener.sample(line);
  }

  /** Steps done, of how many; written to the status. */
  public void progress(int step, int totalSteps) {
    status(RunStatus.of(RunStatus.State.RUNNING, before + step, before + totalSteps));
    listener.progress(before + step, before + totalSteps);
  }

  /** What the trainer is doing within a step, such as rollout; a sign of life in a long one. */
  public void phase(int step, int totalSteps, String phase) {
    status(
        new RunStatus(
            RunStatus.State.RUNNING,
            before + step,
            before + totalSteps,
            phase,
            null,
            null,
            Map.of()));
    listener.progress(before + step, before + totalSteps);
  }

  /** Notes success, with the figures that describe the finished model. */
  public void finished(int totalSteps, Map<String, Double> metrics) {
    finished(totalSteps, totalSteps, null, metrics);
  }

  /**
   * Notes success, perhaps before the last step.
   *
   * @param step steps done
   * @param stopReason why no more were done, for people to read; null if all were
   */
  public void finished(
      int step, int totalSteps, @Nullable String stopReason, Map<String, Double> metrics) {
    status(
        new RunStatus(
            RunStatus.State.FINISHED,
            before + step,
            before + totalSteps,
            null,
            null,
            stopReason,
            metrics));
  }

  private void status(RunStatus status) {
    try {
      directory.status(status);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean stopRequested() {
    return terminating || directory.cancelRequested() || listener.cancelRequested();
  }

  /**
   * Notes that the run has stopped on request, its checkpoint saved, and gives the exception to
   * throw. The status is written here, since an ending process waits for nothing after {@link
   * #close()}.
   */
  public RunStoppedException stopped(int step, int totalSteps) {
    boolean cancelled = directory.cancelRequested() || listener.cancelRequested();
    RunStatus.State state = cancelled ? RunStatus.State.CANCELLED : RunStatus.State.INTERRUPTED;
    status(RunStatus.of(state, before + step, before + totalSteps));
    return new RunStoppedException(state);
  }

  private void awaitSaving() {
    terminating = true;
    try {
      if (!closed.await(SAVING_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("laurel train: not saved within " + SAVING_SECONDS + " s of SIGTERM");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    metrics.close();
    samples.close();
    closed.countDown();
    if (!terminating) {
      try {
        Runtime.getRuntime().removeShutdownHook(shutdownHook);
      } catch (IllegalStateException e) {
        // The process has begun to end since; the hook is running and now free to finish.
      }
    }
  }
}
