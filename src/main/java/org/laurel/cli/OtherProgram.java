package org.laurel.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A program in another language that reads one JSON question and answers with JSON. */
final class OtherProgram {
  private static final ObjectMapper JSON = new ObjectMapper();

  private OtherProgram() {}

  /**
   * Asks it and waits for its end. What it complains of goes where our own complaints go.
   *
   * @param failure what to say if it fails
   */
  static JsonNode ask(JsonNode question, String failure, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (OutputStream out = process.getOutputStream()) {
      out.write(JSON.writeValueAsBytes(question));
    }
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(failure);
    }
    return JSON.readTree(answer);
  }
}
