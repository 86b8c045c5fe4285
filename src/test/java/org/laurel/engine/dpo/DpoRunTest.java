package org.laurel.engine.dpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.engine.Training;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Threads;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.RunStatus;
import org.laurel.engine.run.RunStoppedException;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.BpeTrainer;

class DpoRunTest {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 264, 32, 56, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);
  private static final String QUICK =
      "{\"learningRate\": 0.003, \"epochs\": 2, \"precision\": \"FLOAT32\"%s}";

  @TempDir Path home;

  @BeforeAll
  static void oneThread() {
    Threads.use(1);
  }

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

  private RunDirectory run(String kind, String file, String rows, String hyperparameters)
      throws IOException {
    RunDirectory run =
        RunDirectory.create(
            home.resolve(kind),
            new RunRequest(
                kind,
                1,
                home.resolve("policy"),
                null,
                null,
                new ObjectMapper().readTree(hyperparameters)));
    Files.writeString(run.data(file), rows);
    return run;
  }

  private static void train(RunDirectory run, RunListener listener) throws IOException {
    Training.run(
        run,
        listener,
        model -> {
          throw new AssertionError("no rollouts without a reward model");
        });
  }

  private static String rankings() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append(
          """
          {"prompt": "say %d", "completions": ["no", "hello hello"], "groups": [[1], [0]]}
          """
              .formatted(i));
    }
    return rows.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpo", "ipo"})
  void rankingsBecomeAPolicyThatPrefersWhatPeopleDo(String kind) throws IOException {
    RunDirectory run = run(kind, "rankings", rankings(), QUICK.formatted(""));
    train(run, RunListener.NONE);
    Map<String, Double> metrics = finished(run);
    assertThat(metrics.get("eval/rewards/accuracies")).isGreaterThan(0.9);
    assertThat(metrics.get("held_out_judgments")).isPositive();
    assertThat(ModelDirectory.open(run.artifact()).config()).isEqualTo(CONFIG);
  }

  /** What judges say of a prompt that is held out neither trains nor judges. */
  @Test
  void peoplesRankingsJudgeAPolicyThatAlsoLearntFromJudges() throws IOException {
    String judges = rankings().replace("}", ", \"probability\": 0.9}");
    RunDirectory run =
        run("dpo", "rankings", rankings() + judges, "{\"epochs\": 1, \"precision\": \"FLOAT32\"}");
    train(run, RunListener.NONE);
    double heldOut = Objects.requireNonNull(finished(run).get("held_out_judgments"));
    assertThat(heldOut).isPositive();
    assertThat(finished(run).get("training_judgments")).isEqualTo(2 * (40 - heldOut));
  }

  @Test
  void adaptersAloneLearnTooAndAreMergedInTheArtifact() throws IOException {
    RunDirectory run =
        run(
            "dpo",
            "rankings",
            rankings(),
            "{\"learningRate\": 0.02, \"epochs\": 2, \"precision\": \"FLOAT32\", \"loraRank\": 4}");
    train(run, RunListener.NONE);
    assertThat(finished(run).get("eval/rewards/accuracies")).isGreaterThan(0.9);
    ModelDirectory made = ModelDirectory.open(run.artifact());
    ModelDirectory start = ModelDirectory.open(home.resolve("policy"));
    assertThat(made.weights().names()).isEqualTo(start.weights().names());
    for (String name : made.weights().names()) {
      boolean projection = name.contains("_proj.");
      assertThat(bytes(made, name).equals(bytes(start, name))).as(name).isEqualTo(!projection);
    }
  }

  private static String thumbs() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append(
          "{\"prompt\": \"say %d\", \"completion\": \"%s\", \"label\": %b}\n"
              .formatted(i, i % 2 == 0 ? "hello hello" : "no", i % 2 == 0));
    }
    return rows.toString();
  }

  @Test
  void thumbsBecomeAPolicyThatAvoidsWhatIsBad() throws IOException {
    RunDirectory run =
        run("kto", "thumbs", thumbs(), QUICK.formatted(", \"judgmentsPerBatch\": 8"));
    train(run, RunListener.NONE);
    assertThat(finished(run).get("eval/rewards/accuracies")).isGreaterThan(0.8);
  }

  @Test
  void oneOfManyPromptsTrainsThoughTheHashHoldsOutAll() throws IOException {
    String most = QUICK.formatted(", \"heldOutFraction\": 0.999999");
    RunDirectory dpo = run("dpo", "rankings", rankings(), most);
    RunDirectory kto = run("kto", "thumbs", thumbs(), most);
    for (RunDirectory run : List.of(dpo, kto)) {
      train(run, RunListener.NONE);
      assertThat(finished(run).get("training_judgments")).isEqualTo(1);
      assertThat(finished(run).get("held_out_judgments")).isEqualTo(39);
    }
  }

  private static Map<String, Double> finished(RunDirectory run) throws IOException {
    RunStatus status = run.status();
    assertThat(status).isNotNull();
    assertThat(status.state()).isEqualTo(RunStatus.State.FINISHED);
    return status.metrics();
  }

  @Test
  void aRunThatWasCancelledGoesOnWhereItWas() throws IOException {
    RunDirectory straight = run("dpo", "rankings", rankings(), QUICK.formatted(""));
    train(straight, RunListener.NONE);
    RunDirectory run = run("ipo", "rankings", rankings(), QUICK.formatted(""));
    Files.writeString(
        run.path().resolve("run.json"),
        Files.readString(run.path().resolve("run.json")).replace("\"ipo\"", "\"dpo\""));
    assertThatThrownBy(() -> train(run, new CancelAfterTwoSteps()))
        .isInstanceOf(RunStoppedException.class);
    run.clearCancel();
    train(run, RunListener.NONE);
    assertThat(Files.mismatch(weights(run), weights(straight))).isEqualTo(-1);
  }

  private static ByteBuffer bytes(ModelDirectory model, String name) {
    return Objects.requireNonNull(model.weights().tensors().get(name)).bytes();
  }

  private static Path weights(RunDirectory run) {
    return run.artifact().resolve("model.safetensors");
  }

  private static final class CancelAfterTwoSteps implements RunListener {
    private int steps;

    @Override
    public void progress(int step, int totalSteps) {
      steps = step;
    }

    @Override
    public boolean cancelRequested() {
      return steps >= 2;
    }
  }

  @Test
  void wrongRowsAndSettingsAreNamed() throws IOException {
    RunDirectory row = run("kto", "thumbs", "{\"prompt\": \"a\", \"completion\": \"b\"}\n", "{}");
    assertThatThrownBy(() -> train(row, RunListener.NONE)).hasMessageContaining("row 1");
    RunDirectory beta = run("dpo", "rankings", rankings(), "{\"beta\": 0}");
    assertThatThrownBy(() -> train(beta, RunListener.NONE)).hasMessageContaining("beta");
  }
}
