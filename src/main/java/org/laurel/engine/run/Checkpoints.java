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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.laurel.model.Safetensors;
import org.laurel.model.SafetensorsWriter;

/**
 * A run's checkpoints. Each is a directory that is filled under another name, synced, and renamed:
 * a process killed at any moment leaves the earlier ones as they were. The last two are kept.
 */
public final class Checkpoints {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("step-\\d{8}");
  private static final int KEPT = 2;

  private final Path directory;

  Checkpoints(Path directory) {
    this.directory = directory;
  }

  /** Writes it durably, then forgets the oldest. */
  public void save(Checkpoint checkpoint) throws IOException {
    // The copies in the checkpoint before this one lie outside of the heap, where their size
    // hastens
    // no collection: without this they pile up until the limit of such memory.
    System.gc();
    String name = "step-%08d".formatted(checkpoint.step());
    Path partial = directory.resolve(name + ".partial");
    FileUtils.deleteDirectory(partial.toFile());
    Files.createDirectories(partial);
    SafetensorsWriter.write(partial.resolve("state.safetensors"), checkpoint.tensors(), Map.of());
    ObjectNode state = checkpoint.state().deepCopy().put("step", checkpoint.step());
    Files.writeString(partial.resolve("state.json"), state + "\n");
    DurableFiles.publish(partial, directory.resolve(name));
    List<Path> all = newestFirst();
    for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
      FileUtils.deleteDirectory(old.toFile());
    }
  }

  /** The newest checkpoint, or nothing before the first. */
  public Optional<Checkpoint> latest() throws IOException {
    List<Path> all = newestFirst();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Path newest = all.get(0);
    ObjectNode state = (ObjectNode) JSON.readTree(newest.resolve("state.json").toFile());
    Safetensors tensors = Safetensors.open(newest.resolve("state.safetensors"));
    return Optional.of(new Checkpoint(state.path("step").asInt(), tensors.tensors(), state));
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
