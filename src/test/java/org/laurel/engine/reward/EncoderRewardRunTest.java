package org.laurel.engine.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.engine.Training;
import org.laurel.engine.nn.Encoder;
import org.laurel.engine.nn.Threads;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.RunStoppedException;
import org.laurel.model.EncoderDirectory;
import org.laurel.ngram.NgramHead;
import org.laurel.tokenizer.Message;

class EncoderRewardRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> WORDS = TinyEncoder.WORDS;

  @TempDir static Path home;

  @BeforeAll
  static void writeEncoder() throws IOException {
    Threads.use(1);
    TinyEncoder.write(home.resolve("encoder"));
  }

  /** More good is better; the prompts differ, and so do the completions' lengths. */
  private static String rankings(int count) {
    Random random = new Random(3);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      List<String> completions = new ArrayList<>();
      for (int k = 0; k < 2; k++) {
        StringBuilder text = new StringBuilder(k == 0 ? "good good" : "c");
        random.ints(1 + random.nextInt(4), 7, 10).forEach(w -> text.append(" " + WORDS.get(w)));
        completions.add(text.toString());
      }
      ObjectNode row = JSON.createObjectNode().put("prompt", "a b " + "c ".repeat(i % 60) + i);
      row.set("completions", JSON.valueToTree(completions));
      row.set("groups", JSON.valueToTree(List.of(List.of(0), List.of(1))));
      rows.append(row.put("promptHash", "p" + i)).append('\n');
    }
    return rows.toString();
  }

  private static RunDirectory run(String name, int rankings, String more) throws IOException {
    RunDirectory run =
        RunDirectory.create(
            home.resolve(name),
            new RunRequest(
                "reward",
                1,
                home.resolve("no-policy-needed"),
                null,
                null,
                home.resolve("encoder"),
                JSON.readTree(
                    "{\"backbone\":\"minilm\",\"minutes\":0,\"precision\":\"FLOAT32\",\"maxTokens\":32,"
                        + "\"learningRate\":3e-3,\"promptsPerBatch\":8"
                        + more
                        + "}")));
    Files.writeString(run.data("rankings"), rankings(rankings));
    return run;
  }

  private static RunListener stopAfter(int looks) {
    return new RunListener() {
      private int seen;

      @Override
      public boolean cancelRequested() {
        return seen++ == looks;
      }
    };
  }

  private static void train(RunDirectory run, RunListener listener) throws IOException {
    Training.run(
        run,
        listener,
        model -> {
          throw new AssertionError("no rollouts in a reward model's training");
        });
  }

  private static Map<String, Double> metrics(RunDirectory run) throws IOException {
    return Objects.requireNonNull(run.status()).metrics();
  }

  @Test
  void votesBecomeAModelThatScoresTexts() throws IOException {
    RunDirectory run = run("learns", 120, ",\"epochs\":4");
    train(run, RunListener.NONE);
    assertThat(metrics(run)).hasEntrySatisfying("accuracy", a -> assertThat(a).isGreaterThan(0.95));
    // frozen features tell the two kinds apart, so the head that begins there does
    assertThat(Files.readAllLines(run.metrics()))
        .filteredOn(line -> line.contains("\"eval/accuracy\""))
        .first()
        .satisfies(
            line -> {
              assertThat(JSON.readTree(line).path("step").asInt()).isZero();
              assertThat(JSON.readTree(line).path("value").asDouble()).isGreaterThan(0.9);
            });
    EncoderDirectory artifact = EncoderDirectory.open(run.artifact());
    assertThat(artifact.isReward()).isTrue();
    assertThat(artifact.maxTokens()).isEqualTo(32);
    assertThat(artifact.rewardScale().standardDeviation()).isEqualTo(1);
    try (EncoderRewardModel model = EncoderRewardModel.load(artifact)) {
      List<Message> prompt = List.of(new Message("user", "a b"));
      double[] scores =
          model.scores(
              List.of(
                  new EncoderRewardModel.Answer(prompt, "good good a"),
                  new EncoderRewardModel.Answer(prompt, "c a")),
              2048);
      assertThat(scores[0]).isGreaterThan(scores[1]);
    }
  }

  /** Neither drowns the other: without the encoder, and without the n-grams, scores change. */
  @Test
  void withoutHeldOutChoicesEncoderAndNgramsCountAlike() throws IOException {
    RunDirectory run = run("unjudged", 60, ",\"epochs\":1,\"heldOutFraction\":0");
    train(run, RunListener.NONE);
    assertThat(metrics(run)).doesNotContainKey("accuracy");
    EncoderDirectory artifact = EncoderDirectory.open(run.artifact());
    NgramHead ngrams = Objects.requireNonNull(NgramHead.read(artifact.weights()));
    List<Double> worded = new ArrayList<>();
    List<Double> encoded = new ArrayList<>();
    try (EncoderRewardModel model = EncoderRewardModel.load(artifact)) {
      for (JsonNode row : run.rows("rankings")) {
        List<Message> prompt = List.of(new Message("user", row.path("prompt").asText()));
        String chosen = row.path("completions").path(0).asText();
        String rejected = row.path("completions").path(1).asText();
        double[] scores =
            model.scores(
                List.of(
                    new EncoderRewardModel.Answer(prompt, chosen),
                    new EncoderRewardModel.Answer(prompt, rejected)),
                2048);
        worded.add(ngrams.score(prompt, chosen) - ngrams.score(prompt, rejected));
        encoded.add(scores[0] - scores[1] - worded.get(worded.size() - 1));
      }
    }
    assertThat(size(encoded) / size(worded)).isCloseTo(1, within(0.05));
  }

  private static double size(List<Double> differences) {
    return Math.sqrt(differences.stream().mapToDouble(d -> d * d).average().orElseThrow());
  }

  /** Judges that toss a coin say the opposite of people, and say it more often. */
  @Test
  void votesThatKnowNothingOutvoteNobody() throws IOException {
    RunDirectory run = run("unsure", 60, ",\"epochs\":1");
    String people = rankings(60);
    String judges =
        people
            .replace("[[0],[1]]", "[[1],[0]]")
            .replace("\"promptHash\"", "\"probability\":0.5,\"promptHash\"");
    Files.writeString(run.data("rankings"), people + judges + judges);
    train(run, RunListener.NONE);
    assertThat(metrics(run).get("ai_votes")).isEqualTo(120);
    assertThat(metrics(run).get("accuracy/ngrams")).isGreaterThan(0.9);
    assertThat(Files.readAllLines(run.metrics()))
        .filteredOn(line -> line.contains("\"eval/accuracy\""))
        .first()
        .satisfies(
            line -> assertThat(JSON.readTree(line).path("value").asDouble()).isGreaterThan(0.9));
  }

  @Test
  void aRunThatWasStoppedEndsAsIfItHadNotBeen() throws IOException {
    RunDirectory straight = run("straight", 60, ",\"epochs\":2");
    train(straight, RunListener.NONE);
    RunDirectory stopped = run("stopped", 60, ",\"epochs\":2");
    assertThatThrownBy(() -> train(stopped, stopAfter(5))).isInstanceOf(RunStoppedException.class);
    train(stopped, RunListener.NONE);
    assertThat(stopped.artifact().resolve("model.safetensors"))
        .hasSameBinaryContentAs(straight.artifact().resolve("model.safetensors"));
    assertThat(metrics(stopped)).isEqualTo(metrics(straight));
  }

  @Test
  void theFirstLookIsTakenOnceHoweverOftenTheRunIsStopped() throws IOException {
    RunDirectory run = run("impatient", 20, ",\"ngrams\":false,\"heldOutFraction\":0.3");
    RunListener atOnce =
        new RunListener() {
          @Override
          public boolean cancelRequested() {
            return true;
          }
        };
    for (int start = 0; start < 2; start++) {
      assertThatThrownBy(() -> train(run, atOnce)).isInstanceOf(RunStoppedException.class);
    }
    assertThat(run.checkpoints().latest().orElseThrow().state().path("withoutGain").asInt(-1))
        .isZero();
    assertThat(Files.readAllLines(run.metrics()))
        .filteredOn(line -> line.contains("\"eval/log_loss\""))
        .hasSize(1);
  }

  @Test
  void headAndLowerLayersLearnAtRatesOfTheirOwn() throws IOException {
    try (Encoder encoder =
        Encoder.load(EncoderDirectory.open(home.resolve("encoder")), WORDS.indexOf("[SEP]"), 1)) {
      EncoderNetwork network = new EncoderNetwork(encoder, 0.5, 10, null);
      assertThat(network.rateShare("classifier.weight")).isEqualTo(10);
      assertThat(network.rateShare("bert.pooler.dense.weight")).isEqualTo(10);
      assertThat(network.rateShare("bert.encoder.layer.1.output.dense.weight")).isEqualTo(1);
      assertThat(network.rateShare("bert.encoder.layer.0.output.dense.weight")).isEqualTo(0.5);
      assertThat(network.rateShare("bert.embeddings.LayerNorm.bias")).isEqualTo(0.25);
    }
  }

  @Test
  void aMissingBackboneIsSaid() throws IOException {
    RunDirectory run =
        RunDirectory.create(
            home.resolve("missing"),
            new RunRequest(
                "reward",
                1,
                home.resolve("x"),
                null,
                null,
                JSON.readTree("{\"backbone\":\"minilm\"}")));
    Files.writeString(run.data("rankings"), rankings(4));
    assertThatThrownBy(() -> train(run, RunListener.NONE))
        .hasMessage("run.json names no directory of the backbone");
  }

  @Test
  void minutesAreKept() {
    TrainingPlan wanted = new TrainingPlan(256, 2);
    assertThat(TrainingPlan.within(1e6, wanted, width -> 0L, width -> width * 100L))
        .isEqualTo(wanted);
    assertThat(TrainingPlan.within(40_000, wanted, width -> 0L, width -> width * 100L))
        .isEqualTo(new TrainingPlan(192, 2));
    TrainingPlan scarce = TrainingPlan.within(6400, wanted, width -> 0L, width -> width * 100L);
    assertThat(scarce.maxTokens()).isEqualTo(128);
    assertThat(scarce.epochs()).isCloseTo(0.5, within(1e-9));
    assertThat(scarce.steps(30)).isEqualTo(15);
    // what is done once leaves less for all epochs
    assertThat(TrainingPlan.within(40_000, wanted, width -> width * 50L, width -> width * 100L))
        .isEqualTo(new TrainingPlan(160, 2));
    assertThat(
            TrainingPlan.within(12_800, wanted, width -> width * 50L, width -> width * 100L)
                .epochs())
        .isCloseTo(0.5, within(1e-9));
    assertThat(TrainingPlan.within(0, wanted, width -> 0L, width -> width * 100L).steps(30))
        .isEqualTo(1);
  }

  /** What a run has taken before it was stopped counts when it goes on. */
  @Test
  void aResumedRunHasTheMinutesThatAreLeft() throws IOException {
    RunDirectory run = run("timed", 60, ",\"epochs\":10,\"patience\":1000,\"minutes\":10");
    assertThatThrownBy(() -> train(run, stopAfter(5))).isInstanceOf(RunStoppedException.class);
    Checkpoint stopped = run.checkpoints().latest().orElseThrow();
    assertThat(stopped.state().path("seconds").asDouble()).isBetween(0.01, 300.0);
    stopped.state().put("seconds", 600);
    run.checkpoints().save(() -> stopped);

    train(run, RunListener.NONE);

    assertThat(metrics(run).get("steps")).isEqualTo(stopped.step() + 12.0).isLessThan(60);
  }
}
