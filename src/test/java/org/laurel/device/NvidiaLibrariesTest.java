package org.laurel.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvidiaLibrariesTest {
  @TempDir Path home;

  @Test
  void namesWhatIsInNoneOfTheFolders() throws IOException {
    Path one = Files.createDirectory(home.resolve("one"));
    Path two = Files.createDirectory(home.resolve("two"));
    Files.createFile(one.resolve("libcublas.so.13"));
    Files.createFile(two.resolve("libcudnn.so.9"));
    assertThat(
            NvidiaLibraries.missing(
                List.of("libcublas.so.13", "libcudnn.so.9", "libnccl.so.2"), List.of(one, two)))
        .containsExactly("libnccl.so.2");
  }

  @Test
  void readsTheLoadersConfiguration() throws IOException {
    Files.writeString(home.resolve("cuda.conf"), "# CUDA\n/usr/local/cuda-13/lib \n\n");
    Files.writeString(home.resolve("note.txt"), "/elsewhere\n");
    assertThat(NvidiaLibraries.configured(home)).containsExactly(Path.of("/usr/local/cuda-13/lib"));
    assertThat(NvidiaLibraries.configured(home.resolve("none"))).isEmpty();
  }
}
