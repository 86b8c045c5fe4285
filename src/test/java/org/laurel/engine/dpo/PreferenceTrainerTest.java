package org.laurel.engine.dpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.laurel.device.RanksChoice;
import org.laurel.engine.TrainingScene;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.LowRank;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.sft.SftExample;
import org.laurel.model.ModelConfig;
import org.laurel.preference.Comparison;

class PreferenceTrainerTest extends TrainingScene {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 24, 32, 56, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);
  private static final PairObjective DPO = new PairObjective(PairLoss.DPO, 0.1, 0, false);

  private static Schedule schedule(double rate, int microBatchTokens) {
    return new Schedule(
        3,
        8,
        rate,
        0.1,
        1.0,
        0.0,
        false,
        LowRank.NONE,
        64,
        microBatchTokens,
        1,
        PrecisionChoice.FLOAT32);
  }

  /** Three completions of different length; the more often token 5 stands in one, the better. */
  private static List<Ranked> rankings(int count, long seed) {
    Random random = new Random(seed);
    List<Ranked> rankings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] prompt = random.ints(3, 6, 24).toArray();
      List<SftExample> sequences = new ArrayList<>();
      for (int fives = 3; fives > 0; fives--) {
        int[] completion = random.ints(4 + random.nextInt(4), 6, 24).toArray();
        for (int t = 0; t < fives; t++) {
          completion[t] = 5;
        }
        completion[completion.length - 1] = 1;
        sequences.add(SftExample.completion(prompt, completion, 64).orElseThrow());
      }
      rankings.add(
          new Ranked(
              sequences,
              List.of(
                  new Comparison<>(0, 1, false),
                  new Comparison<>(0, 2, false),
                  new Comparison<>(1, 2, false))));
    }
    return rankings;
  }

  private static List<Thumbed> thumbs() {
    List<Thumbed> thumbs = new ArrayList<>();
    List<Ranked> rankings = rankings(12, 3);
    for (int i = 0; i < rankings.size(); i++) {
      SftExample other = rankings.get((i + 1) % rankings.size()).sequences().get(1);
      thumbs.add(new Thumbed(rankings.get(i).sequences().get(0), other, true));
      thumbs.add(new Thumbed(rankings.get(i).sequences().get(2), other, false));
    }
    return thumbs;
  }

  private PreferenceTrainer<Ranked> trainer(Decoder policy, PairObjective objective, Schedule s) {
    PreferenceTrainer<Ranked> trainer =
        open(new PreferenceTrainer<>(policy, objective, rankings(20, 1), rankings(10, 2), s, 7));
    trainer.hold(policy);
    return trainer;
  }

  @Test
  void theFirstStepStartsFromTheReference() {
    Map<String, Double> dpo =
        trainer(open(Decoder.random(CONFIG, 1)), DPO, schedule(1e-3, 256)).step();
    assertThat(dpo.get("loss")).isCloseTo(Math.log(2), within(1e-5));
    assertThat(dpo.get("rewards/margins")).isCloseTo(0, within(1e-5));
    Map<String, Double> ipo =
        trainer(
                open(Decoder.random(CONFIG, 1)),
                new PairObjective(PairLoss.IPO, 0.1, 0, true),
                schedule(1e-3, 256))
            .step();
    assertThat(ipo.get("loss")).isCloseTo(25, within(1e-3));
  }

  @Test
  void preferencesThatWereNotSeenAreLearnt() {
    Decoder policy = open(Decoder.random(CONFIG, 1));
    Map<String, float[]> before = byName(policy);
    PreferenceTrainer<Ranked> trainer = trainer(policy, DPO, schedule(3e-3, 256));
    while (!trainer.done()) {
      trainer.step();
    }
    Map<String, Double> figures = trainer.evaluate();
    assertThat(figures.get("eval/rewards/accuracies")).isGreaterThan(0.9);
    assertThat(figures.get("eval/loss")).isLessThan(0.66);
    Map<String, float[]> after = byName(policy);
    before.forEach((name, was) -> assertThat(after.get(name)).as(name).isNotEqualTo(was));
  }

  @Test
  void ktoSeparatesTheGoodFromTheBad() {
    Decoder policy = open(Decoder.random(CONFIG, 1));
    PreferenceTrainer<Thumbed> trainer =
        open(
            new PreferenceTrainer<>(
                policy, new ThumbObjective(0.1, 1, 1), thumbs(), thumbs(), schedule(3e-3, 256), 7));
    trainer.hold(policy);
    assertThat(trainer.evaluate().get("eval/loss")).isCloseTo(0.5, within(1e-5));
    while (!trainer.done()) {
      trainer.step();
    }
    Map<String, Double> figures = trainer.evaluate();
    assertThat(figures.get("eval/rewards/margins")).isPositive();
    assertThat(figures.get("eval/rewards/accuracies")).isGreaterThan(0.8);
  }

  @Test
  void oneBatchOfEightLearnsWhatEightBatchesOfOneDo() {
    float[] whole = afterOneStep(4096);
    float[] single = afterOneStep(1);
    for (int i = 0; i < whole.length; i++) {
      assertThat(single[i]).isCloseTo(whole[i], within(1e-5f));
    }
  }

  @Test
  void twoRanksLearnWhatOneDoes() {
    float[] one = afterOneStep(128);
    Ranks.use(new RanksChoice(2));
    float[] two = afterOneStep(128);
    assertThat(two).isNotEqualTo(one);
    for (int i = 0; i < one.length; i++) {
      assertThat(two[i]).isCloseTo(one[i], within(1e-5f));
    }
  }

  private float[] afterOneStep(int microBatchTokens) {
    Decoder policy = open(Decoder.random(CONFIG, 1));
    trainer(policy, DPO, schedule(0, microBatchTokens)).step(); // gradients stay after a step
    float[] copy = new float[Math.toIntExact(policy.parameters().count())];
    policy.parameters().gradients().data_ptr_float().get(copy);
    return copy;
  }

  @Test
  void aResumedRunIsTheUninterruptedOneToTheBit() {
    Decoder straight = open(Decoder.random(CONFIG, 1));
    PreferenceTrainer<Ranked> uninterrupted = trainer(straight, DPO, schedule(3e-3, 256));
    Map<String, Double> last = Map.of();
    for (int step = 0; step < 5; step++) {
      last = uninterrupted.step();
    }
    PreferenceTrainer<Ranked> before =
        trainer(open(Decoder.random(CONFIG, 1)), DPO, schedule(3e-3, 256));
    before.step();
    before.step();
    Decoder later = open(Decoder.random(CONFIG, 1));
    PreferenceTrainer<Ranked> after =
        open(
            new PreferenceTrainer<>(
                later, DPO, rankings(20, 1), rankings(10, 2), schedule(3e-3, 256), 7));
    after.resume(before.checkpoint());
    after.step();
    after.step();
    assertThat(after.step()).isEqualTo(last);
    assertThat(byName(later)).usingRecursiveComparison().isEqualTo(byName(straight));
    assertThat(after.evaluate()).isEqualTo(uninterrupted.evaluate());
  }

  @Test
  void withoutJudgmentsThereIsNothingToTrain() {
    Decoder policy = open(Decoder.random(CONFIG, 1));
    assertThatThrownBy(
            () ->
                new PreferenceTrainer<>(policy, DPO, List.of(), List.of(), schedule(1e-3, 256), 7))
        .hasMessageContaining("no judgment");
  }

  private static Map<String, float[]> byName(Decoder decoder) {
    Map<String, float[]> copies = new LinkedHashMap<>();
    decoder
        .parameters()
        .buffers()
        .forEach(
            (name, buffer) -> {
              float[] copy = new float[buffer.capacity()];
              buffer.get(copy);
              copies.put(name, copy);
            });
    return copies;
  }
}
