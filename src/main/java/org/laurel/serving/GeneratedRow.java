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
  private int[] tokens;
  private float[] logprobs;
  private int size;
  private @Nullable FinishReason finishReason;

  GeneratedRow(GenerationRequest request, int row, int[] prompt, int contextLength) {
    this.request = request;
    this.row = row;
    this.prompt = prompt;
    maxNewTokens = Math.min(request.parameters().maxNewTokens(), contextLength - prompt.length);
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

  void fail(Exception reason) {
    request.failed(reason);
  }
}
