package org.laurel.artifact;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.io.FileUtils;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The store of model directories, {@code LAUREL_HOME/artifacts/<hash>}. A folder appears whole or
 * not at all: it is copied beside its place, forced to disk, and moved there in one step. It is
 * checked against its name the first time that this process opens it.
 */
@ApplicationScoped
public class Artifacts {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final String INCOMING = ".incoming-";

  /** Before anything of this server adds an artifact. */
  private static final int FIRST = 1;

  private final Path store;
  private final Set<String> verified = ConcurrentHashMap.newKeySet();

  @Inject
  public Artifacts(
      @ConfigProperty(name = "laurel.home", defaultValue = "${user.home}/.laurel") String home) {
    this(Path.of(home).resolve("artifacts"));
  }

  Artifacts(Path store) {
    this.store = store;
  }

  /** Deletes what earlier processes were copying when they were killed. */
  void sweep(@Observes @Priority(FIRST) StartupEvent start) {
    try (DirectoryStream<Path> broken =
        Files.newDirectoryStream(Files.createDirectories(store), INCOMING + "*")) {
      for (Path folder : broken) {
        FileUtils.deleteDirectory(folder.toFile());
      }
    } catch (IOException e) {
      Log.warnf("half copied artifacts stay behind: %s", e.getMessage());
    }
  }

  /**
   * Copies {@code folder} into the store; a folder with the same content is already there only
   * once.
   */
  public Artifact add(Path folder) {
    try {
      Files.createDirectories(store);
      Path incoming = store.resolve(INCOMING + UUID.randomUUID());
      try {
        copy(folder, incoming);
        // Hashed after the copy: what is named is what was written, whatever happens to the source
        // meanwhile.
        String hash = ContentHash.of(incoming);
        Path place = store.resolve(hash);
        if (!Files.isDirectory(place)) {
          moveWhole(incoming, place);
        }
        verified.add(hash);
        return new Artifact(hash, bytes(place), place);
      } finally {
        FileUtils.deleteDirectory(incoming.toFile());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a model could not be stored: " + e.getMessage(), e);
    }
  }

  /**
   * The folder of that hash.
   *
   * @throws MissingArtifact if it is not there, or if its files are not those that the hash names
   */
  public Path directory(String hash) {
    if (!HASH.matcher(hash).matches()) {
      throw new MissingArtifact("'" + hash + "' is not an artifact hash");
    }
    Path place = store.resolve(hash);
    if (!Files.isDirectory(place)) {
      throw new MissingArtifact("artifact " + hash + " is not in " + store);
    }
    if (!verified.contains(hash)) {
      String found = hashOf(place);
      if (!found.equals(hash)) {
        throw new MissingArtifact(
            "artifact " + hash + " was altered: its files now hash to " + found);
      }
      verified.add(hash);
    }
    return place;
  }

  /**
   * Writes the folder of that hash as a zip with everything under {@code root/}; one file in memory
   * at no time.
   *
   * @param more small files that come first, by their names, in place of those of the same name
   */
  public void zip(String hash, String root, Map<String, byte[]> more, OutputStream out)
      throws IOException {
    Path folder = directory(hash);
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      // Weights do not compress; the fastest level still shrinks the graph and the vocabulary.
      zip.setLevel(1);
      for (Map.Entry<String, byte[]> file : more.entrySet()) {
        begin(zip, root, file.getKey());
        zip.write(file.getValue());
        zip.closeEntry();
      }
      for (Path file : ContentHash.files(folder)) {
        String name = ContentHash.name(folder, file);
        if (!more.containsKey(name)) {
          begin(zip, root, name);
          Files.copy(file, zip);
          zip.closeEntry();
        }
      }
    }
  }

  private static void begin(ZipOutputStream zip, String root, String name) throws IOException {
    ZipEntry entry = new ZipEntry(root + "/" + name);
    entry.setTime(0);
    zip.putNextEntry(entry);
  }

  private static String hashOf(Path place) {
    try {
      return ContentHash.of(place);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the artifact " + place, e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : ContentHash.files(from)) {
      Path target = to.resolve(ContentHash.name(from, file));
      Files.createDirectories(target.getParent() == null ? to : target.getParent());
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      force(target);
    }
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  static void moveWhole(Path incoming, Path place) throws IOException {
    try {
      Files.move(incoming, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Another process may have added the same content a moment ago, for which Linux has no
      // exception of its own; equal names mean equal bytes.
      if (!Files.isDirectory(place)) {
        throw e;
      }
    }
  }

  private static long bytes(Path folder) throws IOException {
    long sum = 0;
    for (Path file : ContentHash.files(folder)) {
      sum += Files.size(file);
    }
    return sum;
  }
}
