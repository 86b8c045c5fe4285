package org.laurel.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Likes complete answers: on topic, with several concrete sentences in order, kind, properly ended.
 * Dislikes evasion, rudeness, rambling and repetition.
 *
 * <pre>
 * score = fluency * (2 topic + 3 (1 - exp(-concrete / 2.5)) + 0.5 order + kind) + 0.3 detail
 *         + ending - rude - evasive - rambling - 4 repetition - long
 * </pre>
 *
 * where {@code concrete} counts different sentences of five words or more that neither evade nor
 * ramble and {@code detail} grows a little with every word. Kindness counts only as far as there is
 * substance, so endless politeness earns nothing.
 */
final class Helpful implements GoldPreference {

  private static final List<String> ORDER =
      List.of(
          "first",
          "to begin",
          "start like this",
          "then",
          "next",
          "after that",
          "finally",
          "at the end",
          "last",
          "d'abord",
          "pour commencer",
          "ensuite",
          "puis",
          "enfin");
  private static final double LONG_FROM = 110;

  @Override
  public String name() {
    return "helpful";
  }

  @Override
  public double score(String prompt, String completion) {
    Reading said = Reading.of(completion);
    if (said.words().isEmpty()) {
      return -3;
    }
    double concrete = concreteSentences(said);
    double substance = 1 - Math.exp(-concrete / 2.5);
    double topic = said.covers(Reading.of(prompt));
    double ordered = completion.contains("1. ") ? 1 : Math.min(1, said.mentions(ORDER) / 2.0);
    double kind = Math.min(1, said.mentions(Phrases.KIND) / 2.0) * Math.min(1, 2 * substance);
    return said.fluency() * (2 * topic + 3 * substance + 0.5 * ordered * substance + kind)
        + 0.3 * (1 - Math.exp(-said.words().size() / 60.0))
        + (said.endsProperly() ? 0.4 : -0.8)
        - 0.8 * Math.min(2, said.mentions(Phrases.RUDE))
        - 0.6 * Math.min(3, said.mentions(Phrases.EVASIVE))
        - 0.5 * Math.min(4, said.mentions(Phrases.RAMBLING))
        - 4 * said.repetition()
        - Math.max(0, said.words().size() - LONG_FROM) / 40;
  }

  private static double concreteSentences(Reading said) {
    Set<String> different = new HashSet<>();
    for (String sentence : said.sentences()) {
      Reading one = Reading.of(sentence);
      boolean evades =
          one.mentions(Phrases.EVASIVE)
                  + one.mentions(Phrases.RAMBLING)
                  + one.mentions(Phrases.RUDE)
              > 0;
      if (one.words().size() >= 5 && one.stems().size() >= 2 && !evades) {
        different.add(String.join(" ", one.words()));
      }
    }
    return different.size();
  }
}
