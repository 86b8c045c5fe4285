package org.laurel.modelimport;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where models lie until they are policies: {@code LAUREL_HOME/imports/<import id>}. */
@ApplicationScoped
class ImportFolders {
  private final Path imports;

  @Inject
  ImportFolders(@ConfigProperty(name = "laurel.home") Path home) {
    this.imports = home.toAbsolutePath().resolve("imports");
  }

  Path of(UUID id) {
    return imports.resolve(id.toString());
  }

  /** An uploaded archive, as it came. */
  Path archive(UUID id) {
    return of(id).resolve("archive");
  }

  /** A folder for an upload that has no import yet. */
  Path fresh() throws IOException {
    return Files.createDirectories(imports.resolve("upload-" + UUID.randomUUID()));
  }

  /** Bytes that fit on the disk. */
  long free() throws IOException {
    return Files.createDirectories(imports).toFile().getUsableSpace();
  }

  /** Deletes what broken uploads and ended imports left behind. */
  void keepOnly(List<UUID> ids) throws IOException {
    Set<String> kept = ids.stream().map(UUID::toString).collect(Collectors.toSet());
    List<Path> folders;
    try (Stream<Path> all = Files.list(Files.createDirectories(imports))) {
      folders = all.filter(folder -> !kept.contains(folder.getFileName().toString())).toList();
    }
    for (Path folder : folders) {
      FileUtils.forceDelete(folder.toFile());
    }
  }
}
