package org.laurel.instant;

import org.jspecify.annotations.Nullable;

/**
 * Which backbone fits a project's rankings, and why.
 *
 * @param backbone policy or minilm
 * @param why one sentence for people
 * @param meanCharacters of a completion
 * @param english share of the prompts whose language is English or not known
 */
public record Advice(
    String backbone, String why, long comparisons, double meanCharacters, double english) {
  /** Fewer comparisons than these say nothing. */
  static final int FEW = 30;

  private static final double LONG = 400;
  private static final double GAIN = 0.02;

  /**
   * @param fit null while there is none, since the answers are still to be read
   */
  static Advice of(
      long comparisons, double meanCharacters, double english, @Nullable InstantFit fit) {
    String backbone;
    String why;
    if (english < 0.5) {
      backbone = "policy";
      why = "Most prompts are not in English, which is all that the encoder has read.";
    } else if (comparisons < FEW) {
      backbone = meanCharacters >= LONG ? "minilm" : "policy";
      why =
          "There are %d comparisons, too few to try the encoder on; by the length of the answers (%.0f characters) %s is the safer choice."
              .formatted(comparisons, meanCharacters, backbone);
    } else if (fit == null) {
      backbone = meanCharacters >= LONG ? "minilm" : "policy";
      why =
          "%d comparisons are being read; until then only the length of the answers (%.0f characters) speaks for %s."
              .formatted(comparisons, meanCharacters, backbone);
    } else {
      double best = Math.max(fit.lengthOnly(), 1 - fit.lengthOnly());
      boolean reads = fit.heldOutAccuracy() >= best + GAIN;
      backbone = reads || meanCharacters >= LONG ? "minilm" : "policy";
      why =
          "The untrained encoder predicts %.0f%% of choices on prompts left out, length alone %.0f%%, over %d comparisons of answers of %.0f characters: %s"
              .formatted(
                  100 * fit.heldOutAccuracy(),
                  100 * best,
                  fit.comparisons(),
                  meanCharacters,
                  reads
                      ? "it understands what people prefer here."
                      : backbone.equals("minilm")
                          ? "it has not found the preference yet, but answers this long need a reader of real text."
                          : "it adds nothing to length here, so the policy's own network is the better start.");
    }
    return new Advice(backbone, why, comparisons, meanCharacters, english);
  }
}
