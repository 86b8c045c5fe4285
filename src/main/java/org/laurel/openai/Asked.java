package org.laurel.openai;

import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.policy.ServedPolicies;
import org.laurel.policy.ServedPolicy;
import org.laurel.serving.SamplingParameters;
import org.laurel.web.Problem;

/**
 * A request that a policy can answer as it stands.
 *
 * @param allRows each prompt as often as answers are drawn
 */
record Asked(
    List<int[]> prompts, List<int[]> allRows, SamplingParameters parameters, List<String> stops) {

  /**
   * @throws Problem 422 if a prompt leaves no room for an answer, or a setting is out of range
   */
  static Asked of(
      ServedPolicy policy, List<int[]> prompts, Sampling sampling, int defaultMaxTokens) {
    List<int[]> rows = new ArrayList<>();
    for (int[] prompt : prompts) {
      if (prompt.length == 0) {
        throw Problem.invalid("the prompt is empty");
      }
      if (prompt.length >= policy.contextLength()) {
        throw Problem.invalid(
            "the prompt has %d tokens; the policy %s reads and writes %d together"
                .formatted(prompt.length, policy.version().name, policy.contextLength()));
      }
      for (int token : prompt) {
        if (token < 0 || token >= policy.config().vocabSize()) {
          throw Problem.invalid("token " + token + " is not in the vocabulary");
        }
      }
      for (int i = 0; i < sampling.candidates(); i++) {
        rows.add(prompt);
      }
    }
    return new Asked(
        prompts, rows, sampling.parameters(policy, defaultMaxTokens), sampling.stops());
  }

  /** Opens the policy that a request names. */
  static ServedPolicy policy(ServedPolicies policies, @Nullable String model) {
    return policies
        .open(model)
        .orElseThrow(() -> Problem.notFound("policy", model == null ? "serving" : model));
  }

  int rows() {
    return allRows.size();
  }

  List<Answer> answers(ServedPolicy policy, Answering.Listener listener) {
    return new Answering(policy, parameters, stops).answer(allRows, listener);
  }

  /**
   * Answers that are of use only as a whole, drawn for as long as the client waits for them.
   *
   * @throws Problem 503 if it has left: what there is then was cut short
   */
  List<Answer> answers(ServedPolicy policy, HttpServerResponse client) {
    List<Answer> answers = answers(policy, (row, text) -> !client.closed());
    if (client.closed()) {
      throw new Problem(503, "Client gone", "the client left before the answer was complete");
    }
    return answers;
  }

  Usage usage(List<Answer> answers) {
    return Usage.of(prompts, answers);
  }

  static String id(String prefix) {
    return prefix + UUID.randomUUID().toString().replace("-", "");
  }

  /** Seconds since 1970. */
  static long now() {
    return Instant.now().getEpochSecond();
  }
}
