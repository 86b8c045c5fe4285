package org.laurel.engine.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * One run's directory.
 *
 * <pre>
 * run.json         what to do, written before the start
 * data/NAME.jsonl  frozen rows, written before the start
 * cancel           its presence asks the run to stop
 * status.json      state, step, of how many, why it failed or ended early
 * metrics.jsonl    {step, time, key, value} a line
 * samples.jsonl    completions as they change
 * checkpoints/     the last two, whole
 * artifact/        the model, once the run has succeeded
 * </pre>
 */
public final class RunDirectory {
  private static final ObjectMapper JSON = new ObjectMapper().findAndRegisterModules();

  private final Path path;

  private RunDirectory(Path path) {
    this.path = path;
  }

  public static RunDirectory at(Path path) {
    return new RunDirectory(path);
  }

  /** Makes the directory with its request. */
  public static RunDirectory create(Path path, RunRequest request) throws IOException {
    Files.createDirectories(path.resolve("data"));
    DurableFiles.write(
        path.resolve("run.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(request) + "\n");
    return new RunDirectory(path);
  }

  public Path path() {
    return path;
  }

  /**
   * @throws IOException when run.json is missing or malformed; the message names it
   */
  public RunRequest request() throws IOException {
    Path file = path.resolve("run.json");
    try {
      return JSON.readValue(file.toFile(), RunRequest.class);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  public Path data(String name) {
    return path.resolve("data").resolve(name + ".jsonl");
  }

  /**
   * All rows of {@code data/NAME.jsonl}.
   *
   * @throws IOException when the file is missing or a line is no JSON; the message names the line
   */
  public List<JsonNode> rows(String name) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    Path file = data(name);
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String line;
      int number = 0;
      while ((line = reader.readLine()) != null) {
        number++;
        try {
          if (!line.isBlank()) {
            rows.add(JSON.readTree(line));
          }
        } catch (IOException e) {
          throw new IOException(file + " line " + number + ": " + e.getMessage(), e);
        }
      }
    }
    return rows;
  }

  /** Whether there is a {@code data/NAME.jsonl}. */
  public boolean has(String name) {
    return Files.exists(data(name));
  }

  /** Writes {@code data/NAME.jsonl}, whole or not at all. */
  public void write(String name, String lines) throws IOException {
    DurableFiles.write(data(name), lines);
  }

  public Checkpoints checkpoints() {
    return new Checkpoints(path.resolve("checkpoints"));
  }

  /** Asks the run to stop at the next step; whoever may do so, a running trainer or not. */
  public void requestCancel() throws IOException {
    Files.writeString(path.resolve("cancel"), "");
  }

  /** Takes the request to stop back, so that the run can be resumed. */
  public void clearCancel() throws IOException {
    Files.deleteIfExists(path.resolve("cancel"));
  }

  public boolean cancelRequested() {
    return Files.exists(path.resolve("cancel"));
  }

  /** Figures of the steps, a row of step, time, key and value a line. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  Path samples() {
    return path.resolve("samples.jsonl");
  }

  /** Replaces {@code status.json}. */
  public void status(RunStatus status) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("status", status.state().name().toLowerCase(Locale.ROOT));
    node.put("step", status.step());
    node.put("totalSteps", status.totalSteps());
    if (status.phase() != null) {
      node.put("phase", status.phase());
    }
    if (status.error() != null) {
      node.put("error", status.error());
    }
    if (status.stopReason() != null) {
      node.put("stopReason", status.stopReason());
    }
    if (!status.metrics().isEmpty()) {
      status.metrics().forEach(node.putObject("metrics")::put);
    }
    node.put("pid", ProcessHandle.current().pid());
    node.put("time", Instant.now().toString());
    DurableFiles.write(path.resolve("status.json"), node + "\n");
  }

  /** The last status written; null before the first. */
  public @Nullable RunStatus status() throws IOException {
    Path file = path.resolve("status.json");
    if (!Files.exists(file)) {
      return null;
    }
    JsonNode node = JSON.readTree(file.toFile());
    Map<String, Double> metrics = new LinkedHashMap<>();
    node.path("metrics")
        .properties()
        .forEach(e -> metrics.put(e.getKey(), e.getValue().asDouble()));
    return new RunStatus(
        RunStatus.State.valueOf(node.path("status").asText().toUpperCase(Locale.ROOT)),
        node.path("step").asInt(),
        node.path("totalSteps").asInt(),
        node.path("phase").isTextual() ? node.path("phase").asText() : null,
        node.path("error").isTextual() ? node.path("error").asText() : null,
        node.path("stopReason").isTextual() ? node.path("stopReason").asText() : null,
        metrics);
  }

  /** Where the finished model lies. */
  public Path artifact() {
    return path.resolve("artifact");
  }

  /** Lets {@code writer} fill a directory and publishes it as the artifact, whole. */
  public Path publishArtifact(ArtifactWriter writer) throws IOException {
    // What steps have freed stays with the process otherwise, and lies beside what writing takes.
    Pointer.trimMemory();
    Path partial = path.resolve("artifact.partial");
    FileUtils.deleteDirectory(partial.toFile());
    Files.createDirectories(partial);
    writer.write(partial);
    DurableFiles.publish(partial, artifact());
    return artifact();
  }

  /** Writes a model into an empty directory. */
  @FunctionalInterface
  public interface ArtifactWriter {
    void write(Path directory) throws IOException;
  }
}
