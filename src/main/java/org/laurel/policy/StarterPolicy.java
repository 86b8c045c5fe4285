package org.laurel.policy;

import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.panache.common.Sort;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.laurel.artifact.Artifact;
import org.laurel.artifact.Artifacts;
import org.laurel.artifact.MissingArtifact;
import org.laurel.model.ModelDirectory;
import org.laurel.starter.ShippedPolicy;

/**
 * Makes the checkpoint that ships with Laurel a version that can be served, on the first start that
 * has it.
 */
@ApplicationScoped
public class StarterPolicy {
  /** Before other start-up work, which may ask which policy is served. */
  static final int FIRST = 100;

  private final Artifacts artifacts;

  @Inject
  StarterPolicy(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  void register(@Observes @Priority(FIRST) StartupEvent start) {
    if (!ShippedPolicy.present()) {
      Log.warn("This build has no starter policy; import a policy or run 'laurel pretrain'.");
      return;
    }
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              PolicyVersion starter = known().orElseGet(() -> version(unpack()));
              starter.parameterCount =
                  ModelDirectory.open(artifacts.directory(starter.artifactHash))
                      .config()
                      .parameterCount();
            });
  }

  /** The version that an earlier start made of the same policy, whatever its graph looks like. */
  private Optional<PolicyVersion> known() {
    return PolicyVersion.<PolicyVersion>list("kind", Sort.descending("createdAt"), "starter")
        .stream()
        .filter(this::isShipped)
        .findFirst();
  }

  private boolean isShipped(PolicyVersion starter) {
    try {
      return ShippedPolicy.isIn(artifacts.directory(starter.artifactHash));
    } catch (MissingArtifact gone) {
      return false; // it is written again
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the starter policy", e);
    }
  }

  /** The starter's row, written once for each content: a newer Laurel may bring a newer starter. */
  private static PolicyVersion version(Artifact artifact) {
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
        ShippedPolicy.unpack(folder);
        return artifacts.add(folder);
      } finally {
        FileUtils.deleteDirectory(folder.toFile());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack the starter policy", e);
    }
  }
}
