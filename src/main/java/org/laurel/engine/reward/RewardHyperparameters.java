package org.laurel.engine.reward;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.run.Bounds;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.InvalidHyperparameter;

/**
 * Everything about a reward model's training that can be chosen.
 *
 * @param backbone what the model is initialised from; the other defaults depend on it
 * @param epochs passes over the rankings at most; see {@link KeptWeights} for what is kept
 * @param minutes within which training is to end: the speed is measured at its start, and inputs
 *     are cut shorter, then epochs fewer, until it will. 0 for no limit
 * @param promptsPerBatch rankings an update, all completions of a ranking together
 * @param learningRate at its highest, falls by a cosine to a tenth
 * @param layerDecay each layer learns with the rate of the one above it times this, 0 to 1; for
 *     minilm
 * @param headRate how many times the last layer's rate the score head learns with; for minilm
 * @param headScale what a fresh score head, drawn from N(0, 1/sqrt(d+1)), is multiplied by; for
 *     policies, since an encoder's begins where its own reading of the rankings leads to. At 1
 *     scores differ by whole units before anything is learnt, and a few hundred rankings are
 *     memorised while that is undone
 * @param warmupSteps updates over which the rates rise
 * @param weightDecay of the weight matrices
 * @param maxGradientNorm gradients are scaled down to this norm
 * @param ties how ties count
 * @param margins by strength of preference
 * @param labelSmoothing share of every choice counted the other way, less than half
 * @param annotatorAccuracy probability by annotator that a vote is as meant, above one half; 1 for
 *     those not named
 * @param centering coefficient of the loss that keeps scores around zero
 * @param heldOutFraction share of prompts, by hash, that judge the model and never train it; below
 *     1
 * @param evaluationsPerEpoch how often held-out prompts are scored
 * @param patience evaluations in a row without a better log loss, at the scale that suits each
 *     state's scores best, after which training stops
 * @param maxTokens longest prompt with completion, 4 or more; longer ones lose the prompt's
 *     beginning
 * @param microBatchTokens padded tokens that go through a rank's network at once
 * @param ngrams whether a Bradley-Terry model of how the completion is worded and of its length is
 *     added to the encoder's score, weighted by held-out choices; for minilm
 * @param precision of the matrix products
 */
