package org.laurel.engine.ppo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.laurel.engine.run.RunJournal;
import org.laurel.tokenizer.Tokenizer;

/** A few fixed prompts whose completions show how the policy changes. */
final class Probes {

  private final PpoTrainer trainer;
  private final Tokenizer tokenizer;
  private final List<String> texts;
  private final List<int[]> prompts;
  private final Map<Integer, String> last = new HashMap<>();

  /**
   * The probes of a run.
   *
   * @param texts what is shown of each prompt
   * @param prompts the same as token ids
   */
  Probes(PpoTrainer trainer, Tokenizer tokenizer, List<String> texts, List<int[]> prompts) {
    this.trainer = trainer;
    this.tokenizer = tokenizer;
    this.texts = texts;
    this.prompts = prompts;
  }

  /** Completes all, always with the same seed, and records those that differ from the last time. */
  void record(RunJournal journal) {
    List<Episode> episodes = trainer.probe(prompts);
    for (int i = 0; i < episodes.size(); i++) {
      Episode episode = episodes.get(i);
      String completion = tokenizer.decode(episode.completion());
      if (!completion.equals(last.put(i, completion))) {
        journal.sample(
            trainer.stepsTried(),
            i,
            texts.get(i),
            completion,
            Map.of("score", episode.proxyScore(), "tokens", (double) episode.length()));
      }
    }
  }
}
