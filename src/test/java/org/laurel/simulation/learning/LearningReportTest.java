package org.laurel.simulation.learning;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.model.ModelDirectory;
import org.laurel.simulation.GoldPreference;

class LearningReportTest {

  @TempDir Path home;

  private LearningReport report() throws IOException {
    LearningBench bench =
        new LearningBench(
            ModelDirectory.open(Path.of("src/main/resources/starter-policy")),
            List.of(),
            List.of(),
            new LearningBench.Setting(
                GoldPreference.named("helpful"),
                0.73,
                60,
                120,
                List.of(10, 50),
                List.of(10),
                Map.of("ppo", JsonNodeFactory.instance.objectNode()),
                1),
            home,
            line -> {});
    return new LearningReport(bench, List.of(1L, 2L, 3L));
  }

  @Test
  void showsEachSeedAndTheirMeanWithItsStandardError() throws IOException {
    Results results = new Results(home.resolve("results"));
    results.put(1, "ppo-050", Map.of("kl", 3.0, "win_rate", 0.8), 100);
    results.put(2, "ppo-050", Map.of("kl", 5.0, "win_rate", 0.9), 300);
    results.put(3, "bon-4", Map.of("kl", 0.64, "win_rate", 0.7), 1);
    String tables = report().tables();
    assertThat(tables)
        .contains("| ppo-050 | 1 | 3.00 |  |  |  |  | 0.800 |  |  | 100 |\n")
        .contains(
            "| ppo-050 | mean | 4.00 +- 1.00 |  |  |  |  | 0.850 +- 0.050 |  |  | 200 +- 100 |")
        .contains("| bon-4 | 3 |")
        .doesNotContain("bon-4 | mean")
        .doesNotContain("ppo-010");
  }

  @Test
  void plotsTheMeansOfWhatWasMeasured() throws IOException {
    assertThat(report().plots(home.resolve("plots"))).isEmpty();
    Results results = new Results(home.resolve("results"));
    results.put(1, "over-010", Map.of("kl", 3.0, "proxy_gain", 1.0, "gold_gain", 0.5), 1);
    assertThat(report().plots(home.resolve("plots")))
        .containsExactly(home.resolve("plots").resolve("over.svg"));
  }
}
