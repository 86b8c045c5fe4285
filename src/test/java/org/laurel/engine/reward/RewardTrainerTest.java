package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Proxy;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.device.RanksChoice;
import org.laurel.engine.TrainingScene;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.model.ModelConfig;
import org.laurel.model.RewardScale;
import org.laurel.preference.OrderedGroups;

class RewardTrainerTest extends TrainingScene {

  private static final int PAD = 0;
  private static final int END = 1;

  /** Completions with more of token 5 are better: two layers must find that out and generalise. */
  @Test
  void learnsWhatPeoplePreferOnPromptsItNeverSaw() {
    RewardTrainer trainer =
        trainer(model(), rankings(120, 1, 0), rankings(40, 2, 0), "\"epochs\": 6");
    while (!trainer.done()) {
      trainer.step();
      if (trainer.evaluationDue()) {
        trainer.evaluate();
      }
    }
    assertThat(trainer.finish())
        .hasEntrySatisfying("accuracy", a -> assertThat(a).isGreaterThan(0.9));
    RewardScale scale = trainer.normalise();
    assertThat(scale.standardDeviation()).isEqualTo(1);
  }

  /** What held-out rankings take after the last step is not time to train in. */
  @Test
  void leavesTimeToScoreWhatIsHeldOut() {
    RewardTrainer trainer =
        trainer(model(), rankings(60, 1, 0), rankings(10, 2, 0), "\"epochs\": 3");
    while (trainer.stepsDone() < 12) {
      trainer.step();
    }
    int all = trainer.totalSteps();
    Pace pace = Pace.start(3.0 / 60, Optional.empty());
    pace.begin(0);
    pace.keep(trainer);
    assertThat(trainer.totalSteps()).isEqualTo(all).isGreaterThan(12);
    pace.scoring(
        () -> {
          try {
            Thread.sleep(1000);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return Map.of();
        });
    pace.keep(trainer);
    assertThat(trainer.totalSteps()).isEqualTo(12);
  }

  @Test
  void tiesAreLearntFromAndTheirThresholdMoves() {
    RewardTrainer trainer = trainer(model(), rankings(60, 1, 0.3), List.of(), "\"epochs\": 1");
    double before = trainer.checkpoint().state().path("ties").get(0).asDouble();
    assertThat(trainer.step())
        .hasEntrySatisfying("train/loss", loss -> assertThat(loss).isBetween(0.3, 2.5));
    assertThat(trainer.checkpoint().state().path("ties").get(0).asDouble()).isNotEqualTo(before);
  }

  /** p L(w over l) + (1 - p) L(l over w). */
  @Test
  void aSoftLabelCountsForBothSides() {
    EncodedRanking hard = ranking(List.of(List.of(0), List.of(1)), 5, 2);
    EncodedRanking soft =
        new EncodedRanking(
            hard.inputs(),
            hard.lengths(),
            hard.comparisons(),
            "judge",
            null,
            hard.prompt(),
            hard.completions(),
            0.7);
    Decoder model = model();
    double[] scores = new RewardModel(model, RewardScale.IDENTITY).scores(hard.inputs(), 4096);
    double d = scores[0] - scores[1];
    double expected = 0.7 * Math.log1p(Math.exp(-d)) + 0.3 * Math.log1p(Math.exp(d));
    assertThat(d).isNotZero();
    assertThat(trainer(model, List.of(soft), List.of(), "\"centering\": 0").step())
        .hasEntrySatisfying(
            "train/loss", loss -> assertThat(loss).isCloseTo(expected, within(1e-5)));
  }

  /** A ranking of two is one comparison: K-wise and pairwise loss are the same number. */
  @Test
  void aRankingOfTwoIsAPair() {
    EncodedRanking pair = ranking(List.of(List.of(0), List.of(1)), 5, 2);
    Decoder model = model();
    double[] scores = new RewardModel(model, RewardScale.IDENTITY).scores(pair.inputs(), 4096);
    double expected = Math.log1p(Math.exp(scores[1] - scores[0]));
    assertThat(trainer(model, List.of(pair), List.of(), "\"centering\": 0").step())
        .hasEntrySatisfying(
            "train/loss", loss -> assertThat(loss).isCloseTo(expected, within(1e-5)));
  }

  @Test
  void microBatchesOfAnySizeGiveTheSameUpdate() {
    float[] whole = weightsAfterOneStep(100_000);
    float[] single = weightsAfterOneStep(1);
    for (int i = 0; i < whole.length; i++) {
      assertThat(single[i]).isCloseTo(whole[i], within(1e-5f));
    }
  }

  /** What the first part leaves for its way back is gone when the next one comes. */
  @Test
  void aRankingOfManyTokensGoesBackPartByPart() {
    Decoder model = model();
    EncodedRanking large = rankings(1, 1, 0).get(0);
    List<Float> before = new ArrayList<>();

    float[] scores =
        new ComparisonBatch(List.of(large), settings("\"microBatchTokens\": 1"), large.width(), 1)
            .learn(watched(new DecoderNetwork(model), before), found -> found.square().sum());

    assertThat(scores).hasSize(4);
    assertThat(before).as("scored twice").hasSize(8);
    assertThat(before.subList(0, 5)).as("without gradient, and the first").containsOnly(0f);
    assertThat(before.subList(5, 8)).doesNotContain(0f).doesNotHaveDuplicates();
  }

  /** Notes how large the gradients are whenever something is scored. */
  private static RewardNetwork watched(RewardNetwork network, List<Float> gradients) {
    return (RewardNetwork)
        Proxy.newProxyInstance(
            RewardNetwork.class.getClassLoader(),
            new Class<?>[] {RewardNetwork.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("scores")) {
                gradients.add(network.parameters().gradients().norm().item_float());
              }
              return method.invoke(network, arguments);
            });
  }

