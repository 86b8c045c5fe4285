package org.laurel.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.artifact.Artifacts;
import org.laurel.database.Interleaving;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;

@QuarkusTest
class TrainedVersionsTest {
  @Inject TrainedVersions versions;
  @Inject Artifacts artifacts;

  @Test
  void aRunIsRegisteredOnce(@TempDir Path folder) throws Exception {
    PolicyVersion start = TestPolicies.create(22);
    FileUtils.copyDirectory(
        artifacts.directory(start.artifactHash).toFile(), folder.resolve("artifact").toFile());
    Run run = running();

    versions.register(run, new RunFolder(folder));
    versions.register(run, new RunFolder(folder));

    PolicyVersion made =
        QuarkusTransaction.requiringNew().call(() -> PolicyVersion.ofRun(run.id).orElseThrow());
    assertThat(now(run.id).status).isEqualTo(RunStatus.FINISHED);
    assertThatThrownBy(() -> anotherOf(made)).hasStackTraceContaining("policy_version_of_run");
  }

  /** An import may have the name that a training would have taken. */
  @Test
  void aNameThatIsTakenIsPassedOver() {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              String next = PolicyVersion.freeName("sft");
              PolicyVersion imported = new PolicyVersion();
              imported.name = next;
              imported.kind = "import";
              imported.artifactHash = "0".repeat(64);
              imported.persistAndFlush();
              assertThat(PolicyVersion.freeName("sft")).startsWith("sft-").isNotEqualTo(next);
            });
  }

  @Test
  void aChangeKeepsWhatAnotherChangedMeanwhile() throws Exception {
    Run run = running();

    Interleaving.beforeCommit(
        () -> Run.update("cancelRequested = true where id = ?1", run.id),
        1,
        () -> QuarkusTransaction.requiringNew().call(() -> ++Run.locked(run.id).attempt));

    assertThat(now(run.id).cancelRequested).isTrue();
    assertThat(now(run.id).attempt).isEqualTo(1);
  }

  private static void anotherOf(PolicyVersion made) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              PolicyVersion another = new PolicyVersion();
              another.name = made.name + "-again";
              another.kind = made.kind;
              another.runId = made.runId;
              another.artifactHash = made.artifactHash;
              another.persistAndFlush();
            });
  }

  /** A run on a machine that is not here. */
  private static Run running() {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Run run = new Run();
              run.kind = "sft";
              run.status = RunStatus.RUNNING;
              run.machine = "elsewhere-" + UUID.randomUUID();
              run.slot = 1;
              run.persist();
              return run;
            });
  }

  private static Run now(UUID run) {
    return QuarkusTransaction.requiringNew().call(() -> Run.findById(run));
  }
}
