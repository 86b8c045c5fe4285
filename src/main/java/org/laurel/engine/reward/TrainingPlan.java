package org.laurel.engine.reward;

import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;

/**
 * How much of the rankings a training reads: fixed before its first step, so that a resumed run
 * goes on by the same plan.
 *
 * @param maxTokens longest input
 * @param epochs passes over the rankings, also parts of one
 */
public record TrainingPlan(int maxTokens, double epochs) {

  private static final int[] WIDTHS = {512, 384, 256, 192, 160, 128, 96};

  /** Below this width a second pass is worth more than what is cut off. */
  private static final int ENOUGH = 128;

  /**
   * The most that fits into a time: all epochs at the greatest width that allows it; where even a
   * short one does not, fewer epochs, at last part of one.
   *
   * @param tokens that may be trained on in that time
   * @param wanted what is wanted if time allows
   * @param onceTokens tokens at a width of what is done once, however long the training
   * @param epochTokens tokens of one epoch at a width
   */
  static TrainingPlan within(
      double tokens,
      TrainingPlan wanted,
      IntToLongFunction onceTokens,
      IntToLongFunction epochTokens) {
    int least = Math.min(ENOUGH, wanted.maxTokens());
    IntToDoubleFunction epochs =
        width ->
            (tokens - onceTokens.applyAsLong(width)) / Math.max(1, epochTokens.applyAsLong(width));
    if (epochs.applyAsDouble(wanted.maxTokens()) >= wanted.epochs()) {
      return wanted;
    }
    for (int width : WIDTHS) {
      if (width < wanted.maxTokens()
          && width >= least
          && epochs.applyAsDouble(width) >= wanted.epochs()) {
        return new TrainingPlan(width, wanted.epochs());
      }
    }
    return new TrainingPlan(
        least, Math.min(wanted.epochs(), Math.max(0, epochs.applyAsDouble(least))));
  }

  /** Updates of the whole training, one at least. */
  int steps(int stepsPerEpoch) {
    return Math.max(1, (int) Math.round(epochs * stepsPerEpoch));
  }
}
