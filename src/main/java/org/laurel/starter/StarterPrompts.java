package org.laurel.starter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Prompts outside the training text: held-out questions of the corpus, and authored ones. */
public final class StarterPrompts {

  /** How many held-out questions ship with the demo project. */
  static final int HELD_OUT = 320;

  private static final long SEED = 20_240_601;
  private static final int MOST_PER_TOPIC = 20;

  /**
   * @param topic of the corpus
   * @param held true for a held-out question, false for an authored one
   */
  public record StarterPrompt(String text, String topic, boolean held) {}

  private StarterPrompts() {}

  /** What ships with the demo project: the authored prompts and a fair share of each topic. */
  public static List<StarterPrompt> shipped() {
    List<StarterPrompt> prompts = new ArrayList<>(heldOut(HELD_OUT));
    for (String line : Knowledge.lines("paraphrases.txt")) {
      String[] cells = line.split("\\|", 2);
      prompts.add(new StarterPrompt(cells[1].strip(), cells[0].strip(), false));
    }
    return prompts;
  }

  /** Held-out questions beyond the shipped ones, to judge policies by. */
  public static List<StarterPrompt> unseen(int count) {
    return heldOut(HELD_OUT + count).subList(HELD_OUT, HELD_OUT + count);
  }

  /**
   * The first held-out questions of a fixed random order, among the shipped ones at most {@value
   * #MOST_PER_TOPIC} of a topic.
   */
  private static List<StarterPrompt> heldOut(int count) {
    Corpus corpus = new Corpus();
    SplittableRandom random = new SplittableRandom(SEED);
    Map<String, StarterPrompt> found = new LinkedHashMap<>();
    Map<String, Integer> perTopic = new LinkedHashMap<>();
    for (int draws = 0; found.size() < count && draws < 2_000_000; draws++) {
      Question question = corpus.question(random);
      String core = question.core();
      int most = found.size() < HELD_OUT ? MOST_PER_TOPIC : Integer.MAX_VALUE;
      if (Corpus.isHeldOut(core)
          && !found.containsKey(core)
          && perTopic.getOrDefault(question.topic(), 0) < most) {
        found.put(core, new StarterPrompt(core, question.topic(), true));
        perTopic.merge(question.topic(), 1, Integer::sum);
      }
    }
    if (found.size() < count) {
      throw new IllegalStateException("the corpus holds out only " + found.size() + " questions");
    }
    return List.copyOf(found.values());
  }
}
