package org.laurel.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the decoder of a {@code tokenizer.json} spells bytes: by the characters of {@link
 * ByteAlphabet}, or by tokens such as {@code <0xE2>} among tokens of text in which ▁ stands for a
 * space.
 *
 * @param byteLevel whether each character of a token is a byte
 * @param byteFallback whether there are tokens of one byte
 * @param replaced what the decoder writes in place of a text
 */
record TokenBytes(boolean byteLevel, boolean byteFallback, Map<String, String> replaced) {
  private static final Pattern BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

  /** Reads the {@code decoder}. */
  static TokenBytes of(JsonNode decoder) {
    List<JsonNode> steps = new ArrayList<>();
    decoder.path("decoders").forEach(steps::add);
    steps.add(decoder);
    boolean byteLevel = false;
    boolean byteFallback = false;
    Map<String, String> replaced = new LinkedHashMap<>();
    for (JsonNode step : steps) {
      switch (step.path("type").asText()) {
        case "ByteLevel" -> byteLevel = true;
        case "ByteFallback" -> byteFallback = true;
        case "Metaspace" -> replaced.put(step.path("replacement").asText("▁"), " ");
        case "Replace" -> {
          if (step.path("pattern").has("String")) {
            replaced.put(
                step.path("pattern").path("String").asText(), step.path("content").asText());
          }
        }
        default -> {} // says where texts are joined, and nothing of one token
      }
    }
    return new TokenBytes(byteLevel, byteFallback, replaced);
  }

  /**
   * @param token of the model's vocabulary, as the file spells it
   */
  byte[] of(String token) {
    Matcher one = BYTE.matcher(token);
    if (byteFallback && one.matches()) {
      return new byte[] {(byte) Integer.parseInt(one.group(1), 16)};
    }
    if (byteLevel && token.chars().allMatch(ByteAlphabet::contains)) {
      byte[] bytes = new byte[token.length()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = ByteAlphabet.value(token.charAt(i));
      }
      return bytes;
    }
    String text = token;
    for (Map.Entry<String, String> step : replaced.entrySet()) {
      text = text.replace(step.getKey(), step.getValue());
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
