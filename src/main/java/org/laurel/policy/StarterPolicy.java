package org.laurel.policy;

import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.laurel.artifact.Artifact;
import org.laurel.artifact.Artifacts;
import org.laurel.model.ModelDirectory;
import org.laurel.onnx.OnnxExport;

/**
 * Makes the checkpoint that ships with Laurel a version that can be served, on the first start that
 * has it.
 */
@ApplicationScoped
public class StarterPolicy {
  /** Before other start-up work, which may ask which policy is served. */
  static final int FIRST = 100;

  private static final String RESOURCES = "starter-policy/";
  private static final List<String> FILES =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "model.safetensors",
          "README.md",
          "onnx/model.onnx");

  private final Artifacts artifacts;

  @Inject
  StarterPolicy(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  void register(@Observes @Priority(FIRST) StartupEvent start) {
    if (resource("model.safetensors") == null) {
      Log.warn("This build has no starter policy; import a policy or run 'laurel pretrain'.");
      return;
    }
    Artifact artifact = unpack();
    QuarkusTransaction.requiringNew().run(() -> version(artifact));
  }

  /** The starter's row, written once for each content: a newer Laurel may bring a newer starter. */
  static PolicyVersion version(Artifact artifact) {
    Optional<PolicyVersion> known =
        PolicyVersion.find("kind = 'starter' and artifactHash = ?1", artifact.hash())
            .firstResultOptional();
    return known.orElseGet(
        () -> {
          PolicyVersion starter = new PolicyVersion();
          long earlier = PolicyVersion.count("kind", "starter");
          starter.name = earlier == 0 ? "starter" : "starter-" + (earlier + 1);
          starter.kind = "starter";
          starter.artifactHash = artifact.hash();
          starter.artifactBytes = artifact.bytes();
          starter.hyperparameters = Map.of();
          starter.persist();
          Log.infof("Registered the policy %s (%s)", starter.name, artifact.hash());
          return starter;
        });
  }

  private Artifact unpack() {
    try {
      Path folder = Files.createTempDirectory("starter-policy");
      try {
        for (String name : FILES) {
          try (InputStream in = resource(name)) {
            if (in != null) {
              Path file = folder.resolve(name);
              Files.createDirectories(folder.resolve(name).resolveSibling("."));
              Files.copy(in, file);
            }
          }
        }
        if (Files.notExists(folder.resolve("onnx/model.onnx"))) {
          // Kept out of the repository: it is the same weights again.
          OnnxExport.write(ModelDirectory.open(folder));
        }
        return artifacts.add(folder);
      } finally {
        try (Stream<Path> walk = Files.walk(folder)) {
          for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack the starter policy", e);
    }
  }

  private static @Nullable InputStream resource(String name) {
    return Thread.currentThread().getContextClassLoader().getResourceAsStream(RESOURCES + name);
  }
}
