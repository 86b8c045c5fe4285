package org.laurel.simulation;

import java.util.List;
import java.util.Set;

/**
 * Likes one or two short sentences that answer at once: on topic from the first words, right where
 * it can be checked, polite without ornament, properly ended.
 *
 * <pre>
 * score = fluency * (3 brevity + 1.5 topic + 0.5 direct + 0.3 polite) + 1.5 sum
 *         + ending - rude - evasive - rambling - 4 repetition
 * </pre>
 *
 * where {@code brevity = exp(-(ln(words / 16) / 0.8)^2)} and {@code sum} is 1 or -1 when the prompt
 * asks for a sum that the answer gets right or wrong.
 */
final class Concise implements GoldPreference {

  private static final double BEST_WORDS = 16;
  private static final double SPREAD = 0.8;
  private static final int OPENING_WORDS = 12;

  @Override
  public String name() {
    return "concise";
  }

  @Override
  public double score(String prompt, String completion) {
    Reading said = Reading.of(completion);
    Reading asked = Reading.of(prompt);
    if (said.words().isEmpty()) {
      return -3;
    }
    double distance = Math.log(said.words().size() / BEST_WORDS) / SPREAD;
    double brevity = Math.exp(-distance * distance);
    String opening =
        String.join(" ", said.words().subList(0, Math.min(OPENING_WORDS, said.words().size())));
    double topic = said.covers(asked);
    double direct = Reading.of(opening).covers(asked);
    double polite = said.mentions(Phrases.KIND) == 1 && said.words().size() > 6 ? 1 : 0;
    // Brevity alone is worth little: a short answer about nothing is no answer.
    double relevant = 0.3 + 0.7 * topic;
    return said.fluency() * (3 * brevity * relevant + 1.5 * topic + 0.5 * direct + 0.3 * polite)
        + 1.5 * sum(prompt, said.words())
        + (said.endsProperly() ? 0.4 : -0.8)
        - 0.8 * Math.min(2, said.mentions(Phrases.RUDE))
        - 0.6 * Math.min(3, said.mentions(Phrases.EVASIVE))
        - 0.5 * Math.min(4, said.mentions(Phrases.RAMBLING))
        - 4 * said.repetition()
        - Math.max(0, said.words().size() - 60) / 60.0;
  }

  private static double sum(String prompt, List<String> words) {
    return Sum.in(prompt)
        .map(sum -> Set.copyOf(words).contains(String.valueOf(sum.result())) ? 1.0 : -1.0)
        .orElse(0.0);
  }
}
