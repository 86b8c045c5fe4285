package org.laurel.engine.ppo;

import java.util.ArrayList;
import java.util.List;
import org.laurel.engine.run.Seeds;

/** Which prompts come when: all of them in a new random order, again and again. */
final class PromptOrder {

  private final List<int[]> prompts;
  private final long seed;
  private long pass = -1;
  private int[] order = {};

  PromptOrder(List<int[]> prompts, long seed) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("there is no prompt to train on");
    }
    this.prompts = List.copyOf(prompts);
    this.seed = seed;
  }

  /** The prompts of a step, whichever steps were asked for before. */
  List<int[]> next(int step, int count) {
    List<int[]> chosen = new ArrayList<>(count);
    for (long i = (long) step * count; i < (long) (step + 1) * count; i++) {
      long wanted = i / prompts.size();
      if (wanted != pass) {
        order = Seeds.shuffled(prompts.size(), Seeds.of(seed, "prompts", wanted));
        pass = wanted;
      }
      chosen.add(prompts.get(order[(int) (i % prompts.size())]));
    }
    return chosen;
  }
}
