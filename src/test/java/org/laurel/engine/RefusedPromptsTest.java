package org.laurel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Threads;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.BpeTrainer;

/** Conversations with a system message, under a chat template that does not know any. */
class RefusedPromptsTest {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 264, 32, 56, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);
  private static final String SYSTEM =
      "[{\"role\": \"system\", \"content\": \"be kind\"}, {\"role\": \"user\", \"content\": \"%d\"}]";

  @TempDir static Path home;

  @BeforeAll
  static void writePolicy() throws IOException {
    Threads.use(1);
    Path policy = home.resolve("policy");
    BpeTrainer.train(
            Stream.of("hello"), List.of("<|pad|>", "<|end|>", "<|user|>", "<|assistant|>"), 262)
        .write(
            policy,
            "{% if messages[0].role == 'system' %}{{ raise_exception('No system.') }}{% endif %}"
                + "<|user|>{{ messages[0].content }}<|assistant|>",
            "<|end|>",
            "<|pad|>",
            64);
    try (Decoder fresh = Decoder.random(CONFIG, 1)) {
      ModelDirectory.writePolicy(policy, CONFIG, fresh.parameters().export(), policy);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "reward, rankings, dropped_rankings",
    "dpo, rankings, dropped_judgments",
    "kto, thumbs, dropped_judgments",
    "sft, demonstrations, dropped_examples"
  })
  void areLeftOutAndCounted(String kind, String file, String figure) throws IOException {
    RunDirectory some = run(kind, file, rows("\"say %d\"", 8) + rows(SYSTEM, 3), "some");
    train(some);
    assertThat(Objects.requireNonNull(some.status()).metrics()).containsEntry(figure, 3.0);

    RunDirectory all = run(kind, file, rows(SYSTEM, 3), "all");
    assertThatThrownBy(() -> train(all))
        .hasMessage(
            "no row is left to learn from; refused by the policy's chat template: 3, the first"
                + " with \"No system.\"");
  }

  /** Of every kind at once; each trainer reads what it knows. */
  private static String rows(String prompt, int count) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append("{\"prompt\": ").append(prompt.formatted(i));
      rows.append(", \"completions\": [\"no\", \"hello\"], \"groups\": [[1], [0]]");
      rows.append(", \"completion\": \"hello\", \"label\": true}\n");
    }
    return rows.toString();
  }

  private static RunDirectory run(String kind, String file, String rows, String name)
      throws IOException {
    RunDirectory run =
        RunDirectory.create(
            home.resolve(kind + "-" + name),
            new RunRequest(
                kind,
                1,
                home.resolve("policy"),
                null,
                null,
                new ObjectMapper().readTree("{\"epochs\": 1, \"precision\": \"FLOAT32\"}")));
    Files.writeString(run.data(file), rows);
    return run;
  }

  private static void train(RunDirectory run) throws IOException {
    Training.run(
        run,
        RunListener.NONE,
        model -> {
          throw new AssertionError("no rollouts without a reward model");
        });
  }
}
