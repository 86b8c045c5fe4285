package org.laurel.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which of several end tokens a model's answers end with. Llama 3 lists the end of a text, of a
 * turn and of a message, some of them in {@code generation_config.json} alone. An answer ends with
 * the one that the chat template spells; of several, or if it spells none, with the one that the
 * tokenizer's configuration names.
 */
final class EndToken {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EndToken() {}

  /** The configuration with the end token of {@code generation_config.json} where it has none. */
  static JsonNode named(Path directory, JsonNode config) {
    if (!(config instanceof ObjectNode object) || config.hasNonNull("eos_token_id")) {
      return config;
    }
    JsonNode generated = json(directory.resolve("generation_config.json")).path("eos_token_id");
    return generated.isMissingNode() ? config : object.set("eos_token_id", generated);
  }

  /**
   * One of the tokens listed in {@code config} and the directory's {@code generation_config.json};
   * {@code fallback} where nothing tells them apart.
   */
  static int choose(Path directory, JsonNode config, int fallback) throws IOException {
    Set<Integer> listed = new LinkedHashSet<>();
    listed.add(fallback);
    addTo(listed, config.path("eos_token_id"));
    addTo(listed, json(directory.resolve("generation_config.json")).path("eos_token_id"));
    listed.removeIf(id -> id < 0 || id >= config.path("vocab_size").asInt());
    if (listed.size() < 2) {
      return fallback;
    }
    JsonNode tokenizer = json(directory.resolve("tokenizer_config.json"));
    Map<Integer, String> texts = new HashMap<>();
    AddedToken.of(directory, tokenizer).forEach(added -> texts.put(added.id(), added.content()));
    JsonNode named = tokenizer.path("eos_token");
    String end = named.path("content").asText(named.asText());
    Path file = directory.resolve("chat_template.jinja");
    String template =
        Files.isRegularFile(file)
            ? Files.readString(file)
            : tokenizer.path("chat_template").toString();
    Set<Integer> spelled = new LinkedHashSet<>(listed);
    spelled.removeIf(id -> !template.contains(texts.getOrDefault(id, "\0")));
    Set<Integer> possible = spelled.isEmpty() ? listed : spelled;
    return possible.stream()
        .filter(id -> end.equals(texts.get(id)))
        .findFirst()
        .orElse(spelled.isEmpty() ? fallback : spelled.iterator().next());
  }

  private static void addTo(Set<Integer> ids, JsonNode value) {
    for (JsonNode id : value) {
      if (id.isInt()) {
        ids.add(id.asInt());
      }
    }
    if (value.isInt()) {
      ids.add(value.asInt());
    }
  }

  private static JsonNode json(Path file) {
    try {
      return Files.isRegularFile(file)
          ? JSON.readTree(Files.readAllBytes(file))
          : MissingNode.getInstance();
    } catch (IOException e) {
      throw new ModelFormatException(file + ": cannot be read as JSON", e);
    }
  }
}
