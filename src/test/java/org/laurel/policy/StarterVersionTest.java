package org.laurel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.artifact.Artifacts;

@QuarkusTest
class StarterVersionTest {
  @Inject StarterPolicy starterPolicy;
  @Inject Artifacts artifacts;
  @TempDir Path folder;
  private PolicyVersion starter;

  @BeforeEach
  void theStarter() throws IOException {
    starter = PolicyVersion.named("starter").orElseThrow();
    FileUtils.copyDirectory(artifacts.directory(starter.artifactHash).toFile(), folder.toFile());
  }

  @AfterEach
  void asBefore() {
    QuarkusTransaction.requiringNew()
        .run(() -> PolicyVersion.delete("kind = 'starter' and id <> ?1", starter.id));
    keep(starter.artifactHash);
  }

  @Test
  void anotherGraphOfTheSameWeightsIsTheSameVersion() throws IOException {
    Files.writeString(folder.resolve("onnx/model.onnx"), "as an earlier Laurel wrote it");
    Files.writeString(folder.resolve("README.md"), "as an earlier Laurel told it");
    String earlier = artifacts.add(folder).hash();
    keep(earlier);

    starterPolicy.register(new StartupEvent());

    assertThat(newest().artifactHash).isEqualTo(earlier);
    assertThat(PolicyVersion.count("kind", "starter")).isOne();
  }

  @Test
  void otherWeightsAreAnotherVersion() throws IOException {
    Path weights = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    keep(artifacts.add(folder).hash());

    starterPolicy.register(new StartupEvent());

    PolicyVersion newer = newest();
    assertThat(newer.name).isEqualTo("starter-2");
    assertThat(newer.artifactHash).isEqualTo(starter.artifactHash);
    assertThat(newer.parameterCount).isEqualTo(starter.parameterCount);
  }

  private static PolicyVersion newest() {
    return QuarkusTransaction.requiringNew().call(() -> PolicyVersion.starter().orElseThrow());
  }

  /** Makes the starter's version one of that artifact. */
  private void keep(String hash) {
    QuarkusTransaction.requiringNew()
        .run(() -> PolicyVersion.update("artifactHash = ?1 where id = ?2", hash, starter.id));
  }
}
