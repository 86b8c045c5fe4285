package org.laurel.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Fetches a project's data from a running server as a file that other trainers read. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Export a project's rankings and demonstrations.")
public final class Export implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--url",
      defaultValue = "http://localhost:8080",
      description = "The server (${DEFAULT-VALUE}).")
  private URI url;

  @Option(
      names = "--token",
      defaultValue = "${env:LAUREL_ADMIN_TOKEN}",
      description = "A reviewer's or administrator's API token (LAUREL_ADMIN_TOKEN).")
  private @Nullable String token;

  @Option(names = "--project", required = true, description = "The project's id.")
  private UUID project;

  @Option(
      names = "--format",
      defaultValue = "rankings",
      description =
          "trl-preference, trl-preference-conversational, trl-unpaired, trl-prompt-completion,"
              + " hh-rlhf, alpaca, sharegpt or rankings (${DEFAULT-VALUE}).")
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
    if (token == null || token.isBlank()) {
      throw new ParameterException(
          spec.commandLine(), "an API token is needed: --token or LAUREL_ADMIN_TOKEN");
    }
    String query = "?format=" + encoded(format) + "&as=" + encoded(as);
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/api/projects/" + project + "/export" + query))
            .header("Authorization", "Bearer " + token)
            .GET()
            .build();
    try {
      HttpResponse<InputStream> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != 200) {
          String said = new String(body.readNBytes(4096), StandardCharsets.UTF_8);
          throw new IOException("the server answered " + answer.statusCode() + ": " + said);
        }
        write(body);
      }
    } catch (ConnectException e) {
      throw new IOException("no server answers at " + url, e);
    }
    return 0;
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
