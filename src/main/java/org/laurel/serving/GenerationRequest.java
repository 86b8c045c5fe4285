package org.laurel.serving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The rows somebody waits for. The decoding thread posts what happens; the waiting thread collects
 * it, so that a slow listener holds nobody else up.
 */
final class GenerationRequest {
  private sealed interface Event {}

  private record Drawn(int row, int token, float logprob) implements Event {}

  private record Ended(int row, Generation generation) implements Event {}

  private record Failed(Throwable reason) implements Event {}

  private final List<int[]> prompts;
  private final SamplingParameters parameters;
  private final @Nullable TokenListener listener;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final boolean[] unwanted;
  private final int[] watched;
  private final float[][] watchedLogprobs;
  private volatile boolean abandoned;
  private int admitted;

  GenerationRequest(
      List<int[]> prompts, SamplingParameters parameters, @Nullable TokenListener listener) {
    this(prompts, parameters, listener, new int[0]);
  }

  /**
   * @param watched tokens whose log-probabilities as each row's first new token are wanted
   */
  GenerationRequest(
      List<int[]> prompts,
      SamplingParameters parameters,
      @Nullable TokenListener listener,
      int[] watched) {
    this.prompts = prompts;
    this.parameters = parameters;
    this.listener = listener;
    this.unwanted = new boolean[prompts.size()];
    this.watched = watched;
    this.watchedLogprobs = new float[prompts.size()][watched.length];
  }

  SamplingParameters parameters() {
    return parameters;
  }

  boolean hasWaitingRow() {
    return admitted < prompts.size();
  }

  /** Tokens of the longest prompt. */
  int longestPrompt() {
    return prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
  }

  int waitingRows() {
    return prompts.size() - admitted;
  }

  /**
   * Takes the next row out of the queue.
   *
   * @param number as in {@link GeneratedRow}
   */
  GeneratedRow admit(CacheRoom room, long number) {
    int row = admitted++;
    return new GeneratedRow(this, row, prompts.get(row), room, number);
  }

  void drawn(int row, int token, float logprob) {
    if (listener != null) {
      events.add(new Drawn(row, token, logprob));
    }
  }

  /** Takes the logits of a row's first new token; the waiting thread sees it once the row ends. */
  void firstLogits(int row, float[] logits) {
    if (watched.length == 0) {
      return;
    }
    float most = logits[Sampler.argmax(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - most);
    }
    for (int i = 0; i < watched.length; i++) {
      watchedLogprobs[row][i] = (float) (logits[watched[i]] - most - Math.log(sum));
    }
  }

  /** Of the watched tokens, for each row, once all have ended. */
  List<float[]> watchedLogprobs() {
    return List.of(watchedLogprobs);
  }

  void ended(int row, Generation generation) {
    events.add(new Ended(row, generation));
  }

  void failed(Throwable reason) {
    events.add(new Failed(reason));
  }

  boolean isUnwanted(int row) {
    if (abandoned) {
      return true;
    }
    synchronized (unwanted) {
      return unwanted[row];
    }
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /** Waits for every row. */
  List<Generation> await() throws InterruptedException {
    Generation[] generations = new Generation[prompts.size()];
    int[] heard = new int[prompts.size()];
    int missing = prompts.size();
    try {
      while (missing > 0) {
        Event event = events.take();
        if (event instanceof Drawn drawn) {
          hear(drawn, heard);
        } else if (event instanceof Ended ended) {
          generations[ended.row()] = shortened(ended, heard[ended.row()]);
          missing--;
        } else if (event instanceof Failed failed) {
          throw new IllegalStateException("Generation failed", failed.reason());
        }
      }
    } finally {
      abandoned = true;
    }
    return new ArrayList<>(List.of(generations));
  }

  private void hear(Drawn drawn, int[] heard) {
    int row = drawn.row();
    boolean wanted;
    synchronized (unwanted) {
      wanted = !unwanted[row];
    }
    if (!wanted || listener == null) {
      return;
    }
    heard[row]++;
    if (!listener.token(row, drawn.token(), drawn.logprob())) {
      synchronized (unwanted) {
        unwanted[row] = true;
      }
    }
  }

  /** Decoding runs ahead of the listener: tokens after its "no" are dropped. */
  private Generation shortened(Ended ended, int heard) {
    Generation generation = ended.generation();
    if (listener == null || !isUnwantedByListener(ended.row())) {
      return generation;
    }
    return new Generation(
        Arrays.copyOf(generation.tokens(), heard),
        Arrays.copyOf(generation.logprobs(), heard),
        heard == generation.tokens().length ? generation.finishReason() : FinishReason.CANCELLED,
        generation.seed());
  }

  private boolean isUnwantedByListener(int row) {
    synchronized (unwanted) {
      return unwanted[row];
    }
  }
}