  /** Ties among the rankings, so that the tie model's parameter learns from both ranks. */
  @Test
  void twoRanksLearnWhatOneDoes() {
    List<Map<String, Double>> figures = new ArrayList<>();
    List<float[]> weights = new ArrayList<>();
    List<Double> ties = new ArrayList<>();
    for (int ranks = 1; ranks <= 2; ranks++) {
      Ranks.use(new RanksChoice(ranks));
      Decoder model = model();
      RewardTrainer trainer =
          trainer(model, rankings(16, 3, 0.2), rankings(9, 2, 0), "\"microBatchTokens\": 200");
      figures.add(trainer.step());
      figures.add(trainer.evaluate());
      weights.add(weights(model));
      ties.add(trainer.checkpoint().state().path("ties").get(0).asDouble());
    }
    assertThat(figures.get(2).get("train/loss"))
        .isCloseTo(figures.get(0).get("train/loss"), within(1e-3));
    assertThat(figures.get(3).get("eval/log_loss"))
        .isCloseTo(figures.get(1).get("eval/log_loss"), within(1e-5));
    assertThat(ties.get(1)).isCloseTo(ties.get(0), within(1e-9));
    for (int i = 0; i < weights.get(0).length; i++) {
      assertThat(weights.get(1)[i]).isCloseTo(weights.get(0)[i], within(1e-5f));
    }
  }

  private float[] weightsAfterOneStep(int microBatchTokens) {
    Decoder model = model();
    trainer(model, rankings(8, 3, 0.2), List.of(), "\"microBatchTokens\": " + microBatchTokens)
        .step();
    return weights(model);
  }

  @Test
  void aResumedRunIsTheUninterruptedOneToTheBit() {
    Decoder straight = model();
    RewardTrainer uninterrupted =
        trainer(straight, rankings(40, 1, 0.2), rankings(9, 2, 0), "\"epochs\": 3");
    run(uninterrupted, 7);
    RewardTrainer before =
        trainer(model(), rankings(40, 1, 0.2), rankings(9, 2, 0), "\"epochs\": 3");
    run(before, 4);
    Decoder later = model();
    RewardTrainer after = trainer(later, rankings(40, 1, 0.2), rankings(9, 2, 0), "\"epochs\": 3");
    after.resume(before.checkpoint());
    run(after, 3);
    assertThat(weights(later)).isEqualTo(weights(straight));
    assertThat(after.checkpoint().state()).isEqualTo(uninterrupted.checkpoint().state());
    assertThat(after.finish()).isEqualTo(uninterrupted.finish());
  }

  private static void run(RewardTrainer trainer, int steps) {
    for (int i = 0; i < steps; i++) {
      trainer.step();
      trainer.evaluate();
    }
  }

  @Test
  void everyWeightMoves() {
    Decoder model = model();
    Map<String, float[]> before = new LinkedHashMap<>();
    model.parameters().buffers().forEach((name, buffer) -> before.put(name, copy(buffer)));
    trainer(model, rankings(16, 1, 0), List.of(), "\"epochs\": 1").step();
    before.forEach(
        (name, was) -> assertThat(copy(model.parameters().buffer(name))).isNotEqualTo(was));
  }

