package org.laurel.engine.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.engine.Training;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.run.HeldOut;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.RunStatus;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.BpeTrainer;

class SftRunTest {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 264, 32, 56, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);

  @TempDir Path home;

  @BeforeEach
  void writePolicy() throws IOException {
    BpeTrainer.train(
            Stream.of("hello"), List.of("<|pad|>", "<|end|>", "<|user|>", "<|assistant|>"), 262)
        .write(
            home.resolve("policy"),
            "<|user|>{{ messages[0].content }}<|assistant|>",
            "<|end|>",
            "<|pad|>",
            64);
    try (Decoder fresh = Decoder.random(CONFIG, 1)) {
      ModelDirectory.writePolicy(
          home.resolve("policy"), CONFIG, fresh.parameters().export(), home.resolve("policy"));
    }
  }

  private RunDirectory run(String rows, String hyperparameters) throws IOException {
    RunDirectory run =
        RunDirectory.create(
            home.resolve("run"),
            new RunRequest(
                "sft",
                1,
                home.resolve("policy"),
                null,
                null,
                new ObjectMapper().readTree(hyperparameters)));
    Files.writeString(run.data("demonstrations"), rows);
    return run;
  }

  private static void train(RunDirectory run) throws IOException {
    Training.run(
        run,
        RunListener.NONE,
        model -> {
          throw new AssertionError("no rollouts in supervised training");
        });
  }

  @Test
  void demonstrationsBecomeAPolicyThatKnowsThem() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      rows.append("{\"prompt\": \"say %d\", \"completion\": \"hello\"}\n".formatted(i));
    }
    RunDirectory run =
        run(
            rows.toString(),
            "{\"learningRate\": 0.01, \"epochs\": 8, \"batchTokens\": 256, \"precision\":"
                + " \"FLOAT32\"}");
    train(run);
    RunStatus status = run.status();
    assertThat(status).isNotNull();
    assertThat(status.state()).isEqualTo(RunStatus.State.FINISHED);
    assertThat(status.metrics().get("held_out_examples")).isPositive();
    assertThat(status.metrics().get("loss/eval")).isLessThan(0.5);
    ModelDirectory artifact = ModelDirectory.open(run.artifact());
    assertThat(artifact.tokenizerJson()).exists();
    assertThat(artifact.config()).isEqualTo(CONFIG);
  }

  @Test
  void onePromptTrainsThoughTheHashHoldsOutBoth() throws IOException {
    List<String> rows =
        Stream.iterate(0, i -> i + 1)
            .map(i -> "say " + i)
            .filter(prompt -> HeldOut.contains(prompt, SftRun.HELD_OUT))
            .limit(2)
            .map("{\"prompt\": \"%s\", \"completion\": \"hello\"}\n"::formatted)
            .toList();
    RunDirectory run = run(String.join("", rows), "{\"precision\": \"FLOAT32\"}");
    train(run);
    RunStatus status = run.status();
    assertThat(status).isNotNull();
    assertThat(status.metrics()).containsEntry("training_examples", 1.0);
    assertThat(status.metrics()).containsEntry("held_out_examples", 1.0);
  }

  @Test
  void aRowWithoutACompletionIsNamed() throws IOException {
    RunDirectory run =
        run("{\"prompt\": \"a\", \"completion\": \"b\"}\n{\"prompt\": \"a\"}\n", "{}");
    assertThatThrownBy(() -> train(run)).hasMessageContaining("demonstrations.jsonl, row 2");
    assertThat(run.status()).extracting("state").isEqualTo(RunStatus.State.FAILED);
  }

  @Test
  void anUnknownHyperparameterIsNamed() throws IOException {
    RunDirectory run = run("{\"prompt\": \"a\", \"completion\": \"b\"}\n", "{\"learnRate\": 1}");
    assertThatThrownBy(() -> train(run)).hasMessageContaining("learnRate");
  }
}
