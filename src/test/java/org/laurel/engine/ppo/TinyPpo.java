package org.laurel.engine.ppo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Device;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.Split;
import org.laurel.model.ModelConfig;

/** A policy of two layers with all that PPO needs; the same for the same seed. */
final class TinyPpo implements AutoCloseable {

  static final int PAD = 0;
  static final int END = 1;
  static final List<int[]> PROMPTS =
      List.of(new int[] {2, 3}, new int[] {4}, new int[] {5, 6, 7, 2}, new int[] {3, 3, 3});

  /** Likes token 2, in a way that needs no network. */
  static final Scorer LIKES_TWO =
      episodes ->
          episodes.stream()
              .mapToDouble(e -> Arrays.stream(e.completion()).filter(t -> t == 2).count())
              .toArray();

  final Decoder policy;
  final Decoder reference;
  final Decoder critic;
  final DecoderRollouts rollouts;
  private final List<PpoTrainer> trainers = new ArrayList<>();

  TinyPpo(long seed) {
    this(seed, true);
  }

  /**
   * @param tied whether the output layer is the embeddings
   */
  TinyPpo(long seed, boolean tied) {
    policy =
        Decoder.random(
            new ModelConfig(
                "llama", 10, 32, 64, 2, 2, 1, 16, 64, 1e-5, 10_000, tied, null, END, PAD),
            seed);
    reference = policy.copy();
    critic = policy.copyWithScoreHead(seed + 1);
    rollouts = new DecoderRollouts(policy);
  }

  PpoTrainer trainer(List<int[]> prompts, Scorer scorer, String hyperparameters) {
    try {
      PpoHyperparameters h =
          Hyperparameters.read(
              new ObjectMapper().readTree(hyperparameters), PpoHyperparameters.defaults());
      PpoTrainer trainer =
          new PpoTrainer(
              policy,
              reference,
              new Critic(critic, true),
              rollouts,
              scorer,
              RewardRule.of(h),
              Split.ofCount(prompts, Arrays::toString, h.heldOutPrompts()),
              h,
              7);
      trainers.add(trainer);
      return trainer;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Hyperparameters that suit so small a policy, and more of them. */
  static String settings(String more) {
    return """
    {"steps": 50, "episodesPerStep": 32, "miniBatches": 2, "maxNewTokens": 8,
     "learningRate": 1e-3, "valueLearningRate": 1e-3, "normalisationSamples": 64,
     "warmupSteps": 0, "precision": "FLOAT32", "klBudget": 100,
     "adaptiveKl": false, %s}
    """
        .formatted(more);
  }

  static float[] weights(Decoder decoder) {
    return Device.floats(decoder.parameters().values());
  }

  static Map<String, float[]> byName(Decoder decoder) {
    Map<String, float[]> copies = new LinkedHashMap<>();
    decoder
        .parameters()
        .buffers()
        .forEach(
            (name, buffer) -> {
              float[] copy = new float[buffer.capacity()];
              buffer.get(copy);
              copies.put(name, copy);
            });
    return copies;
  }

  @Override
  public void close() {
    trainers.forEach(PpoTrainer::close);
    rollouts.close();
    critic.close();
    reference.close();
    policy.close();
  }
}
