package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.laurel.engine.ppo.TinyPpo.LIKES_TWO;
import static org.laurel.engine.ppo.TinyPpo.PROMPTS;
import static org.laurel.engine.ppo.TinyPpo.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.engine.nn.Threads;

/** Whole toy trainings over five seeds: {@code ./mvnw test -Dgroups=nightly -DexcludedGroups=}. */
@Tag("nightly")
class LearningCurvesTest {

  private static final int WINDOW = 5;

  @BeforeAll
  static void oneThread() {
    Threads.use(1); // the products are too small to share
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theScoreRisesAndTheSmallerPenaltyGoesFurther(long seed) {
    Curve strict = train(seed, 0.5);
    Curve loose = train(seed, 0.02);
    assertThat(strict.rise()).isGreaterThan(0.5);
    assertThat(loose.rise()).isGreaterThan(strict.rise());
    assertThat(strict.kl()).isPositive().isLessThan(loose.kl());
  }

  /**
   * @param rise of the score, in deviations of the start, from the first steps to the last
   * @param kl to the reference over the last steps, nats
   */
  private record Curve(double rise, double kl) {}

  private static Curve train(long seed, double klCoefficient) {
    List<Map<String, Double>> steps = new ArrayList<>();
    try (TinyPpo setting = new TinyPpo(seed)) {
      PpoTrainer trainer =
          setting.trainer(
              PROMPTS,
              LIKES_TWO,
              settings("\"missingStop\": \"KEEP\", \"klCoefficient\": " + klCoefficient));
      while (!trainer.done()) {
        steps.add(trainer.step(phase -> {}));
      }
    }
    double first = mean(steps.subList(0, WINDOW), "objective/scores");
    List<Map<String, Double>> end = steps.subList(steps.size() - WINDOW, steps.size());
    return new Curve(mean(end, "objective/scores") - first, mean(end, "objective/kl"));
  }

  private static double mean(List<Map<String, Double>> steps, String key) {
    return steps.stream().mapToDouble(step -> step.get(key)).average().orElseThrow();
  }
}
