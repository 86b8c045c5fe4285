package org.laurel.sampling;

import io.quarkus.narayana.jta.QuarkusTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.laurel.artifact.Artifact;
import org.laurel.artifact.Artifacts;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.TensorData;
import org.laurel.policy.PolicyVersion;
import org.laurel.serving.RandomModel;
import org.laurel.tokenizer.BpeTrainer;

/** A policy with random weights and a tokenizer of its own, in the store like any other. */
final class TinyPolicy {

  private static final String CHAT =
      "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}<|assistant|>";

  private TinyPolicy() {}

  /**
   * @param context most tokens of prompt and completion together
   */
  static PolicyVersion register(Artifacts artifacts, int context, long seed) {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "tiny-policy-");
      List<String> special =
          List.of("<|pad|>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>");
      BpeTrainer.train(Stream.of("a few words to learn from, and a few more"), special, 280)
          .write(folder, CHAT, "<|end|>", "<|pad|>", context);
      ModelConfig config = RandomModel.config(280, 32, 48, 1, 2, 1, context);
      Map<String, TensorData> weights = new LinkedHashMap<>();
      RandomModel.weights(config, seed)
          .forEach((name, values) -> weights.put(name, TensorData.of(values, shape(name, config))));
      weights.remove("score.weight");
      ModelDirectory.writePolicy(folder, config, weights, folder);
      return version(artifacts.add(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PolicyVersion version(Artifact artifact) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              PolicyVersion version = new PolicyVersion();
              version.name = "tiny-" + UUID.randomUUID();
              version.kind = "import";
              version.artifactHash = artifact.hash();
              version.artifactBytes = artifact.bytes();
              version.persist();
              return version;
            });
  }

  private static long[] shape(String name, ModelConfig config) {
    long hidden = config.hiddenSize();
    long queries = (long) config.numHeads() * config.headDim();
    long keys = (long) config.numKeyValueHeads() * config.headDim();
    long inner = config.intermediateSize();
    String kind = name.substring(name.lastIndexOf('.', name.length() - ".weight".length() - 1) + 1);
    return switch (kind) {
      case "embed_tokens.weight" -> new long[] {config.vocabSize(), hidden};
      case "q_proj.weight" -> new long[] {queries, hidden};
      case "k_proj.weight", "v_proj.weight" -> new long[] {keys, hidden};
      case "o_proj.weight" -> new long[] {hidden, queries};
      case "gate_proj.weight", "up_proj.weight" -> new long[] {inner, hidden};
      case "down_proj.weight" -> new long[] {hidden, inner};
      default -> new long[] {hidden};
    };
  }
}
