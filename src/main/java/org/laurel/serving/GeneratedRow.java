package org.laurel.serving;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One continuation in the making. */
final class GeneratedRow {
  private final GenerationRequest request;
  private final int row;
  private final int[] prompt;
  private final int maxNewTokens;
  private final long seed;
  private final SplittableRandom random;
  private final long number;
  private int room;
  private int[] tokens;
  private float[] logprobs;
  private int size;
  private @Nullable FinishReason finishReason;

  /**
   * A row of a request.
   *
   * @param number of rows that were begun before it
   */
  GeneratedRow(GenerationRequest request, int row, int[] prompt, CacheRoom cacheRoom, long number) {
    this.request = request;
    this.row = row;
    this.prompt = prompt;
    this.number = number;
    maxNewTokens =
        Math.min(request.parameters().maxNewTokens(), cacheRoom.longest() - prompt.length);
    room = cacheRoom.first(prompt.length, maxNewTokens);
    seed = request.parameters().rowSeed(row);
    random = SamplingParameters.draws(seed);
    tokens = new int[Math.min(maxNewTokens, 64)];
    logprobs = new float[tokens.length];
  }

  int[] prompt() {
    return prompt;
  }

  SamplingParameters parameters() {
    return request.parameters();
  }

  SplittableRandom random() {
    return random;
  }

  int lastToken() {
    return tokens[size - 1];
  }

  /** Tokens of prompt and continuation so far. */
  int length() {
    return prompt.length + size;
  }

  /** Tokens whose keys and values the cache holds: all but the one drawn last. */
  int cachedTokens() {
    return length() - 1;
  }

  /** Tokens that the cache has room for, of this row. */
  int room() {
    return room;
  }

  void enlarge(int tokens) {
    room = tokens;
  }

  /** The older of two rows has the smaller number. */
  long number() {
    return number;
  }

  /** Hears the logits that a token is about to be drawn from. */
  void logits(float[] logits) {
    if (size == 0) {
      request.firstLogits(row, logits);
    }
  }

  float inverseTemperature() {
    return parameters().isGreedy() ? 1 : (float) (1 / parameters().temperature());
  }

  void append(int token, float logprob) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.min(maxNewTokens, 2 * size));
      logprobs = Arrays.copyOf(logprobs, tokens.length);
    }
    tokens[size] = token;
    logprobs[size++] = logprob;
    request.drawn(row, token, logprob);
    if (parameters().stopTokens().contains(token)) {
      finishReason = FinishReason.STOP;
    } else if (size == maxNewTokens) {
      finishReason = FinishReason.LENGTH;
    }
  }

  /** Whether nothing more is to be drawn, which the request has been told if so. */
  boolean isFinished() {
    if (finishReason == null && request.isUnwanted(row)) {
      finishReason = FinishReason.CANCELLED;
    }
    if (finishReason == null) {
      return false;
    }
    request.ended(
        row,
        new Generation(
            Arrays.copyOf(tokens, size), Arrays.copyOf(logprobs, size), finishReason, seed));
    return true;
  }

  void fail(Throwable reason) {
    request.failed(reason);
  }
}
