package org.laurel.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends a file to a running server: JSON lines, or one JSON array. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Import prompts, comparisons, demonstrations or thumbs into a project, completions to be"
            + " ranked there, or a policy.",
    subcommands = ImportPolicy.class)
public final class Import implements Callable<Integer> {
  /** Faults that the server tells of a file. */
  private static final int MOST_TOLD = 100;

  /** What the lines are; also the last part of the address. */
  enum Kind {
    prompts,
    completions,
    comparisons,
    demonstrations,
    thumbs
  }

  @Spec private CommandSpec spec;

  @Mixin private ServerOption server = new ServerOption();

  @Option(names = "--project", description = "The project's id.")
  private @Nullable UUID project;

  @Option(
      names = "--format",
      description = "trl, hh-rlhf, sharegpt, alpaca or rankings; guessed if absent.")
  private @Nullable String format;

  @Option(
      names = "--overlap",
      description = "Completions: how many people rank each task; the project's number if absent.")
  private @Nullable Integer overlap;

  @Option(
      names = "--priority",
      description = "Completions: tasks of a higher priority are handed out first; 0 if absent.")
  private @Nullable Integer priority;

  @Option(names = "--partial", description = "Take the good lines, report the others.")
  private boolean partial;

  @Parameters(index = "0", arity = "0..1", description = "${COMPLETION-CANDIDATES}")
  private @Nullable Kind kind;

  @Parameters(index = "1", arity = "0..1", description = "The file.")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException, InterruptedException {
    server.token();
    // Not required of picocli, which would ask them of the subcommand as well.
    Path given = file;
    if (project == null || kind == null || given == null) {
      throw new ParameterException(
          spec.commandLine(), "needed are --project, what the lines are, and the file");
    }
    if (kind != Kind.completions && (overlap != null || priority != null)) {
      throw new ParameterException(
          spec.commandLine(), "--overlap and --priority are for completions");
    }
    if (!Files.isRegularFile(given) || !Files.isReadable(given)) {
      throw new IOException(given + " is no file that can be read");
    }
    return send(given);
  }

  private int send(Path rows) throws IOException, InterruptedException {
    String query =
        "?partial="
            + partial
            + parameter("format", format)
            + parameter("overlap", overlap)
            + parameter("priority", priority);
    HttpRequest request =
        server
            .request("/api/projects/%s/%s%s".formatted(project, kind, query))
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofFile(rows))
            .build();
    return report(server.send(request, HttpResponse.BodyHandlers.ofString()));
  }

  private static String parameter(String name, @Nullable Object value) {
    return value == null
        ? ""
        : "&" + name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
  }

  private int report(HttpResponse<String> answer) throws IOException {
    JsonNode body = Refusal.problem(answer.body());
    if (answer.statusCode() != 200) {
      throw refusal(answer.statusCode(), body, answer.body());
    }
    PrintWriter err = spec.commandLine().getErr();
    for (JsonNode fault : body.path("errors")) {
      err.println(at(fault));
    }
    err.flush();
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%d imported, %d duplicates, %d rejected"
            .formatted(
                body.path("imported").asLong(),
                body.path("duplicates").asLong(),
                body.path("rejected").asLong()));
    out.flush();
    return body.path("rejected").asLong() == 0
        ? CommandLine.ExitCode.OK
        : CommandLine.ExitCode.SOFTWARE;
  }

  /** Of many wrong lines the first is named. */
  private IOException refusal(int status, JsonNode problem, String body) {
    JsonNode first = problem.path("errors").path(0);
    if (!first.has("line")) {
      return Refusal.of(status, body);
    }
    int more = problem.path("errors").size() - 1;
    String lines =
        more == 1 ? "line is" : more == MOST_TOLD - 1 ? "lines or more are" : "lines are";
    String others =
        more == 0
            ? ""
            : " (%d %s wrong too; --partial takes the good ones and names the others)"
                .formatted(more, lines);
    return new IOException(at(first) + "; nothing was imported" + others);
  }

  private String at(JsonNode fault) {
    return "%s:%d: %s".formatted(file, fault.path("line").asLong(), Refusal.words(fault));
  }
}
