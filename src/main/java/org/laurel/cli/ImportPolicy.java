package org.laurel.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.laurel.modelimport.ModelFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Gives a running server a model and waits until it is a policy: a folder of this machine or an
 * archive is sent, anything else is a name on the hub, which the server fetches.
 */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "Import a Hugging Face model as a policy.")
public final class ImportPolicy implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Mixin private ServerOption server = new ServerOption();

  @Option(names = "--name", description = "The policy's name; like its source if absent.")
  private @Nullable String name;

  @Option(names = "--revision", description = "On the hub: a branch, tag or commit (main).")
  private @Nullable String revision;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A folder, an archive, or a name on the hub such as owner/model.")
  private String model;

  @Override
  public Integer call() throws IOException, InterruptedException {
    server.token();
    Path path = Path.of(model);
    JsonNode job = send(Files.exists(path) ? upload(path) : fromHub());
    while (job.path("finishedAt").isNull() || job.path("finishedAt").isMissingNode()) {
      Thread.sleep(500);
      job = send(server.request("/api/policies/imports/" + job.path("id").asText()).GET());
    }
    if (!job.path("status").asText().equals("finished")) {
      throw new IOException(model + ": " + job.path("error").asText("the import was cancelled"));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(job.path("policyName").asText() + " " + job.path("policy").asText());
    out.flush();
    return 0;
  }

  private HttpRequest.Builder fromHub() throws IOException {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("hub", model);
    if (revision != null) {
      body.put("revision", revision);
    }
    if (name != null) {
      body.put("name", name);
    }
    return server
        .request("/api/policies/imports")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
  }

  private HttpRequest.Builder upload(Path path) throws IOException {
    Path real = path.toRealPath();
    String file = String.valueOf(real.getFileName());
    String query = "?file=" + encoded(file) + (name == null ? "" : "&name=" + encoded(name));
    boolean folder = Files.isDirectory(real);
    if (folder && Files.notExists(real.resolve("config.json"))) {
      throw new IOException(path + " has no config.json, and so is no Hugging Face model");
    }
    BodyPublisher body =
        folder ? BodyPublishers.ofInputStream(() -> tar(real)) : BodyPublishers.ofFile(real);
    return server
        .request("/api/policies/imports" + query)
        .header("Content-Type", "application/octet-stream")
        .POST(body);
  }

  /** The folder's files as a tar that is written while it is sent. */
  private static PipedInputStream tar(Path folder) {
    try {
      PipedInputStream in = new PipedInputStream(1 << 20);
      OutputStream out = new BufferedOutputStream(new PipedOutputStream(in), 1 << 16);
      Thread writer = new Thread(() -> writeTar(folder, out), "tar");
      writer.setDaemon(true);
      writer.start();
      return in;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeTar(Path folder, OutputStream out) {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(file -> ModelFiles.isNeeded(String.valueOf(file.getFileName())))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Not closed after an error: a reader must not take half a file for a whole one.
    try {
      TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (Path file : files) {
        TarArchiveEntry entry = new TarArchiveEntry(String.valueOf(file.getFileName()));
        entry.setSize(Files.size(file));
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
      }
      tar.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        server.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw Refusal.of(answer.statusCode(), answer.body());
    }
    return JSON.readTree(answer.body());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
