package org.laurel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What of a file reaches the server, and how its answer is told. */
class ImportTest {
  @TempDir Path folder;

  private final List<String> bodies = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();
  private final StringWriter err = new StringWriter();
  private HttpServer server;
  private int status = 200;
  private String answer = "{\"imported\": 2, \"duplicates\": 0, \"rejected\": 0, \"errors\": []}";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          addresses.add(exchange.getRequestURI().toString());
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] said = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, said.length);
          exchange.getResponseBody().write(said);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int imported(String text) throws IOException {
    return imported(text, "prompts");
  }

  private int imported(String text, String... what) throws IOException {
    Path file = folder.resolve("rows.json");
    Files.writeString(file, text);
    return executed(
        new Import(),
        Stream.concat(Stream.of(what), Stream.of(file.toString())).toArray(String[]::new));
  }

  private int executed(Object command, String... arguments) {
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setErr(new PrintWriter(err))
        .setOut(new PrintWriter(new StringWriter()))
        .setExecutionExceptionHandler(
            (fault, line, parsed) -> {
              line.getErr().print(fault.getMessage());
              line.getErr().flush();
              return 1;
            })
        .execute(
            Stream.concat(
                    Stream.of(
                        "--url=http://127.0.0.1:" + server.getAddress().getPort(),
                        "--token=t",
                        "--project=00000000-0000-0000-0000-000000000000"),
                    Stream.of(arguments))
                .toArray(String[]::new));
  }

  @Test
  void faultsOfTheFileAreToldByLineWhereTheRestIsTaken() throws IOException {
    answer =
        "{\"imported\": 1, \"duplicates\": 0, \"rejected\": 1,"
            + " \"errors\": [{\"line\": 3, \"field\": \"[1]\", \"message\": \"is empty\"}]}";

    assertThat(imported("[{\"prompt\": \"a\"},\n\n{\"prompt\": \"\"}]", "--partial", "prompts"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("rows.json:3: [1] is empty");
  }

  @Test
  void completionsGoWithTheirPlaceInTheQueue() throws IOException {
    assertThat(imported("{}", "--overlap=2", "--priority=-5", "completions")).isZero();
    assertThat(addresses.get(0)).endsWith("/completions?partial=false&overlap=2&priority=-5");

    assertThat(imported("{}", "--overlap=2", "prompts")).isEqualTo(2);
    assertThat(addresses).hasSize(1);
  }

  @Test
  void aRefusalIsOneLineThatNamesTheFirstFault() throws IOException {
    status = 422;
    answer =
        "{\"detail\": \"nothing was imported; line 2: prompt is missing, and 1 more lines are wrong\","
            + " \"errors\": [{\"line\": 2, \"field\": \"prompt\", \"message\": \"is missing\"},"
            + " {\"line\": 4, \"message\": \"is empty\"}]}";

    assertThat(imported("{}\n{}\n{}\n{}")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .contains("rows.json:2: prompt is missing; nothing was imported (1 line is wrong too");
  }

  @Test
  void aRefusedValueIsOneLineToo() throws IOException {
    status = 422;
    answer =
        "{\"detail\": \"some values are not allowed\", \"errors\": [{\"field\": \"overlap\","
            + " \"message\": \"must be less than or equal to 20\"}]}";

    assertThat(imported("{}", "--overlap=21", "completions")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("some values are not allowed: overlap must be less than or equal to 20 (422)");
  }

  @Test
  void aRefusedExportShowsNoDocument() throws IOException {
    status = 422;
    answer = "{\"detail\": \"there is no format x\", \"errors\": []}";

    assertThat(executed(new Export(), "--format=x")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("there is no format x (422)");
  }

  @Test
  void linesGoAsTheyAre() throws IOException {
    String lines = "{\"prompt\": \"a\"}\n{\"prompt\": \"b\"}\n";

    assertThat(imported(lines)).isZero();
    assertThat(bodies).containsExactly(lines);
  }
}