public record RewardHyperparameters(
    Backbone backbone,
    int epochs,
    double minutes,
    int promptsPerBatch,
    double learningRate,
    double layerDecay,
    double headRate,
    double headScale,
    int warmupSteps,
    double weightDecay,
    double maxGradientNorm,
    TieModel ties,
    MarginScale margins,
    double labelSmoothing,
    Map<String, Double> annotatorAccuracy,
    double centering,
    double heldOutFraction,
    int evaluationsPerEpoch,
    int patience,
    int maxTokens,
    int microBatchTokens,
    boolean ngrams,
    PrecisionChoice precision) {

  /** The fewest that an encoder's marks leave room in. */
  private static final int FEWEST_TOKENS = 4;

  public RewardHyperparameters {
    Bounds.epochs(epochs);
    Bounds.atLeast("minutes", minutes, 0);
    Bounds.batch("promptsPerBatch", promptsPerBatch);
    Bounds.atLeast("learningRate", learningRate, 0);
    Bounds.share("layerDecay", layerDecay);
    Bounds.atLeast("headRate", headRate, 0);
    Bounds.atLeast("headScale", headScale, 0);
    Bounds.atLeast("warmupSteps", warmupSteps, 0);
    Bounds.atLeast("weightDecay", weightDecay, 0);
    Bounds.positive("maxGradientNorm", maxGradientNorm);
    Bounds.shareBelow("labelSmoothing", labelSmoothing, 0.5);
    annotatorAccuracy.forEach(RewardHyperparameters::accuracy);
    annotatorAccuracy = Map.copyOf(annotatorAccuracy);
    Bounds.atLeast("centering", centering, 0);
    Bounds.shareBelow("heldOutFraction", heldOutFraction, 1);
    Bounds.atLeast("evaluationsPerEpoch", evaluationsPerEpoch, 1);
    Bounds.atLeast("patience", patience, 1);
    Bounds.atLeast("maxTokens", maxTokens, FEWEST_TOKENS);
    Bounds.atLeast("microBatchTokens", microBatchTokens, 1);
  }

  /** Who errs half of the time says nothing, who errs more often the opposite. */
  private static void accuracy(String annotator, double accuracy) {
    if (!(accuracy > 0.5 && accuracy <= 1)) {
      throw new InvalidHyperparameter(
          "annotatorAccuracy",
          "must be above 0.5 and at most 1, not %s for '%s'".formatted(accuracy, annotator));
    }
  }

  /** The probability that a vote of somebody is as meant; nobody in particular never errs. */
  double accuracyOf(@Nullable String annotator) {
    return annotator == null ? 1 : annotatorAccuracy.getOrDefault(annotator, 1.0);
  }

  /**
   * The soft label of a ranking's choices, for fits that know nothing else: what a judge's
   * certainty, the errors of who ranked and the smoothing leave of it, each of which may turn a
   * choice round.
   */
  double certainty(EncodedRanking ranking) {
    double meant = unlessTurned(ranking.certainty(), accuracyOf(ranking.annotator()));
    return unlessTurned(meant, 1 - labelSmoothing);
  }

  private static double unlessTurned(double certainty, double kept) {
    return certainty * kept + (1 - certainty) * (1 - kept);
  }

  /** For backbones of 5 to 30 million parameters and a few hundred rankings or more. */
  public static RewardHyperparameters defaults() {
    return new RewardHyperparameters(
        Backbone.POLICY,
        2, // epochs
        0, // minutes
        16, // promptsPerBatch
        3e-4, // learningRate
        1.0, // layerDecay
        1.0, // headRate
        0.01, // headScale
        5, // warmupSteps
        0.01, // weightDecay
        1.0, // maxGradientNorm
        TieModel.RAO_KUPPER,
        MarginScale.NONE,
        0.0, // labelSmoothing
        Map.of(),
        0.01, // centering
        0.15, // heldOutFraction
        4, // evaluationsPerEpoch
        8, // patience
        512, // maxTokens
        1024, // microBatchTokens
        false, // ngrams
        PrecisionChoice.AUTO);
  }

  /** For all-MiniLM-L6-v2 and a few hundred to a few thousand rankings, on two cores. */
  private static RewardHyperparameters miniLmDefaults() {
    return new RewardHyperparameters(
        Backbone.MINILM,
        1, // epochs
        14, // minutes
        16, // promptsPerBatch
        1e-4, // learningRate
        0.9, // layerDecay
        2.0, // headRate
        0.01, // headScale
        10, // warmupSteps
        0.01, // weightDecay
        1.0, // maxGradientNorm
        TieModel.RAO_KUPPER,
        MarginScale.NONE,
        0.0, // labelSmoothing
        Map.of(),
        0.01, // centering
        0.1, // heldOutFraction
        4, // evaluationsPerEpoch
        8, // patience
        256, // maxTokens
        2048, // microBatchTokens
        true, // ngrams
        PrecisionChoice.AUTO);
  }

  /** What is used with a backbone where nothing else is asked. */
  public static RewardHyperparameters defaults(Backbone backbone) {
    return backbone == Backbone.MINILM ? miniLmDefaults() : defaults();
  }

  /**
   * The defaults of the backbone that the overrides name, with the overrides in their place.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public static RewardHyperparameters read(JsonNode overrides) {
    JsonNode named = overrides.path("backbone");
    Backbone backbone = named.isMissingNode() ? Backbone.POLICY : Backbone.of(named.asText());
    return Hyperparameters.read(overrides, defaults(backbone));
  }
}
