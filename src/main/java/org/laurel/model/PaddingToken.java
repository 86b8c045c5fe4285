package org.laurel.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The token that pads, told alike in a directory's configuration and in its tokenizer. A reader of
 * a reward model takes the last token that is not the configuration's padding for the one to score:
 * were the tokenizer to pad with another, the shorter texts of a batch would be scored at a padding
 * position, and nothing would say so.
 */
final class PaddingToken {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PaddingToken() {}

  /**
   * A special token of the tokenizer for padding, which is written into the tokenizer's files: the
   * model's own, else the tokenizer's, else the first that is not the end token.
   *
   * <p>Nothing where the tokenizer, as GPT-2's, has no such token, and the tokenizer is left as it
   * is: any other would be cut out of texts that spell it, and with the end token the score would
   * be read one token early. A configuration that names none makes transformers refuse batches of a
   * reward model, and score single texts at their true end.
   */
  static OptionalInt agree(Path directory, ModelConfig config) throws IOException {
    Path file = directory.resolve("tokenizer_config.json");
    ObjectNode tokenizer = object(file);
    Map<Integer, String> special = new TreeMap<>();
    AddedToken.of(directory, tokenizer).stream()
        .filter(added -> added.special() && added.id() != config.eosTokenId())
        .filter(added -> added.id() < config.vocabSize())
        .forEach(added -> special.put(added.id(), added.content()));
    if (special.isEmpty()) {
      return OptionalInt.empty();
    }
    int token = config.padTokenId();
    if (!special.containsKey(token)) {
      String named = text(tokenizer.path("pad_token"));
      token =
          special.entrySet().stream()
              .filter(one -> one.getValue().equals(named))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseGet(() -> special.keySet().iterator().next());
    }
    String text = special.getOrDefault(token, "");
    name(file, text);
    if (Files.exists(directory.resolve("special_tokens_map.json"))) {
      name(directory.resolve("special_tokens_map.json"), text);
    }
    return OptionalInt.of(token);
  }

  private static void name(Path file, String token) throws IOException {
    ObjectNode names = object(file);
    if (!token.equals(text(names.path("pad_token")))) {
      names.put("pad_token", token);
      Files.write(file, (names.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static @Nullable String text(JsonNode token) {
    return token.path("content").asText(token.asText(null));
  }

  private static ObjectNode object(Path file) throws IOException {
    return Files.exists(file)
            && JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode object
        ? object
        : JSON.createObjectNode();
  }
}
