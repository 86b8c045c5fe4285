package org.laurel.engine.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.laurel.model.ModelFormatException;
import org.laurel.model.Safetensors;
import org.laurel.model.SafetensorsWriter;

/**
 * A run's checkpoints. Each is a directory that is filled under another name, synced, and renamed:
 * a process killed at any moment leaves the earlier ones as they were, also one of the same step
 * unless it is killed between two renames. The last two are kept.
 */
public final class Checkpoints {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("step-\\d{8}");
  private static final int KEPT = 2;

  private final Path directory;

  Checkpoints(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes it durably, then forgets the oldest and what killed processes left half done.
   *
   * @param made gives the state, which must not change meanwhile
   */
  public void save(Supplier<Checkpoint> made) throws IOException {
    write(made.get());
    // What was copied, out of a GPU for instance, lies outside of the heap, where its size hastens
    // no collection: it would pile up until the limit of such memory.
    System.gc();
  }

  private void write(Checkpoint checkpoint) throws IOException {
    String name = "step-%08d".formatted(checkpoint.step());
    Path partial = directory.resolve(name + ".partial");
    FileUtils.deleteDirectory(partial.toFile());
    Files.createDirectories(partial);
    SafetensorsWriter.write(partial.resolve("state.safetensors"), checkpoint.tensors(), Map.of());
    ObjectNode state = checkpoint.state().deepCopy().put("step", checkpoint.step());
    Files.writeString(partial.resolve("state.json"), state + "\n");
    DurableFiles.publish(partial, directory.resolve(name));
    List<Path> kept = newestFirst().stream().limit(KEPT).toList();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path old : entries.filter(entry -> !kept.contains(entry)).toList()) {
        FileUtils.deleteDirectory(old.toFile());
      }
    }
  }

  /**
   * The newest checkpoint that is whole, or nothing before the first.
   *
   * @throws IOException if there are checkpoints and none can be read
   */
  public Optional<Checkpoint> latest() throws IOException {
    IOException broken = null;
    for (Path one : newestFirst()) {
      try {
        return Optional.of(read(one));
      } catch (IOException | ModelFormatException e) {
        IOException fault = new IOException(one + " cannot be read: " + e.getMessage(), e);
        broken = broken == null ? fault : broken;
      }
    }
    if (broken != null) {
      throw broken;
    }
    return Optional.empty();
  }

  private static Checkpoint read(Path one) throws IOException {
    ObjectNode state = JSON.readValue(one.resolve("state.json").toFile(), ObjectNode.class);
    Safetensors tensors = Safetensors.open(one.resolve("state.safetensors"));
    return new Checkpoint(state.path("step").asInt(), tensors.tensors(), state);
  }

  private List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }
}
