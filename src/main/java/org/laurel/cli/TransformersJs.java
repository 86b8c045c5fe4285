package org.laurel.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** transformers.js in a Node process of its own, asked to continue prompts greedily. */
final class TransformersJs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PACKAGE = "@huggingface/transformers";

  private final String node;
  private final Path script;
  private final Path installed;

  /**
   * @param node the program
   * @param script a copy of {@code bench/transformers.mjs}
   * @param installed folder whose {@code node_modules} hold the package
   */
  private TransformersJs(String node, Path script, Path installed) {
    this.node = node;
    this.script = script;
    this.installed = installed;
  }

  /**
   * @param node the program
   * @param folder for the script
   * @throws IOException saying what is missing and how to get it
   */
  static TransformersJs find(String node, Path folder, Path installed) throws IOException {
    try {
      Process version = new ProcessBuilder(node, "--version").redirectErrorStream(true).start();
      version.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new IOException(node + " cannot be started; install Node 18 or newer", e);
    }
    if (!Files.isDirectory(installed.resolve("node_modules").resolve(PACKAGE))) {
      throw new IOException(
          ("%s has no node_modules/%s; run 'ONNXRUNTIME_NODE_INSTALL=skip npm install %s' in a folder"
                  + " and name it by --package")
              .formatted(installed.toAbsolutePath().normalize(), PACKAGE, PACKAGE));
    }
    Path script = folder.resolve("transformers.mjs");
    try (InputStream source = TransformersJs.class.getResourceAsStream("/bench/transformers.mjs")) {
      if (source == null) {
        throw new IOException("this build lacks bench/transformers.mjs");
      }
      Files.copy(source, script);
    }
    return new TransformersJs(node, script, installed);
  }

  /**
   * @param seconds best time of one call, prompts included
   * @param tokens new tokens of each prompt
   */
  record Answer(String version, double seconds, List<int[]> tokens) {}

  /** Continues prompts of one length by {@code newTokens} tokens each, whatever they are. */
  Answer continued(Path model, List<int[]> prompts, int newTokens, int repeats)
      throws IOException, InterruptedException {
    ObjectNode question = JSON.createObjectNode();
    question.put("model", model.toAbsolutePath().normalize().toString());
    question.set("prompts", JSON.valueToTree(prompts));
    question.put("newTokens", newTokens);
    question.put("repeats", repeats);
    question.put("threads", Runtime.getRuntime().availableProcessors());
    JsonNode json =
        OtherProgram.ask(
            question,
            "transformers.js could not run " + model,
            node,
            script.toString(),
            installed.toAbsolutePath().toString());
    List<int[]> tokens = new ArrayList<>();
    for (JsonNode row : json.path("tokens")) {
      tokens.add(JSON.convertValue(row, int[].class));
    }
    return new Answer(json.path("version").asText(), json.path("seconds").asDouble(), tokens);
  }
}
