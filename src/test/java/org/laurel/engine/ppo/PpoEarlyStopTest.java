package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.laurel.engine.ppo.TinyPpo.LIKES_TWO;
import static org.laurel.engine.ppo.TinyPpo.PROMPTS;
import static org.laurel.engine.ppo.TinyPpo.settings;
import static org.laurel.engine.ppo.TinyPpo.weights;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.laurel.engine.run.Checkpoint;
import org.laurel.model.TensorData;

class PpoEarlyStopTest extends PpoScene {

  /** The reference is moved away first, so that KL is over any small budget. */
  @Test
  void overTheBudgetTrainingStopsAtTheLastWeightsWithinIt() {
    TinyPpo setting = tiny();
    PpoTrainer trainer =
        setting.trainer(PROMPTS, LIKES_TWO, settings("\"learningRate\": 0.01, \"klBudget\": 0.05"));
    float[] previous = weights(setting.policy);
    while (!trainer.done()) {
      float[] now = weights(setting.policy);
      trainer.step(phase -> {});
      if (trainer.stopReason().isEmpty()) {
        previous = now;
      }
    }
    assertThat(trainer.stopReason()).hasValueSatisfying(r -> assertThat(r).contains("budget"));
    assertThat(trainer.stepsDone()).isBetween(1, 20);
    assertThat(weights(setting.policy)).isEqualTo(previous);
  }

  /** The weights of a checkpoint may be over the budget: their KL is measured by the next look. */
  @Test
  void goingOnBeforeTheStopEndsAtTheSameWeights() {
    String overSoon = settings("\"learningRate\": 0.01, \"klBudget\": 0.05");
    TinyPpo straight = tiny();
    PpoTrainer uninterrupted = straight.trainer(PROMPTS, LIKES_TWO, overSoon);
    Checkpoint last = copied(uninterrupted.checkpoint());
    while (!uninterrupted.done()) {
      last = copied(uninterrupted.checkpoint());
      uninterrupted.step(phase -> {});
    }
    TinyPpo later = tiny();
    PpoTrainer resumed = later.trainer(PROMPTS, LIKES_TWO, overSoon);
    resumed.resume(last);
    resumed.step(phase -> {});
    assertThat(resumed.stopReason()).isEqualTo(uninterrupted.stopReason()).isPresent();
    assertThat(weights(later.policy)).isEqualTo(weights(straight.policy));
    assertThat(resumed.stepsTried()).isEqualTo(resumed.stepsDone() + 1);

    PpoTrainer afterTheStop = tiny().trainer(PROMPTS, LIKES_TWO, overSoon);
    afterTheStop.resume(uninterrupted.checkpoint());
    assertThat(afterTheStop.done()).isTrue();
    assertThat(afterTheStop.stopReason()).isEqualTo(uninterrupted.stopReason());
    assertThat(afterTheStop.stepsTried()).isEqualTo(uninterrupted.stepsTried());
  }

  /** As a file would keep it. */
  private static Checkpoint copied(Checkpoint checkpoint) {
    Map<String, TensorData> tensors = new HashMap<>();
    checkpoint
        .tensors()
        .forEach((name, data) -> tensors.put(name, TensorData.of(data.floats(), data.shape())));
    return new Checkpoint(checkpoint.step(), tensors, checkpoint.state());
  }

  @Test
  void aCheckpointOfAnEarlierVersionIsGoneOnFrom() {
    PpoTrainer before = tiny().trainer(PROMPTS, LIKES_TWO, settings("\"epochs\": 1"));
    before.step(phase -> {});
    Checkpoint checkpoint = before.checkpoint();
    checkpoint.tensors().remove("policy.withinBudget");
    PpoTrainer after = tiny().trainer(PROMPTS, LIKES_TWO, settings("\"epochs\": 1"));
    after.resume(checkpoint);
    after.step(phase -> {});
    assertThat(after.stepsDone()).isEqualTo(2);
  }

  @Test
  void afterTwoFallsOnHeldOutPromptsTheBestWeightsComeBack() {
    TinyPpo setting = tiny();
    // the scorer changes its mind: what it liked at the second look it likes no more
    int[] looks = {0};
    double[] moods = {0, 1, 0.5, 0.25};
    PpoTrainer trainer =
        setting.trainer(
            PROMPTS,
            episodes -> {
              if (episodes.size() == 1) {
                return new double[] {moods[looks[0]++]};
              }
              return LIKES_TWO.score(episodes);
            },
            settings("\"heldOutPrompts\": 1, \"evaluateEvery\": 2, \"missingStop\": \"KEEP\""));
    float[] best = {};
    while (!trainer.done()) {
      if (trainer.stepsDone() == 2) {
        best = weights(setting.policy);
      }
      trainer.step(phase -> {});
    }
    assertThat(trainer.stepsDone()).isEqualTo(6);
    assertThat(trainer.stopReason()).hasValueSatisfying(r -> assertThat(r).contains("fell twice"));
    assertThat(weights(setting.policy)).isEqualTo(best);
  }
}
