package org.laurel.openai;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.laurel.policy.ServedPolicy;
import org.laurel.serving.SamplingParameters;
import org.laurel.web.Problem;

/** How a request wants its answers drawn; null stands for OpenAI's default. */
record Sampling(
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Double minP,
    @Nullable Integer maxTokens,
    @Nullable List<String> stop,
    @Nullable Long seed,
    @Nullable Integer n,
    @Nullable Integer bestOf,
    @Nullable Map<Integer, @Nullable Double> logitBias) {
  private static final int MOST_ANSWERS = 16;
  private static final int MOST_CANDIDATES = 64;
  private static final int MOST_STOPS = 4;
  private static final double MOST_BIAS = 100;

  /**
   * @param defaultMaxTokens where the request names none
   * @throws Problem 422 naming the field that is out of range
   */
  SamplingParameters parameters(ServedPolicy policy, int defaultMaxTokens) {
    long start = seed == null ? ThreadLocalRandom.current().nextLong() : seed;
    SamplingParameters parameters = policy.sampling(1, start);
    parameters =
        set(parameters, "temperature", temperature, p -> p.withTemperature(or(temperature, 1.0)));
    parameters = set(parameters, "top_p", topP, p -> p.withTopP(or(topP, 1.0)));
    parameters = set(parameters, "top_k", topK, p -> p.withTopK(or(topK, 0)));
    parameters = set(parameters, "min_p", minP, p -> p.withMinP(or(minP, 0.0)));
    parameters = parameters.withLogitBias(biases(policy.config().vocabSize()));
    int most = or(maxTokens, defaultMaxTokens);
    return set(parameters, "max_tokens", most, p -> p.withMaxNewTokens(most));
  }

  /** How many answers to each prompt. */
  int answers() {
    int wanted = or(n, 1);
    if (wanted < 1 || wanted > MOST_ANSWERS) {
      throw invalid("n", "must be between 1 and " + MOST_ANSWERS);
    }
    return wanted;
  }

  /** How many answers to draw of each prompt, to choose {@link #answers()} of. */
  int candidates() {
    int drawn = or(bestOf, answers());
    if (drawn < answers() || drawn > MOST_CANDIDATES) {
      throw invalid("best_of", "must be between n and " + MOST_CANDIDATES);
    }
    return drawn;
  }

  List<String> stops() {
    if (stop == null) {
      return List.of();
    }
    if (stop.size() > MOST_STOPS || stop.stream().anyMatch(one -> one == null || one.isEmpty())) {
      throw invalid("stop", "must be at most " + MOST_STOPS + " strings, none of them empty");
    }
    return stop;
  }

  private Map<Integer, Float> biases(int vocabSize) {
    Map<Integer, Float> biases = new HashMap<>();
    or(logitBias, Map.<Integer, @Nullable Double>of())
        .forEach(
            (token, bias) -> {
              if (token < 0 || token >= vocabSize) {
                throw invalid(
                    "logit_bias", "names the token %d, of %d".formatted(token, vocabSize));
              }
              if (bias == null || Math.abs(bias) > MOST_BIAS) {
                throw invalid("logit_bias", "must be between -100 and 100 for token " + token);
              }
              biases.put(token, bias.floatValue());
            });
    return biases;
  }

  static Problem invalid(String field, String message) {
    return Problem.invalid(field + " " + message).error(field, message);
  }

  /** Refuses what is asked for and cannot be done, rather than leaving it out in silence. */
  static void refuse(String field, boolean asked) {
    if (asked) {
      throw invalid(field, "is not supported");
    }
  }

  private static SamplingParameters set(
      SamplingParameters parameters,
      String field,
      @Nullable Object given,
      UnaryOperator<SamplingParameters> change) {
    if (given == null) {
      return parameters;
    }
    try {
      return change.apply(parameters);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      throw Problem.invalid(reason).error(field, reason);
    }
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
