package org.laurel.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fetches a project's data from a running server as a file that other trainers read. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Export a project's rankings, demonstrations and thumbs.")
public final class Export implements Callable<Integer> {
  @Mixin private ServerOption server = new ServerOption();

  @Option(names = "--project", required = true, description = "The project's id.")
  private UUID project;

  @Option(
      names = "--format",
      defaultValue = "rankings",
      description =
          "trl-preference, trl-preference-conversational, trl-unpaired, trl-prompt-completion,"
              + " hh-rlhf, alpaca, sharegpt, rankings, thumbs or demonstrations (${DEFAULT-VALUE}).")
  private String format;

  @Option(
      names = "--as",
      defaultValue = "jsonl",
      description = "jsonl, csv or parquet (${DEFAULT-VALUE}).")
  private String as;

  @Option(
      names = {"-o", "--output"},
      description = "The file; standard output if absent.")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireRoom();
    String query = "?format=" + encoded(format) + "&as=" + encoded(as);
    HttpResponse<InputStream> answer =
        server.send(
            server.request("/api/projects/" + project + "/export" + query).GET().build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        String said = new String(body.readNBytes(1 << 16), StandardCharsets.UTF_8);
        throw Refusal.of(answer.statusCode(), said);
      }
      write(body);
    }
    return 0;
  }

  /** So that nothing is fetched in vain. */
  private void requireRoom() throws IOException {
    if (output == null) {
      return;
    }
    Path folder = Objects.requireNonNull(output.toAbsolutePath().getParent());
    if (Files.isDirectory(output) || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new IOException(output + " is no file that can be written");
    }
  }

  /** A file appears whole or not at all. */
  private void write(InputStream body) throws IOException {
    if (output == null) {
      body.transferTo(System.out);
      System.out.flush();
      return;
    }
    Path whole = output.toAbsolutePath();
    Path partial = whole.resolveSibling(whole.getFileName() + ".partial");
    try {
      Files.copy(body, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(partial, whole, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
