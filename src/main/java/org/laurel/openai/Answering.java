package org.laurel.openai;

import java.util.ArrayList;
import java.util.List;
import org.laurel.policy.ServedPolicy;
import org.laurel.serving.FinishReason;
import org.laurel.serving.Generation;
import org.laurel.serving.SamplingParameters;
import org.laurel.serving.TokenListener;
import org.laurel.web.Problem;

/** Asks a policy for answers as text, with stop strings. */
final class Answering {
  /** Hears each piece of text as soon as it is certain. */
  @FunctionalInterface
  interface Listener {
    /**
     * @return whether anybody still listens
     */
    boolean text(int row, String piece);
  }

  private final ServedPolicy policy;
  private final SamplingParameters parameters;
  private final List<String> stops;

  Answering(ServedPolicy policy, SamplingParameters parameters, List<String> stops) {
    this.policy = policy;
    this.parameters = parameters;
    this.stops = stops;
  }

  /** One answer a prompt, in their order. */
  List<Answer> answer(List<int[]> prompts, Listener listener) {
    List<TextStream> streams = new ArrayList<>();
    List<StringBuilder> texts = new ArrayList<>();
    for (int row = 0; row < prompts.size(); row++) {
      streams.add(new TextStream(policy::text, stops));
      texts.add(new StringBuilder());
    }
    List<Generation> generations =
        generate(
            prompts,
            (row, token, logprob) -> {
              if (parameters.stopTokens().contains(token)) {
                return true;
              }
              String piece = streams.get(row).add(token);
              texts.get(row).append(piece);
              boolean heard = piece.isEmpty() || listener.text(row, piece);
              return heard && !streams.get(row).isStopped();
            });
    List<Answer> answers = new ArrayList<>();
    for (int row = 0; row < prompts.size(); row++) {
      String rest = streams.get(row).end();
      if (!rest.isEmpty()) {
        listener.text(row, rest);
      }
      boolean length =
          generations.get(row).finishReason() == FinishReason.LENGTH
              && !streams.get(row).isStopped();
      answers.add(
          new Answer(
              texts.get(row).append(rest).toString(),
              length ? "length" : "stop",
              generations.get(row)));
    }
    return answers;
  }

  private List<Generation> generate(List<int[]> prompts, TokenListener listener) {
    try {
      return policy.session().generate(prompts, parameters, listener);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "Stopping", "the server is stopping");
    }
  }
}
