package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.laurel.engine.ppo.TinyPpo.LIKES_TWO;
import static org.laurel.engine.ppo.TinyPpo.PROMPTS;
import static org.laurel.engine.ppo.TinyPpo.byName;
import static org.laurel.engine.ppo.TinyPpo.settings;
import static org.laurel.engine.ppo.TinyPpo.weights;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.device.RanksChoice;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.reward.RewardModel;
import org.laurel.engine.run.Split;
import org.laurel.model.RewardScale;

class PpoTrainerTest extends PpoScene {

  /**
   * The optimum of E[r] - beta KL(pi || ref) over one token is ref exp(r / beta) / Z; PPO must find
   * it.
   */
  @Test
  void aBanditConvergesToTheTiltedReference() {
    double beta = 0.7;
    double[] reward = {0.5, -1, 1.2, 0, -0.4, 0.9, -2, 0.3, 0.1, -0.8};
    int[] prompt = {2, 3};
    TinyPpo setting = tiny();
    double[] start = DecoderRollouts.next(setting.reference, prompt, 1);
    PpoTrainer trainer =
        setting.trainer(
            List.of(prompt),
            episodes -> episodes.stream().mapToDouble(e -> reward[e.completion()[0]]).toArray(),
            """
            {"steps": 60, "episodesPerStep": 256, "epochs": 2, "miniBatches": 2,
             "learningRate": 4e-3, "valueLearningRate": 4e-3, "klCoefficient": 0.7, "adaptiveKl": false,
             "maxNewTokens": 1, "missingStop": "KEEP", "precision": "FLOAT32", "klBudget": 100}
            """);
    while (!trainer.done()) {
      trainer.step(phase -> {});
    }
    double[] target = new double[start.length];
    for (int token = 0; token < target.length; token++) {
      target[token] = start[token] * Math.exp(reward[token] / beta);
    }
    double z = Arrays.stream(target).sum();
    double[] end = DecoderRollouts.next(setting.policy, prompt, 1);
    double totalVariation = 0;
    double moved = 0;
    for (int token = 0; token < target.length; token++) {
      totalVariation += Math.abs(end[token] - target[token] / z) / 2;
      moved += Math.abs(end[token] - start[token]) / 2;
    }
    assertThat(moved).isGreaterThan(0.2);
    assertThat(totalVariation).isLessThan(0.03);
  }

  @Test
  void thePolicyThatIsItsReferenceHasNoKlRatioOneAndNoLoss() {
    Map<String, Double> figures =
        tiny()
            .trainer(PROMPTS, LIKES_TWO, settings("\"epochs\": 1, \"miniBatches\": 1"))
            .step(phase -> {});
    assertThat(figures).containsEntry("objective/kl", 0.0).containsEntry("val/ratio", 1.0);
    assertThat(figures.get("loss/policy_avg")).isCloseTo(0, within(1e-6));
    assertThat(figures.get("objective/rlhf_reward")).isEqualTo(figures.get("objective/scores"));
    assertThat(figures.get("rollout/logprob_discrepancy")).isLessThan(1e-5);
  }

  /** Under the names that TRL's trainer logs. */
  @Test
  void everyFigureThatPeopleLookForIsLogged() {
    Map<String, Double> figures =
        tiny()
            .trainer(
                PROMPTS,
                LIKES_TWO,
                settings("\"epochs\": 3, \"valueLearningRate\": 0.01, \"valueClipRange\": 1e-4"))
            .step(phase -> {});
    assertThat(figures)
        .containsKeys(
            "objective/kl",
            "objective/scores",
            "objective/non_score_reward",
            "objective/rlhf_reward",
            "objective/entropy",
            "policy/approxkl_avg",
            "policy/clipfrac_avg",
            "policy/entropy_avg",
            "val/ratio",
            "val/ratio_var",
            "val/clipfrac_avg",
            "val/explained_var",
            "val/num_eos_tokens",
            "val/length",
            "loss/policy_avg",
            "loss/value_avg",
            "kl_coef",
            "lr",
            "eps");
    // most values leave so narrow a range at once, though not in the first of six updates
    assertThat(figures.get("val/clipfrac_avg")).isBetween(0.2, 0.9);
    double seconds =
        figures.entrySet().stream()
            .filter(figure -> figure.getKey().startsWith("time/"))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    assertThat(figures.get("eps")).isCloseTo(32 / seconds, within(1e-6));
  }

  /** Also in bfloat16, where a batch cut otherwise would round otherwise. */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 1", "BFLOAT16, 1", "FLOAT32, 2", "BFLOAT16, 2"})
  void withoutLearningTheRatioStaysExactlyOneForAnyMicroBatch(String precision, int ranks) {
    Ranks.use(new RanksChoice(ranks));
    for (int microBatchTokens : new int[] {1, 40, 4096}) {
      Map<String, Double> figures =
          tiny()
              .trainer(
                  PROMPTS,
                  LIKES_TWO,
                  settings(
                      "\"learningRate\": 0, \"epochs\": 3, \"miniBatches\": 2, \"temperature\":"
                          + " 0.8,"
                          + "\"precision\": \"%s\", \"microBatchTokens\": %d"
                              .formatted(precision, microBatchTokens)))
              .step(phase -> {});
      assertThat(figures)
          .containsEntry("val/ratio", 1.0)
          .containsEntry("val/ratio_var", 0.0)
          .containsEntry("policy/approxkl_avg", 0.0)
          .containsEntry("policy/clipfrac_avg", 0.0);
    }
  }

