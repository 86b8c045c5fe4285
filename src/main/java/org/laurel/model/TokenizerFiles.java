package org.laurel.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The files of a model directory that turn text to tokens and back. */
final class TokenizerFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "tokenizer_config.json";
  private static final String TEMPLATE = "chat_template.jinja";
  private static final List<String> NAMES =
      List.of("tokenizer.json", CONFIG, "special_tokens_map.json", TEMPLATE, "chat_template.json");

  private TokenizerFiles() {}

  /**
   * Copies those that are there. A template in a file of its own is written to {@code
   * tokenizer_config.json} as well, the only place where transformers.js looks for it.
   */
  static void copy(Path from, Path to) throws IOException {
    if (from.equals(to)) {
      return;
    }
    for (String name : NAMES) {
      if (Files.exists(from.resolve(name))) {
        Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (Files.exists(to.resolve(TEMPLATE))) {
      Path file = to.resolve(CONFIG);
      JsonNode read =
          Files.exists(file) ? JSON.readTree(Files.readAllBytes(file)) : JSON.createObjectNode();
      if (read instanceof ObjectNode config) {
        config.put("chat_template", Files.readString(to.resolve(TEMPLATE)));
        Files.write(file, (config.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