  @Test
  void foldingTheGainGivesScoresOfMeanZeroAndDeviationOne() {
    Decoder model = model();
    List<EncodedRanking> rankings = rankings(30, 1, 0);
    RewardScale scale = trainer(model, rankings, List.of(), "\"epochs\": 1").normalise();
    List<int[]> inputs = rankings.stream().flatMap(r -> r.inputs().stream()).toList();
    double[] scores =
        Arrays.stream(new RewardModel(model, scale).scores(inputs, 4096))
            .map(scale::normalise)
            .toArray();
    assertThat(Arrays.stream(scores).average().orElseThrow()).isCloseTo(0, within(1e-4));
    assertThat(Arrays.stream(scores).map(s -> s * s).average().orElseThrow())
        .isCloseTo(1, within(1e-4));
  }

  @Test
  void aPromptHasTheSameRewardAloneAndBesideLongerOnes() {
    RewardModel rewardModel = new RewardModel(model(), RewardScale.IDENTITY);
    List<int[]> inputs =
        List.of(
            RewardModel.input(new int[] {2, 3}, new int[] {4, 5}, END, 64),
            RewardModel.input(new int[] {2}, new int[] {6, 7, 8, 9, 2, 3, 4, 5}, END, 64));
    double[] together = rewardModel.scores(inputs, 4096);
    assertThat(rewardModel.scores(inputs.subList(0, 1), 4096)[0])
        .isCloseTo(together[0], within(1e-5));
    assertThat(together[0]).isNotCloseTo(together[1], within(1e-3));
  }

  @Test
  void theEndTokenIsReadWhateverIsCut() {
    int[] prompt = {2, 3, 4};
    assertThat(RewardModel.input(prompt, new int[] {5, 6}, END, 64))
        .containsExactly(2, 3, 4, 5, 6, END);
    assertThat(RewardModel.input(prompt, new int[] {5, 6, END}, END, 64))
        .containsExactly(2, 3, 4, 5, 6, END);
    assertThat(RewardModel.input(prompt, new int[] {5, 6, END}, END, 4))
        .containsExactly(4, 5, 6, END);
    assertThat(RewardModel.input(prompt, new int[] {5, 6, 7, 8}, END, 3))
        .containsExactly(5, 6, END);
  }

  @Test
  void nothingToCompareIsAnError() {
    EncodedRanking tied = ranking(List.of(List.of(0, 1)), 5, 2);
    assertThatThrownBy(() -> trainer(model(), List.of(tied), List.of(), "\"ties\": \"DROP\""))
        .hasMessage("no ranking compares two completions");
  }

  @Test
  void heldOutRankingsThatOnlyTieDoNotEndTheTraining() {
    RewardTrainer trainer =
        trainer(
            model(),
            rankings(40, 1, 0),
            List.of(ranking(List.of(List.of(0, 1)), 5, 2)),
            "\"epochs\": 2, \"evaluationsPerEpoch\": 5, \"patience\": 2");
    while (!trainer.done()) {
      trainer.step();
      trainer.evaluate();
    }
    assertThat(trainer.stepsDone()).isEqualTo(trainer.totalSteps()).isEqualTo(10);
    assertThat(trainer.finish()).doesNotContainKey("log_loss");
  }

  /**
   * Scores too near or too far apart cost log loss, but what is kept is brought to a deviation of
   * 1.
   */
  @Test
  void statesAreComparedAtTheScaleThatSuitsThemBest() {
    Decoder model = model();
    run(trainer(model, rankings(40, 1, 0), List.of(), "\"epochs\": 2"), 8);
    List<EncodedRanking> heldOut = new ArrayList<>(rankings(20, 2, 0));
    heldOut.add(ranking(List.of(List.of(1), List.of(0)), 5, 2)); // nobody is always right
    List<Double> logLosses = new ArrayList<>();
    for (double factor : new double[] {1, 0.2, 100}) {
      model.parameters().scale(Decoder.SCORE, factor);
      RewardTrainer trainer = trainer(model, rankings(40, 1, 0), heldOut, "\"epochs\": 1");
      logLosses.add(trainer.evaluate().get("eval/log_loss"));
      logLosses.add(trainer.checkpoint().state().path("bestLogLoss").asDouble());
    }
    assertThat(logLosses.get(2)).as("too near").isGreaterThan(logLosses.get(3) + 0.05);
    assertThat(logLosses.get(1)).isLessThan(Math.log(2));
    assertThat(logLosses.get(3)).isCloseTo(logLosses.get(1), within(1e-5));
    assertThat(logLosses.get(5)).isCloseTo(logLosses.get(1), within(1e-5));
  }

