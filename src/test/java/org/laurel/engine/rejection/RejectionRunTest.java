package org.laurel.engine.rejection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.engine.Training;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Threads;
import org.laurel.engine.ppo.Episode;
import org.laurel.engine.ppo.Rollout;
import org.laurel.engine.ppo.RolloutParameters;
import org.laurel.engine.ppo.RolloutPolicy;
import org.laurel.engine.reward.RewardModel;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.RunStatus;
import org.laurel.engine.run.RunStoppedException;
import org.laurel.engine.run.Split;
import org.laurel.engine.sft.SftExample;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.preference.BestOfN;
import org.laurel.tokenizer.BpeTrainer;

class RejectionRunTest {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 264, 32, 56, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);
  private static final int END = 1;
  private static final int DRAWS = 4;

  @TempDir Path home;

  @BeforeAll
  static void oneThread() {
    Threads.use(1);
  }

  @BeforeEach
  void writeModels() throws IOException {
    Path policy = home.resolve("policy");
    BpeTrainer.train(
            Stream.of("hello"), List.of("<|pad|>", "<|end|>", "<|user|>", "<|assistant|>"), 262)
        .write(policy, "<|user|>{{ messages[0].content }}<|assistant|>", "<|end|>", "<|pad|>", 64);
    try (Decoder fresh = Decoder.random(CONFIG, 1);
        Decoder judge = fresh.copyWithScoreHead(2)) {
      ModelDirectory.writePolicy(policy, CONFIG, fresh.parameters().export(), policy);
      ModelDirectory.writeReward(
          Files.createDirectories(home.resolve("judge")),
          CONFIG,
          new RewardScale(0.1, 0.5),
          judge.parameters().export(),
          policy);
    }
  }

  /** Three random tokens; the second of every four goes on without an end. */
  private static final class RandomAnswers implements RolloutPolicy {
    private final Map<List<Integer>, List<int[]>> drawn = new HashMap<>();

    @Override
    public List<Rollout> sample(List<int[]> prompts, RolloutParameters parameters) {
      SplittableRandom random = new SplittableRandom(parameters.seed());
      List<Rollout> rollouts = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        boolean stops = i % DRAWS != 1;
        int[] tokens = random.ints(4, 10, 260).toArray();
        tokens[3] = stops ? END : tokens[3];
        rollouts.add(new Rollout(tokens, new float[4], stops));
        drawn
            .computeIfAbsent(
                Arrays.stream(prompts.get(i)).boxed().toList(), prompt -> new ArrayList<>())
            .add(tokens);
      }
      return rollouts;
    }

    @Override
    public void refresh(Map<String, FloatBuffer> weights) {
      throw new AssertionError("all draws are of the first policy");
    }

    @Override
    public void close() {}
  }

  private RunDirectory run() throws IOException {
    return run("run");
  }

  private RunDirectory run(String name) throws IOException {
    RunDirectory run =
        RunDirectory.create(
            home.resolve(name),
            new RunRequest(
                "rejection",
                1,
                home.resolve("policy"),
                null,
                home.resolve("judge"),
                new ObjectMapper()
                    .readTree(
                        "{\"samplesPerPrompt\": 4, \"maxNewTokens\": 4, \"epochs\": 30,"
                            + " \"batchTokens\": 512, \"learningRate\": 0.003,"
                            + " \"precision\": \"FLOAT32\"}")));
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append("{\"prompt\": \"say %d\"}\n".formatted(i));
    }
    rows.append("{\"prompt\": \"%s\"}\n".formatted("too long ".repeat(9)));
    run.write("prompts", rows.toString());
    return run;
  }

  @Test
  void theBestFinishedAnswerOfEachPromptIsLearnt() throws IOException {
    RunDirectory run = run();
    RandomAnswers answers = new RandomAnswers();
    Training.run(run, RunListener.NONE, model -> answers);
    List<JsonNode> winners = run.rows("winners");
    assertThat(winners.subList(1, winners.size()))
        .hasSize(40)
        .allSatisfy(winner -> isTheBest(winner, answers));
    RunStatus status = run.status();
    assertThat(status).isNotNull();
    assertThat(status.state()).isEqualTo(RunStatus.State.FINISHED);
    Map<String, Double> figures = status.metrics();
    assertThat(figures.get("val/stop_rate")).isEqualTo(0.75);
    assertThat(figures).containsEntry("dropped_prompts", 1.0);
    assertThat(figures.get("score/winners")).isGreaterThan(figures.get("score/draws"));
    assertThat(figures.get("loss/train")).isLessThan(4.8);
    assertThat(ModelDirectory.open(run.artifact()).config()).isEqualTo(CONFIG);
    // what was drawn once is not drawn again
    Training.run(
        run,
        RunListener.NONE,
        model -> {
          throw new AssertionError("drawn again");
        });
    assertThat(Objects.requireNonNull(run.status()).metrics())
        .containsEntry("dropped_prompts", 1.0);
  }

  /** Hears how far a run says that it is, and asks it to stop at a step. */
  private static final class Watcher implements RunListener {
    private final List<int[]> heard = new ArrayList<>();
    private final int stopAt;

    Watcher(int stopAt) {
      this.stopAt = stopAt;
    }

    @Override
    public void progress(int step, int totalSteps) {
      heard.add(new int[] {step, totalSteps});
    }

    @Override
    public boolean cancelRequested() {
      return !heard.isEmpty() && heard.get(heard.size() - 1)[0] >= stopAt;
    }
  }

  /** Ends after so many draws, as a process that is killed does. */
  private static RolloutPolicy killedAfter(int draws, RandomAnswers answers) {
    return new RolloutPolicy() {
      private int left = draws;

      @Override
      public List<Rollout> sample(List<int[]> prompts, RolloutParameters parameters) {
        if (left-- == 0) {
          throw new IllegalStateException("killed");
        }
        return answers.sample(prompts, parameters);
      }

      @Override
      public void refresh(Map<String, FloatBuffer> weights) {}

      @Override
      public void close() {}
    };
  }

  @Test
  void aRunKilledWhileItDrawsGoesOnWhereItWas() throws IOException {
    RunDirectory straight = run("straight");
    Watcher watcher = new Watcher(Integer.MAX_VALUE);
    Training.run(straight, watcher, model -> new RandomAnswers());
    List<Integer> steps = watcher.heard.stream().map(one -> one[0]).toList();
    assertThat(steps).isSorted().startsWith(0, 1, 2).contains(3, 4);
    assertThat(watcher.heard).allSatisfy(one -> assertThat(one[1]).isGreaterThan(2));
    int[] last = watcher.heard.get(watcher.heard.size() - 1);
    assertThat(last[0]).isEqualTo(last[1]);

    RunDirectory run = run("killed");
    RandomAnswers before = new RandomAnswers();
    assertThatThrownBy(() -> Training.run(run, RunListener.NONE, m -> killedAfter(1, before)))
        .hasMessage("killed");
    assertThat(before.drawn).hasSize(32);
    RandomAnswers after = new RandomAnswers();
    Training.run(run, RunListener.NONE, model -> after);
    assertThat(after.drawn).hasSize(8);
    assertThat(run.rows("winners")).isEqualTo(straight.rows("winners"));
    assertThat(Objects.requireNonNull(run.status()).metrics().get("score/draws"))
        .isEqualTo(Objects.requireNonNull(straight.status()).metrics().get("score/draws"));
  }

  @Test
  void aRunCancelledWhileItDrawsSaysHowFarItWas() throws IOException {
    RunDirectory run = run();
    assertThatThrownBy(() -> Training.run(run, new Watcher(0), model -> new RandomAnswers()))
        .isInstanceOf(RunStoppedException.class);
    RunStatus status = Objects.requireNonNull(run.status());
    assertThat(status.state()).isEqualTo(RunStatus.State.CANCELLED);
    assertThat(status.step()).isEqualTo(1);
    assertThat(status.totalSteps()).isGreaterThan(2);
  }

  /** Every opening is that of two prompts of forty; the seed of the answers does not matter. */
  @Test
  void whatBeginsAlikeIsHeldOutTogether() {
    Winners winners = new Winners(40, 0);
    for (int i = 0; i < 40; i++) {
      Episode drawn =
          new Episode(new int[] {10 + i}, new Rollout(new int[] {200, END}, new float[2], true));
      winners.choose(List.of(drawn), new double[] {1}, "opening " + i / 2, 64);
    }
    Split<SftExample> split = winners.split(0.2);
    assertThat(split.heldOut().size()).isBetween(2, 20);
    assertThat(split.training()).hasSize(40 - split.heldOut().size());
    assertThat(split.training().stream().map(RejectionRunTest::opening))
        .doesNotContainAnyElementsOf(
            split.heldOut().stream().map(RejectionRunTest::opening).toList());
  }

  private static int opening(SftExample example) {
    return (example.tokens()[0] - 10) / 2;
  }

  private void isTheBest(JsonNode winner, RandomAnswers answers) {
    int[] prompt = ints(winner.get("prompt"));
    List<int[]> finished =
        answers.drawn.getOrDefault(Arrays.stream(prompt).boxed().toList(), List.of()).stream()
            .filter(completion -> completion[3] == END)
            .toList();
    assertThat(finished).hasSize(3);
    try (RewardModel judge = RewardModel.load(ModelDirectory.open(home.resolve("judge")))) {
      List<int[]> inputs =
          finished.stream().map(one -> RewardModel.input(prompt, one, END, 64)).toList();
      double[] scores = judge.scores(inputs, 512);
      int best = BestOfN.best(scores);
      assertThat(ints(winner.get("completion"))).isEqualTo(finished.get(best));
      assertThat(winner.get("score").asDouble())
          .isCloseTo(judge.scale().normalise(scores[best]), within(1e-4));
    }
  }

  private static int[] ints(JsonNode array) {
    int[] ints = new int[array.size()];
    Arrays.setAll(ints, i -> array.get(i).asInt());
    return ints;
  }

  @Test
  void withoutARewardModelNothingIsDrawn() throws IOException {
    RunDirectory run = run();
    RunDirectory blind =
        RunDirectory.create(
            home.resolve("blind"),
            new RunRequest(
                "rejection",
                1,
                home.resolve("policy"),
                null,
                null,
                new ObjectMapper().readTree("{\"maxNewTokens\": 4}")));
    blind.write("prompts", Files.readString(run.data("prompts")));
    assertThatThrownBy(() -> Training.run(blind, RunListener.NONE, model -> new RandomAnswers()))
        .hasMessageContaining("rewardModel");
  }
}
