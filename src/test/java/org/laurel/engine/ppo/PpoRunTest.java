package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.engine.Training;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Threads;
import org.laurel.engine.run.Conversations;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.RunStatus;
import org.laurel.engine.run.RunStoppedException;
import org.laurel.engine.run.Split;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.tokenizer.BpeTrainer;
import org.laurel.tokenizer.PromptEncoder;

/**
 * Runs from their directory to the artifact, under a reward model that reads the policy's tokens.
 */
class PpoRunTest {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 264, 32, 56, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);

  @TempDir static Path home;

  @BeforeAll
  static void writeModels() throws IOException {
    Threads.use(1);
    Path policy = home.resolve("policy");
    BpeTrainer.train(Stream.of("hello"), List.of("<|pad|>", "<|end|>"), 262)
        .write(
            policy,
            "{% if messages[0].role == 'system' %}{{ raise_exception('No system.') }}{% endif %}"
                + "{{ messages[0].content }}",
            "<|end|>",
            "<|pad|>",
            64);
    try (Decoder fresh = Decoder.random(CONFIG, 1);
        Decoder judge = fresh.copyWithScoreHead(2)) {
      ModelDirectory.writePolicy(policy, CONFIG, fresh.parameters().export(), policy);
      ModelDirectory.writeReward(
          Files.createDirectories(home.resolve("judge")),
          CONFIG,
          RewardScale.IDENTITY,
          judge.parameters().export(),
          policy);
    }
  }

  private static RunDirectory run(String name, String more) throws IOException {
    RunDirectory run =
        RunDirectory.create(
            home.resolve(name),
            new RunRequest(
                "ppo",
                1,
                home.resolve("policy"),
                null,
                home.resolve("judge"),
                new ObjectMapper()
                    .readTree(
                        """
                        {"steps": 3, "episodesPerStep": 16, "miniBatches": 1, "maxNewTokens": 6,
                         "warmupSteps": 0, "normalisationSamples": 0, "missingStop": "KEEP",
                         "samplesEvery": 1, %s}
                        """
                            .formatted(more))));
    run.write("prompts", "{\"prompt\": \"a\"}\n{\"prompt\": \"hello\"}\n");
    return run;
  }

  private static RunStatus train(RunDirectory run, RunListener listener) throws IOException {
    Training.run(run, listener, policy -> new DecoderRollouts(Decoder.load(policy)));
    return Objects.requireNonNull(run.status());
  }

  /** Values of a figure by the step they were recorded at. */
  private static Map<Integer, Double> recorded(RunDirectory run, String key) throws IOException {
    Map<Integer, Double> values = new HashMap<>();
    for (String line : Files.readAllLines(run.metrics())) {
      JsonNode row = new ObjectMapper().readTree(line);
      if (row.path("key").asText().equals(key)) {
        values.put(row.path("step").asInt(), row.path("value").asDouble());
      }
    }
    return values;
  }

  @Test
  void aValueHeadOnThePolicysTrunkCannotBeTrainedFirst() throws IOException {
    RunDirectory run = run("trunk", "\"separateValueNetwork\": false, \"criticWarmupSteps\": 1");
    assertThatThrownBy(() -> train(run, RunListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("criticWarmupSteps needs separateValueNetwork");
  }

  @Test
  void promptsWithoutRoomForACompletionAreCounted() throws IOException {
    String most =
        "\"precision\": \"FLOAT32\", \"maxNewTokens\": 59, \"steps\": 1, \"episodesPerStep\": 2";
    RunDirectory run = run("long", most);
    run.write("prompts", "{\"prompt\": \"a\"}\n{\"prompt\": \"%s\"}\n".formatted("xy".repeat(9)));
    assertThat(train(run, RunListener.NONE).metrics()).containsEntry("dropped_prompts", 1.0);
    RunDirectory none = run("longer", most.replace("59", "64"));
    assertThatThrownBy(() -> train(none, RunListener.NONE))
        .hasMessageContaining("no prompt leaves room for maxNewTokens, 64")
        .hasMessageContaining("context of 64 tokens");
  }

  /** A conversation goes on in eight ways; whichever side it is on, all of it is. */
  @Test
  void conversationsThatBeginAlikeAreAllHeldOutOrAllPractisedOn() throws IOException {
    RunDirectory run =
        run(
            "openings",
            "\"precision\": \"FLOAT32\", \"steps\": 5, \"evaluateEvery\": 2,"
                + " \"heldOutPrompts\": 4");
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 24; i++) {
      rows.append(
          """
          {"prompt": [{"role": "user", "content": "ask %d"}, {"role": "assistant", "content": "%d"}, {"role": "user", "content": "more"}]}
          """
              .formatted(i % 12, i));
    }
    run.write("prompts", rows.toString());
    RunPrompts prompts = RunPrompts.read(run, PromptEncoder.read(home.resolve("policy"), 1), 6, 64);
    Split<int[]> split = prompts.split(4);
    assertThat(split.heldOut()).hasSize(4);
    List<String> judging =
        split.heldOut().stream().map(prompt -> opening(prompts, prompt)).toList();
    assertThat(judging.stream().distinct()).hasSize(2);
    assertThat(split.training().stream().map(prompt -> opening(prompts, prompt)))
        .hasSize(20)
        .doesNotContainAnyElementsOf(judging);
    assertThat(train(run, RunListener.NONE).metrics()).containsEntry("held_out_prompts", 4.0);
  }

  private static String opening(RunPrompts prompts, int[] prompt) {
    return Conversations.opening(
        Objects.requireNonNull(prompts.conversations().get(IntBuffer.wrap(prompt))));
  }

  @Test
  void promptsThatTheChatTemplateRefusesAreCounted() throws IOException {
    String oneStep =
        "\"precision\": \"FLOAT32\", \"maxNewTokens\": 8, \"steps\": 1, \"episodesPerStep\": 2";
    String system = "{\"prompt\": [{\"role\": \"system\", \"content\": \"b\"}]}\n";
    RunDirectory run = run("refused", oneStep);
    run.write("prompts", "{\"prompt\": \"a\"}\n" + system);
    assertThat(train(run, RunListener.NONE).metrics()).containsEntry("dropped_prompts", 1.0);
    RunDirectory none = run("all-refused", oneStep);
    none.write("prompts", system);
    assertThatThrownBy(() -> train(none, RunListener.NONE))
        .hasMessageContaining("refused by the policy's chat template: 1");
  }

  /** As where another machine, which chooses another precision by itself, goes on. */
  @Test
  void theRewardModelGoesOnInThePrecisionThatTheRunBeganWith() throws IOException {
    RunDirectory straight = run("straight", "\"precision\": \"FLOAT32\"");
    Map<String, Double> figures = train(straight, RunListener.NONE).metrics();
    double score = figures.getOrDefault("objective/scores", Double.NaN);
    RunDirectory moved = run("moved", "\"precision\": \"FLOAT32\"");
    RunListener impatient =
        new RunListener() {
          @Override
          public boolean cancelRequested() {
            return true;
          }
        };
    assertThatThrownBy(() -> train(moved, impatient)).isInstanceOf(RunStoppedException.class);
    run("moved", "\"precision\": \"BFLOAT16\"");
    assertThat(train(moved, RunListener.NONE).metrics()).containsEntry("objective/scores", score);
  }

  @Test
  void anEarlyStopIsToldAndStaysWhenTheRunIsStartedAgain() throws IOException {
    RunDirectory run =
        run("over", "\"learningRate\": 0.02, \"klBudget\": 1e-4, \"precision\": \"FLOAT32\"");
    RunStatus ended = train(run, RunListener.NONE);
    assertThat(ended.state()).isEqualTo(RunStatus.State.FINISHED);
    assertThat(ended.step()).isEqualTo(1);
    assertThat(ended.totalSteps()).isEqualTo(3);
    assertThat(ended.stopReason()).contains("is above the budget");
    assertThat(ended.metrics()).containsEntry("steps", 1.0).containsEntry("stopped_early", 1.0);

    Map<Integer, Double> kl = recorded(run, "objective/kl");
    assertThat(kl).containsOnlyKeys(1, 2).containsEntry(1, 0.0);
    assertThat(kl.get(2)).as("of the step that was undone").isGreaterThan(1e-4);

    String figures = Files.readString(run.metrics());
    assertThat(train(run, RunListener.NONE)).isEqualTo(ended);
    assertThat(Files.readString(run.metrics())).isEqualTo(figures);
  }
}
