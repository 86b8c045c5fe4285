package org.laurel.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.StartupEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsTest {
  private Path home;
  private Path model;
  private Artifacts artifacts;

  @BeforeEach
  void aModel(@TempDir Path folder) throws IOException {
    home = folder;
    model = home.resolve("model");
    Files.createDirectories(model.resolve("onnx"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("onnx/model.onnx"), "graph");
    artifacts = new Artifacts(home.resolve("artifacts"));
  }

  @Test
  void equalContentIsKeptOnce() throws IOException {
    Artifact first = artifacts.add(model);
    Artifact second = artifacts.add(model);

    assertThat(second).isEqualTo(first);
    assertThat(first.bytes()).isEqualTo(7);
    try (Stream<Path> kept = Files.list(home.resolve("artifacts"))) {
      assertThat(kept.map(path -> path.getFileName().toString())).containsExactly(first.hash());
    }
  }

  @Test
  void equalContentThatAnotherProcessWasFasterToAddStays() throws IOException {
    Path there = artifacts.add(model).directory();

    Artifacts.moveWhole(model, there);

    assertThat(there.resolve("config.json")).hasContent("{}");
    assertThatThrownBy(() -> Artifacts.moveWhole(home.resolve("none"), home.resolve("there")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void whatAKilledProcessWasCopyingGoesAtTheNextStart() throws IOException {
    Artifact whole = artifacts.add(model);
    Path half = home.resolve("artifacts/.incoming-1/onnx");
    Files.createDirectories(half);
    Files.writeString(half.resolve("model.onnx"), "gra");

    artifacts.sweep(new StartupEvent());

    assertThat(home.resolve("artifacts")).isDirectoryContaining(whole.directory()::equals);
    assertThat(home.resolve("artifacts/.incoming-1")).doesNotExist();
  }

  @Test
  void namesCountAsMuchAsBytes() throws IOException {
    String before = ContentHash.of(model);
    Files.move(model.resolve("config.json"), model.resolve("configuration.json"));

    assertThat(ContentHash.of(model)).isNotEqualTo(before);
  }

  @Test
  void anAlteredArtifactIsRefused() throws IOException {
    Artifact artifact = artifacts.add(model);
    Files.writeString(artifact.directory().resolve("config.json"), "{ }");

    Artifacts afterRestart = new Artifacts(home.resolve("artifacts"));
    assertThatThrownBy(() -> afterRestart.directory(artifact.hash()))
        .isInstanceOf(MissingArtifact.class)
        .hasMessageContaining("was altered");
  }

  @Test
  void aHashIsNeverAPath() {
    assertThatThrownBy(() -> artifacts.directory("../model")).isInstanceOf(MissingArtifact.class);
  }

  @Test
  void whatCannotBeStoredIsToldWithItsReason() {
    assertThatThrownBy(() -> artifacts.add(home.resolve("not-there")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("a model could not be stored: ")
        .hasMessageContaining("not-there");
  }

  @Test
  void theZipHoldsEveryFileAndWhatIsAdded() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Map<String, byte[]> more = new LinkedHashMap<>();
    more.put("README.md", "card".getBytes());
    more.put("config.json", "{\"more\": 1}".getBytes());
    artifacts.zip(artifacts.add(model).hash(), "policy-1", more, out);

    List<String> names = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName() + "=" + new String(zip.readAllBytes()));
      }
    }
    assertThat(names)
        .containsExactly(
            "policy-1/README.md=card",
            "policy-1/config.json={\"more\": 1}",
            "policy-1/onnx/model.onnx=graph");
  }
}