  /** Where no state beats the start, as a head that was fitted may be hard to beat. */
  @ParameterizedTest
  @ValueSource(ints = {4, 7, 12})
  void theOnlyEpochOfAnEncoderIsFinished(int steps) {
    RewardHyperparameters encoder = RewardHyperparameters.defaults(Backbone.MINILM);
    RewardTrainer trainer =
        trainer(
            model(),
            rankings(8 * steps, 1, 0),
            rankings(9, 2, 0),
            "\"learningRate\": 0, \"epochs\": %d, \"evaluationsPerEpoch\": %d, \"patience\": %d"
                .formatted(encoder.epochs(), encoder.evaluationsPerEpoch(), encoder.patience()));
    trainer.evaluate();
    while (!trainer.done()) {
      trainer.step();
      if (trainer.evaluationDue()) {
        trainer.evaluate();
      }
    }
    assertThat(trainer.stepsDone()).isEqualTo(trainer.totalSteps()).isEqualTo(steps);
  }

  @Test
  void aLossThatIsNoNumberEndsTheTraining() {
    RewardTrainer trainer =
        trainer(model(), rankings(40, 1, 0), List.of(), "\"learningRate\": 1e30");
    assertThatThrownBy(
            () -> {
              while (!trainer.done()) {
                trainer.step();
              }
            })
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("; try a lower learning rate");
  }

  private RewardTrainer trainer(
      Decoder model, List<EncodedRanking> training, List<EncodedRanking> heldOut, String more) {
    return open(new RewardTrainer(model, training, heldOut, settings(more), 5));
  }

  private static RewardHyperparameters settings(String more) {
    String settings =
        """
        {"promptsPerBatch": 8, "learningRate": 3e-3, "precision": "FLOAT32", %s}
        """
            .formatted(more);
    try {
      return Hyperparameters.read(
          new ObjectMapper().readTree(settings), RewardHyperparameters.defaults());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private Decoder model() {
    ModelConfig config =
        new ModelConfig("llama", 10, 32, 64, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, END, PAD);
    Decoder model;
    try (Decoder policy = Decoder.random(config, 1)) {
      model = policy.copyWithScoreHead(2);
    }
    return open(model);
  }

  /** Four random completions a prompt, ranked by how often token 5 occurs; some calls are ties. */
  private static List<EncodedRanking> rankings(int count, long seed, double tieRate) {
    Random random = new Random(seed);
    List<EncodedRanking> rankings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<int[]> inputs = new ArrayList<>();
      int[] fives = new int[4];
      for (int k = 0; k < 4; k++) {
        int[] completion = random.ints(4 + random.nextInt(5), 2, 10).toArray();
        fives[k] = (int) Arrays.stream(completion).filter(token -> token == 5).count();
        inputs.add(RewardModel.input(new int[] {2, 3}, completion, END, 64));
      }
      List<Integer> order =
          IntStream.range(0, 4).boxed().sorted(Comparator.comparingInt(k -> -fives[k])).toList();
      List<List<Integer>> groups = new ArrayList<>();
      for (int k : order) {
        boolean sameAsBefore =
            !groups.isEmpty() && fives[groups.get(groups.size() - 1).get(0)] == fives[k];
        if (sameAsBefore || (!groups.isEmpty() && random.nextDouble() < tieRate)) {
          groups.get(groups.size() - 1).add(k);
        } else {
          groups.add(new ArrayList<>(List.of(k)));
        }
      }
      rankings.add(
          new EncodedRanking(
              inputs,
              new int[] {1, 1, 1, 1},
              new OrderedGroups<>(groups).comparisons(),
              null,
              null,
              List.of(),
              List.of()));
    }
    return rankings;
  }

  private static EncodedRanking ranking(List<List<Integer>> groups, int first, int second) {
    return new EncodedRanking(
        List.of(new int[] {2, 3, first, END}, new int[] {2, 3, second, END}),
        new int[] {2, 2},
        new OrderedGroups<>(groups).comparisons(),
        null,
        null,
        List.of(),
        List.of());
  }

  private static float[] weights(Decoder decoder) {
    return Device.floats(decoder.parameters().values());
  }

  private static float[] copy(FloatBuffer buffer) {
    float[] copy = new float[buffer.capacity()];
    buffer.duplicate().get(copy);
    return copy;
  }
}