  @Test
  void oneBatchOfEightLearnsWhatEightBatchesOfOneDo() {
    float[] whole = weightsAfterOneStep(4096);
    float[] single = weightsAfterOneStep(1);
    for (int i = 0; i < whole.length; i++) {
      assertThat(single[i]).isCloseTo(whole[i], within(1e-5f));
    }
  }

  @Test
  void twoRanksLearnWhatOneDoes() {
    float[] one = weightsAfterOneStep(96);
    Ranks.use(new RanksChoice(2));
    float[] two = weightsAfterOneStep(96);
    assertThat(two).isNotEqualTo(one);
    for (int i = 0; i < one.length; i++) {
      assertThat(two[i]).isCloseTo(one[i], within(1e-5f));
    }
  }

  private float[] weightsAfterOneStep(int microBatchTokens) {
    TinyPpo setting = tiny();
    setting
        .trainer(
            PROMPTS,
            LIKES_TWO,
            settings("\"miniBatches\": 1, \"microBatchTokens\": " + microBatchTokens))
        .step(phase -> {});
    return weights(setting.policy);
  }

  @Test
  void everyTrainedWeightMovesAndNeitherReferenceNorRewardModelDoes() {
    TinyPpo setting = tiny();
    RewardModel rewardModel =
        new RewardModel(open(setting.policy.copyWithScoreHead(9)), RewardScale.IDENTITY);
    Map<String, float[]> before = byName(setting.policy);
    Map<String, float[]> criticBefore = byName(setting.critic);
    float[] referenceBefore = weights(setting.reference);
    float[] rewardBefore = weights(rewardModel.decoder());
    PpoTrainer trainer =
        setting.trainer(
            PROMPTS, new RewardModelScorer(rewardModel, 4096), settings("\"epochs\":2"));
    trainer.step(phase -> {});
    trainer.step(phase -> {});
    before.forEach((name, was) -> assertThat(byName(setting.policy).get(name)).isNotEqualTo(was));
    criticBefore.forEach(
        (name, was) -> assertThat(byName(setting.critic).get(name)).isNotEqualTo(was));
    assertThat(weights(setting.reference)).isEqualTo(referenceBefore);
    assertThat(weights(rewardModel.decoder())).isEqualTo(rewardBefore);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCriticOnThePolicysTrunkLearnsWithIt(boolean tied) {
    TinyPpo setting = open(new TinyPpo(5, tied));
    Decoder both = open(setting.policy.copyWithValueHead(3));
    PpoTrainer trainer =
        open(
            new PpoTrainer(
                both,
                setting.reference,
                new Critic(both, false),
                setting.rollouts,
                LIKES_TWO,
                List.of(),
                new Split<>(PROMPTS, List.of()),
                PpoHyperparameters.defaults(),
                7));
    float[] head = byName(both).get(Decoder.SCORE);
    trainer.step(phase -> {});
    assertThat(byName(both).get(Decoder.SCORE)).isNotEqualTo(head);
    assertThat(trainer.policyWeights().keySet())
        .isEqualTo(setting.reference.weights().keySet())
        .doesNotContain(Decoder.SCORE);
  }

  @Test
  void aCompletionWithoutStopTokenEarnsThePenaltyAlone() {
    Map<String, Double> figures =
        tiny()
            .trainer(
                PROMPTS,
                episodes -> episodes.stream().mapToDouble(e -> 5).toArray(),
                settings("\"maxNewTokens\": 1, \"missingStopPenalty\": -3"))
            .step(phase -> {});
    double stopped = figures.getOrDefault("val/stop_rate", Double.NaN);
    assertThat(stopped).isBetween(0.0, 0.5);
    assertThat(figures.get("objective/scores"))
        .isCloseTo(5 * stopped - 3 * (1 - stopped), within(1e-9));
  }

  @Test
  void frozenLayersStayAndTheOthersMove() {
    TinyPpo setting = tiny();
    Map<String, float[]> before = byName(setting.policy);
    setting.trainer(PROMPTS, LIKES_TWO, settings("\"frozenLayers\": 1")).step(phase -> {});
    byName(setting.policy)
        .forEach(
            (name, now) -> {
              boolean frozen = name.contains("layers.0.") || name.contains("embed_tokens");
              assertThat(Arrays.equals(now, before.get(name))).as(name).isEqualTo(frozen);
            });
  }

  @Test
  void scoresAreBroughtToMeanZeroAndDeviationOne() {
    PpoTrainer trainer =
        tiny()
            .trainer(
                PROMPTS,
                episodes ->
                    episodes.stream().mapToDouble(e -> 40 + 3 * e.completion()[0]).toArray(),
                settings(
                    "\"normalisationSamples\": 500, \"maxNewTokens\": 1, \"missingStop\":"
                        + " \"KEEP\""));
    trainer.normalise(RewardScale.IDENTITY);
    assertThat(trainer.step(phase -> {}).get("objective/scores")).isBetween(-0.5, 0.5);
  }
}
