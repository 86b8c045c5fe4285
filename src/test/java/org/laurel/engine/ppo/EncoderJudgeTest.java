package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.engine.Training;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.Threads;
import org.laurel.engine.reward.EncoderRewardModel;
import org.laurel.engine.reward.TinyEncoder;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.RunStatus;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.BpeTrainer;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;

/** PPO under a reward model that reads texts, whatever tokens the policy writes them by. */
class EncoderJudgeTest {
  @TempDir static Path home;

  @BeforeAll
  static void writeModels() throws IOException {
    Threads.use(1);
    TinyEncoder.writeReward(home.resolve("judge"), home.resolve("encoder"));
    Path tokenizer = Files.createDirectories(home.resolve("tokenizer"));
    BpeTrainer.train(
            Stream.of("a good b c"),
            List.of("<|pad|>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>"),
            270)
        .write(
            tokenizer,
            "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}<|assistant|>",
            "<|end|>",
            "<|pad|>",
            64);
    ModelConfig config =
        new ModelConfig("llama", 270, 32, 48, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);
    try (Decoder policy = Decoder.random(config, 3)) {
      ModelDirectory.writePolicy(
          home.resolve("policy"), config, policy.parameters().export(), tokenizer);
    }
  }

  @Test
  void readsWhatTheTokensSay() throws IOException {
    PromptEncoder encoder = PromptEncoder.read(home.resolve("policy"), 1);
    List<Message> messages = List.of(new Message("user", "a b"));
    int[] prompt = encoder.prompt(messages);
    int[] completion = encoder.completion("good c");
    Episode episode =
        new Episode(prompt, new Rollout(completion, new float[completion.length], true));
    try (Judge judge = Judge.open(home.resolve("judge"));
        EncoderRewardModel alone =
            EncoderRewardModel.load(EncoderDirectory.open(home.resolve("judge")))) {
      double[] scores =
          judge
              .scorer(64, encoder.tokenizer()::decode, Map.of(IntBuffer.wrap(prompt), messages))
              .score(List.of(episode));
      double[] expected =
          alone.scores(
              List.of(
                  new EncoderRewardModel.Answer(messages, "good c"),
                  new EncoderRewardModel.Answer(List.of(), "good c")),
              64);
      assertThat(scores[0]).isCloseTo(expected[0], within(1e-5));
      assertThat(scores[0]).isNotCloseTo(expected[1], within(1e-5));
    }
  }

  /** A value network that begins as the policy says 0, however the reward model is scaled. */
  @Test
  void theValueNetworkBeginsAtZero() throws IOException {
    RunRequest request =
        new RunRequest("ppo", 1, home.resolve("policy"), null, home.resolve("judge"), null);
    PpoHyperparameters h = PpoHyperparameters.defaults();
    Episode episode =
        new Episode(new int[] {2, 3}, new Rollout(new int[] {4, 1}, new float[2], true));
    try (PpoModels models = PpoModels.load(request, h);
        PpoUpdate update =
            new PpoUpdate(models.policy(), models.reference(), models.critic(), h, 1)) {
      update.reference(
          List.of(EpisodeBatch.pack(List.of(episode), Packing.of(4, 64), 0)),
          new Normalisation(40, 3),
          new StepStatistics());
    }
    assertThat(episode.values()).containsExactly(0, 0);
  }

  @Test
  void aRunOfTwoStepsEndsInAnotherPolicy() throws IOException {
    RunDirectory run =
        RunDirectory.create(
            home.resolve("run"),
            new RunRequest(
                "ppo",
                1,
                home.resolve("policy"),
                null,
                home.resolve("judge"),
                new ObjectMapper()
                    .readTree(
                        "{\"steps\":2,\"episodesPerStep\":4,\"epochs\":1,\"miniBatches\":1,"
                            + "\"maxNewTokens\":6,\"normalisationSamples\":8,"
                            + "\"heldOutPrompts\":0,\"precision\":\"FLOAT32\"}")));
    Files.writeString(
        run.data("prompts"), "{\"prompt\":\"a b\"}\n{\"prompt\":\"good\"}\n{\"prompt\":\"c\"}\n");
    Training.run(run, RunListener.NONE, policy -> new DecoderRollouts(Decoder.load(policy)));
    RunStatus status = Objects.requireNonNull(run.status());
    assertThat(status.state()).isEqualTo(RunStatus.State.FINISHED);
    assertThat(status.step()).isEqualTo(2);
    assertThat(run.artifact().resolve("model.safetensors")).exists();
    assertThat(
            Files.mismatch(
                run.artifact().resolve("model.safetensors"),
                home.resolve("policy/model.safetensors")))
        .isNotNegative();
  }
}
