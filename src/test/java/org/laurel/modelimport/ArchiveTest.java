package org.laurel.modelimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTest {
  private static final Limits LIMITS = new Limits(64L << 20, 50, 100);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"zip", "tar", "tar.gz"})
  void takesTheFilesOfAModelAndNothingElse(String type) throws Exception {
    Path archive =
        archive(
            type,
            "gpt/config.json",
            "gpt/model.safetensors",
            "gpt/run.sh",
            "gpt/onnx/model.onnx",
            "gpt/pytorch_model.bin");

    assertThat(unpack(archive, LIMITS))
        .containsExactlyInAnyOrder("gpt", "gpt/config.json", "gpt/model.safetensors");
    assertThat(folder.resolve("out/gpt/config.json")).hasContent("gpt/config.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../config.json",
        "a/../../config.json",
        "/tmp/config.json",
        "..\\config.json",
        "C:/config.json",
        "a/../config.json"
      })
  void aPathThatLeadsOutRefusesTheArchive(String name) throws IOException {
    for (String type : new String[] {"zip", "tar", "tar.gz"}) {
      Path archive = archive(type, "model/tokenizer.json", name);
      assertThatThrownBy(() -> unpack(archive, LIMITS))
          .isInstanceOf(RefusedModel.class)
          .hasMessageContaining("leads out");
      assertThat(folder.resolve("config.json")).doesNotExist();
      assertThat(Path.of("/tmp/config.json")).doesNotExist();
    }
  }

  @Test
  void aLinkRefusesTheArchive() throws IOException {
    Path tar = folder.resolve("links.tar");
    for (byte kind :
        new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_FIFO}) {
      try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
        TarArchiveEntry link = new TarArchiveEntry("config.json", kind);
        link.setLinkName("/etc/passwd");
        out.putArchiveEntry(link);
        out.closeArchiveEntry();
      }
      assertThatThrownBy(() -> unpack(tar, LIMITS))
          .isInstanceOf(RefusedModel.class)
          .hasMessageContaining("no plain file");
    }
    Path zip = folder.resolve("links.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      ZipArchiveEntry link = new ZipArchiveEntry("config.json");
      link.setUnixMode(0120777);
      out.putArchiveEntry(link);
      out.write("/etc/passwd".getBytes(StandardCharsets.UTF_8));
      out.closeArchiveEntry();
    }
    assertThatThrownBy(() -> unpack(zip, LIMITS))
        .isInstanceOf(RefusedModel.class)
        .hasMessageContaining("no plain file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip", "tar.gz"})
  void aBombIsRefusedEarly(String type) throws IOException {
    Path archive = archive(type, "model.safetensors*" + (48 << 20));
    assertThat(Files.size(archive)).isLessThan(100_000);
    assertThatThrownBy(() -> unpack(archive, LIMITS))
        .isInstanceOf(RefusedModel.class)
        .hasMessageContaining("more than 100 times its size");
    assertThat(Files.size(folder.resolve("out/model.safetensors"))).isLessThan(16 << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip", "tar", "tar.gz"})
  void tooMuchIsRefused(String type) throws IOException {
    Path archive =
        archive(type, "model-00001-of-00002.safetensors*3000000", "model.safetensors*3000000");
    assertThatThrownBy(() -> unpack(archive, new Limits(4L << 20, 50, 100_000)))
        .isInstanceOf(RefusedModel.class)
        .hasMessageContaining("more than 4 MiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip", "tar"})
  void tooManyEntriesAreRefused(String type) throws IOException {
    String[] names = new String[51];
    for (int i = 0; i < names.length; i++) {
      names[i] = "file-" + i;
    }
    Path archive = archive(type, names);
    assertThatThrownBy(() -> unpack(archive, LIMITS))
        .isInstanceOf(RefusedModel.class)
        .hasMessageContaining("more than 50 entries");
  }

  @Test
  void aHeaderWithoutEndIsRefused() throws IOException {
    Path tar = folder.resolve("long.tar");
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
      TarArchiveEntry longName =
          new TarArchiveEntry(TarConstants.GNU_LONGLINK, TarConstants.LF_GNUTYPE_LONGNAME);
      byte[] name = "x".repeat(2 << 20).getBytes(StandardCharsets.UTF_8);
      longName.setSize(name.length);
      out.putArchiveEntry(longName);
      out.write(name);
      out.closeArchiveEntry();
    }
    assertThatThrownBy(() -> unpack(tar, LIMITS))
        .isInstanceOf(RefusedModel.class)
        .hasMessageContaining("header that is too long");
  }

  @Test
  void whatIsNoArchiveIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "{}");
    assertThatThrownBy(() -> unpack(text, LIMITS)).hasMessageContaining("no .zip, .tar or .tar.gz");
    byte[] zip = Files.readAllBytes(archive("zip", "config.json"));
    Path cut = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(zip, 40));
    assertThatThrownBy(() -> unpack(cut, LIMITS))
        .isInstanceOf(RefusedModel.class)
        .hasMessageContaining("cannot be unpacked");
  }

  private List<String> unpack(Path archive, Limits limits)
      throws RefusedModel, IOException, InterruptedException {
    Path out = folder.resolve("out");
    FileUtils.deleteDirectory(out.toFile());
    Files.createDirectories(out);
    Archive.unpack(archive, out, limits, new Copying(bytes -> {}));
    try (var all = Files.walk(out)) {
      return all.filter(file -> !file.equals(out))
          .map(file -> out.relativize(file).toString())
          .toList();
    }
  }

  /** Files with their names as content, or with so many zeros as a number after a star says. */
  private Path archive(String type, String... names) throws IOException {
    Path file = folder.resolve("archive." + type);
    if (type.equals("zip")) {
      try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(file)) {
        for (String name : names) {
          out.putArchiveEntry(new ZipArchiveEntry(name.replaceAll("\\*.*", "")));
          out.write(content(name));
          out.closeArchiveEntry();
        }
      }
      return file;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      for (String name : names) {
        TarArchiveEntry entry = new TarArchiveEntry(name.replaceAll("\\*.*", ""), true);
        byte[] content = content(name);
        entry.setSize(content.length);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
      }
    }
    if (type.equals("tar")) {
      return Files.write(file, bytes.toByteArray());
    }
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(bytes.toByteArray());
    }
    return file;
  }

  private static byte[] content(String name) {
    int star = name.indexOf('*');
    return star < 0
        ? name.getBytes(StandardCharsets.UTF_8)
        : new byte[Integer.parseInt(name.substring(star + 1))];
  }
}
