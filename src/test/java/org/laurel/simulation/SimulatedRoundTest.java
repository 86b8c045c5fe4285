package org.laurel.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.Message;

class SimulatedRoundTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path home;

  @Test
  void goesFromRankingsToAnEvaluatedPolicy() throws IOException, InterruptedException {
    ModelDirectory starter = ModelDirectory.open(Path.of("src/main/resources/starter-policy"));
    List<List<Message>> prompts =
        PromptFile.read(Path.of("ui/starter-prompts/everyday.ndjson")).subList(0, 30);
    SimulatedRound round =
        new SimulatedRound(
            starter,
            new SimulatedRound.Setting(GoldPreference.named("helpful"), 0.8, 3, 4, 1),
            home);

    SimulatedRound.Outcome outcome =
        round.run(
            prompts.subList(0, 20),
            prompts.subList(20, 30),
            json("{\"epochs\": 1}"),
            json(
                "{\"steps\": 1, \"episodesPerStep\": 8, \"normalisationSamples\": 8,"
                    + " \"maxNewTokens\": 24}"));

    assertThat(outcome.evaluation().prompts()).isEqualTo(10);
    assertThat(outcome.evaluation().kl()).isBetween(0.0, 1.0);
    assertThat(outcome.seconds()).containsOnlyKeys("sample", "reward", "ppo", "evaluate");
    List<String> rows = Files.readAllLines(home.resolve("reward/data/rankings.jsonl"));
    assertThat(rows).hasSize(20);
    JsonNode first = JSON.readTree(rows.get(0));
    assertThat(first.path("completions")).hasSize(4);
    assertThat(first.path("groups")).hasSize(4);
    assertThat(rows.stream().map(SimulatedRoundTest::annotator).distinct()).hasSize(3);
    assertThat(Files.readAllLines(home.resolve("ppo/data/prompts.jsonl"))).hasSize(20);
    assertThat(ModelDirectory.open(home.resolve("ppo/artifact")).config())
        .isEqualTo(starter.config());
  }

  private static String annotator(String row) {
    try {
      return json(row).path("annotator").asText();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }
}
