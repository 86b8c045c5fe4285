package org.laurel.round;

import java.util.Optional;
import org.laurel.artifact.Artifacts;
import org.laurel.artifact.MissingArtifact;
import org.laurel.model.ModelDirectory;
import org.laurel.model.ModelFormatException;
import org.laurel.policy.PolicyVersion;

/** The model that a round starts from, as far as its files are there. */
final class PolicyFiles {
  private PolicyFiles() {}

  /** The files; nothing where they are missing or no model, which its training will say. */
  static Optional<ModelDirectory> of(PolicyVersion policy, Artifacts artifacts) {
    try {
      return Optional.of(ModelDirectory.open(artifacts.directory(policy.artifactHash)));
    } catch (MissingArtifact | ModelFormatException e) {
      return Optional.empty();
    }
  }
}
