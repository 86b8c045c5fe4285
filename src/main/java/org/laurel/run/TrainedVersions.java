package org.laurel.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.laurel.artifact.Artifact;
import org.laurel.artifact.Artifacts;
import org.laurel.model.Safetensors;
import org.laurel.model.TensorData;
import org.laurel.onnx.OnnxExport;
import org.laurel.policy.PolicyVersion;
import org.laurel.rewardmodel.RewardModelVersion;

/** Makes what a training wrote a version with its lineage, in the transaction that ends the run. */
@ApplicationScoped
class TrainedVersions {
  private final Artifacts artifacts;

  @Inject
  TrainedVersions(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  void register(Run run, RunFolder folder) throws IOException {
    Path model = folder.artifact();
    if (!Files.exists(model.resolve("onnx/model.onnx"))) {
      // The process ended between the weights and the graph; the graph follows from the weights.
      OnnxExport.write(model);
    }
    long parameters =
        Safetensors.open(model.resolve("model.safetensors")).tensors().values().stream()
            .mapToLong(TrainedVersions::size)
            .sum();
    Artifact artifact = artifacts.add(model);
    Map<String, Object> figures = figures(folder.status().path("metrics"));
    QuarkusTransaction.requiringNew()
        .run(() -> register(Run.locked(run.id), artifact, parameters, figures));
  }

  private static void register(
      Run run, Artifact artifact, long parameters, Map<String, Object> figures) {
    if (run.status.ended()) {
      return; // Registered before.
    }
    run.metrics = figures;
    if (run.kind.equals("reward")) {
      rewardModel(run, artifact).persist();
    } else {
      policy(run, artifact, parameters).persist();
    }
    run.end(RunStatus.FINISHED, null);
  }

  private static PolicyVersion policy(Run run, Artifact artifact, long parameters) {
    PolicyVersion policy = new PolicyVersion();
    policy.name = PolicyVersion.freeName(run.kind);
    policy.kind = run.kind;
    policy.projectId = run.projectId;
    policy.parentId = run.policyId;
    policy.runId = run.id;
    policy.snapshotId = run.snapshotId;
    policy.hyperparameters = run.hyperparameters;
    policy.metrics = run.metrics;
    policy.parameterCount = parameters;
    policy.artifactHash = artifact.hash();
    policy.artifactBytes = artifact.bytes();
    return policy;
  }

  private static RewardModelVersion rewardModel(Run run, Artifact artifact) {
    RewardModelVersion model = new RewardModelVersion();
    model.name = RewardModelVersion.freeName();
    model.backbone = run.backbone().key();
    model.projectId = run.projectId;
    model.policyId = run.policyId;
    model.runId = run.id;
    model.snapshotId = run.snapshotId;
    model.hyperparameters = run.hyperparameters;
    model.metrics = run.metrics;
    model.artifactHash = artifact.hash();
    model.artifactBytes = artifact.bytes();
    return model;
  }

  /** What the trainer says of the finished model. */
  private static Map<String, Object> figures(JsonNode metrics) {
    Map<String, Object> figures = new LinkedHashMap<>();
    metrics
        .fields()
        .forEachRemaining(field -> figures.put(field.getKey(), field.getValue().asDouble()));
    return figures;
  }

  private static long size(TensorData tensor) {
    long size = 1;
    for (long side : tensor.shape()) {
      size *= side;
    }
    return size;
  }
}
