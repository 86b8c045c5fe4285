package org.laurel.policy;

import io.quarkus.arc.Arc;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.laurel.artifact.Artifact;
import org.laurel.artifact.Artifacts;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.model.TensorData;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.serving.RandomModel;
import org.laurel.tokenizer.BpeTrainer;

/** Small policies of random weights, registered so that they can be served. */
public final class TestPolicies {
  private static final String TEMPLATE =
      "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}"
          + "{% if message.role == 'assistant' %}<|end|>{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}<|assistant|>{% endif %}";
  private static final List<String> SPECIAL =
      List.of("<|pad|>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>");

  private TestPolicies() {}

  /** A version with a name of its own; its context is 128 tokens. */
  public static PolicyVersion create(long seed) {
    return create(seed, 128);
  }

  /** As the other {@code create}, with another context. */
  public static PolicyVersion create(long seed, int context) {
    Artifact artifact = artifact(seed, false, context);
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              PolicyVersion version = new PolicyVersion();
              version.name = "test-" + UUID.randomUUID();
              version.kind = "import";
              version.artifactHash = artifact.hash();
              version.artifactBytes = artifact.bytes();
              version.persist();
              return version;
            });
  }

  /** A reward model with a name of its own, on the same tokenizer. */
  public static RewardModelVersion createRewardModel(long seed) {
    Artifact artifact = artifact(seed, true, 128);
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              RewardModelVersion version = new RewardModelVersion();
              version.name = "test-" + UUID.randomUUID();
              version.backbone = "policy";
              version.artifactHash = artifact.hash();
              version.artifactBytes = artifact.bytes();
              version.persist();
              return version;
            });
  }

  private static Artifact artifact(long seed, boolean reward, int context) {
    try {
      Path folder = Files.createTempDirectory("test-policy");
      try {
        return artifact(folder, seed, reward, context);
      } finally {
        FileUtils.deleteDirectory(folder.toFile());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Artifact artifact(Path folder, long seed, boolean reward, int context)
      throws IOException {
    Path tokenizer = Files.createDirectory(folder.resolve("tokenizer"));
    Path model = Files.createDirectory(folder.resolve("model"));
    BpeTrainer.train(Stream.of("a test"), SPECIAL, 261)
        .write(tokenizer, TEMPLATE, "<|end|>", "<|pad|>", context);
    ModelConfig config = RandomModel.config(261, 32, 48, 2, 2, 1, context);
    Map<String, TensorData> weights = new LinkedHashMap<>();
    for (Map.Entry<String, FloatBuffer> weight : RandomModel.weights(config, seed).entrySet()) {
      int size = weight.getValue().remaining();
      if (reward || !weight.getKey().equals("score.weight")) {
        weights.put(weight.getKey(), tensor(weight.getKey(), weight.getValue(), size, config));
      }
    }
    if (reward) {
      ModelDirectory.writeReward(model, config, RewardScale.IDENTITY, weights, tokenizer);
    } else {
      ModelDirectory.writePolicy(model, config, weights, tokenizer);
    }
    return Arc.container().instance(Artifacts.class).get().add(model);
  }

  private static TensorData tensor(String name, FloatBuffer data, int size, ModelConfig config) {
    if (name.endsWith("norm.weight")) {
      return TensorData.of(data, size);
    }
    int columns =
        name.endsWith("down_proj.weight") ? config.intermediateSize() : config.hiddenSize();
    return TensorData.of(data, size / columns, columns);
  }
}
