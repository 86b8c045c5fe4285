package org.laurel.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A token that a tokenizer was given beside those it learnt.
 *
 * @param special whether it is no text: it is left out of what people read
 */
record AddedToken(int id, String content, boolean special) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ID = Pattern.compile("\\d{1,9}");

  /**
   * Those of a model directory, from where older and newer ones list them; none where neither does.
   *
   * @param configuration its {@code tokenizer_config.json}
   * @throws ModelFormatException if {@code tokenizer.json} is malformed
   */
  static List<AddedToken> of(Path directory, JsonNode configuration) {
    List<AddedToken> tokens = new ArrayList<>();
    for (Map.Entry<String, JsonNode> added :
        configuration.path("added_tokens_decoder").properties()) {
      if (ID.matcher(added.getKey()).matches()) {
        tokens.add(of(Integer.parseInt(added.getKey()), added.getValue()));
      }
    }
    Path file = directory.resolve("tokenizer.json");
    if (!tokens.isEmpty() || !Files.isRegularFile(file)) {
      return tokens;
    }
    // Millions of bytes, of which the tokens wanted are the first few.
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        parser.nextToken();
        if (parser.currentName().equals("added_tokens")) {
          JsonNode added = parser.readValueAsTree();
          added.forEach(one -> tokens.add(of(one.path("id").asInt(), one)));
          return tokens;
        }
        parser.skipChildren();
      }
    } catch (IOException e) {
      throw new ModelFormatException(file + ": cannot be read as JSON", e);
    }
    return tokens;
  }

  private static AddedToken of(int id, JsonNode token) {
    return new AddedToken(
        id, token.path("content").asText(), token.path("special").asBoolean(false));
  }
}
