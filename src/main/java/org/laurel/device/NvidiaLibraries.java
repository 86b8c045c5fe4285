package org.laurel.device;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * NVIDIA's shared libraries on a Linux machine, as files in the folders where they are looked for.
 */
public final class NvidiaLibraries {
  private static final List<String> USUAL =
      List.of(
          "/usr/local/cuda-13.1/lib64",
          "/usr/local/cuda/lib64",
          "/usr/lib64",
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib");

  private NvidiaLibraries() {}

  /** Those of the libraries that are nowhere on this machine. */
  public static List<String> missing(List<String> libraries) {
    return missing(libraries, folders());
  }

  static List<String> missing(List<String> libraries, List<Path> folders) {
    return libraries.stream()
        .filter(name -> folders.stream().noneMatch(f -> Files.exists(f.resolve(name))))
        .toList();
  }

  private static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    String own = System.getenv("LD_LIBRARY_PATH");
    if (own != null) {
      Stream.of(own.split(File.pathSeparator))
          .filter(s -> !s.isBlank())
          .forEach(s -> add(folders, s));
    }
    USUAL.forEach(s -> add(folders, s));
    folders.addAll(configured(Path.of("/etc/ld.so.conf.d")));
    return folders;
  }

  private static void add(List<Path> folders, String path) {
    folders.add(Path.of(path));
  }

  /** The folders named in the loader's configuration files. */
  static List<Path> configured(Path configuration) {
    if (!Files.isDirectory(configuration)) {
      return List.of();
    }
    List<Path> folders = new ArrayList<>();
    try (Stream<Path> files = Files.list(configuration)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".conf")).toList()) {
        Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> line.startsWith("/"))
            .forEach(line -> add(folders, line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folders;
  }
}
