package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.laurel.engine.ppo.TinyPpo.END;
import static org.laurel.engine.ppo.TinyPpo.LIKES_TWO;
import static org.laurel.engine.ppo.TinyPpo.PAD;
import static org.laurel.engine.ppo.TinyPpo.PROMPTS;
import static org.laurel.engine.ppo.TinyPpo.settings;
import static org.laurel.engine.ppo.TinyPpo.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.LowRank;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.Split;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.tokenizer.BpeTrainer;

class PpoToTheBitTest extends PpoScene {

  @Test
  void aResumedRunIsTheUninterruptedOneToTheBit() {
    String adaptive =
        settings("\"klTarget\": 0.01, \"klHorizon\": 100")
            .replace("\"adaptiveKl\": false", "\"adaptiveKl\": true");
    TinyPpo straight = tiny();
    PpoTrainer uninterrupted = straight.trainer(PROMPTS, LIKES_TWO, adaptive);
    uninterrupted.normalise(RewardScale.IDENTITY);
    Map<String, Double> last = Map.of();
    for (int step = 0; step < 4; step++) {
      last = uninterrupted.step(phase -> {});
    }
    PpoTrainer before = tiny().trainer(PROMPTS, LIKES_TWO, adaptive);
    before.normalise(RewardScale.IDENTITY);
    before.step(phase -> {});
    before.step(phase -> {});
    TinyPpo later = tiny();
    PpoTrainer after = later.trainer(PROMPTS, LIKES_TWO, adaptive);
    after.resume(before.checkpoint());
    after.step(phase -> {});
    Map<String, Double> lastResumed = after.step(phase -> {});

    assertThat(weights(later.policy)).isEqualTo(weights(straight.policy));
    assertThat(weights(later.critic)).isEqualTo(weights(straight.critic));
    last.keySet().removeIf(key -> key.startsWith("time/") || key.equals("eps"));
    assertThat(lastResumed).containsAllEntriesOf(last);
  }

  /** The reference is the policy with its adapters off, in the same memory. */
  @Test
  void adaptersLearnAgainstTheirOwnReferenceAndResumeToTheBit(@TempDir Path home)
      throws IOException {
    BpeTrainer.train(Stream.of("a"), List.of("<|pad|>", "<|end|>"), 262)
        .write(home, "{{ messages[0].content }}", "<|end|>", "<|pad|>", 64);
    ModelConfig config =
        new ModelConfig("llama", 262, 32, 64, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, END, PAD);
    try (Decoder fresh = Decoder.random(config, 1)) {
      ModelDirectory.writePolicy(home, config, fresh.parameters().export(), home);
    }
    PpoTrainer straight = adapted(home);
    Map<String, Double> last = straight.step(phase -> {});
    assertThat(last).containsEntry("objective/kl", 0.0);
    for (int step = 1; step < 4; step++) {
      last = straight.step(phase -> {});
    }
    assertThat(last.get("objective/kl")).isNotZero();
    PpoTrainer before = adapted(home);
    before.step(phase -> {});
    before.step(phase -> {});
    PpoTrainer after = adapted(home);
    after.resume(before.checkpoint());
    after.step(phase -> {});
    Map<String, Double> lastResumed = after.step(phase -> {});
    last.keySet().removeIf(key -> key.startsWith("time/") || key.equals("eps"));
    assertThat(lastResumed).containsAllEntriesOf(last);
    assertThat(after.policyWeights()).isEqualTo(straight.policyWeights());
  }

  private PpoTrainer adapted(Path home) throws IOException {
    PpoHyperparameters h =
        Hyperparameters.read(
            new ObjectMapper().readTree(settings("\"missingStop\": \"KEEP\"")),
            PpoHyperparameters.defaults());
    Decoder policy = open(Decoder.load(ModelDirectory.open(home), new LowRank(4, 8), 5));
    return open(
        new PpoTrainer(
            policy,
            open(policy.withoutAdapters()),
            new Critic(open(policy.copyWithScoreHead(2)), true),
            open(new DecoderRollouts(policy)),
            LIKES_TWO,
            List.of(),
            new Split<>(PROMPTS, List.of()),
            h,
            7));
  }

  @Test
  void layersComputedAgainLearnTheSameToTheBit() {
    for (String precision : List.of("FLOAT32", "BFLOAT16")) {
      TinyPpo kept = tiny();
      TinyPpo again = tiny();
      String common = "\"precision\": \"" + precision + "\"";
      kept.trainer(PROMPTS, LIKES_TWO, settings(common)).step(phase -> {});
      again
          .trainer(PROMPTS, LIKES_TWO, settings("\"recompute\": true, " + common))
          .step(phase -> {});
      assertThat(weights(again.policy)).isEqualTo(weights(kept.policy));
      assertThat(weights(again.critic)).isEqualTo(weights(kept.critic));
    }
  }
}
