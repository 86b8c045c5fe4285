package org.laurel.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A tokenizer in Hugging Face's {@code tokenizer.json}. Neither truncates nor pads nor adds special
 * tokens by itself. Safe for use by several threads; lives as long as the process.
 */
public final class Tokenizer {
  static {
    // DJL asks a cloud metadata address who it runs for unless told not to.
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final HuggingFaceTokenizer delegate;
  private final Map<String, Integer> ids;
  private final Map<String, Integer> special;
  private final Set<String> added;
  private final List<String> beginning;
  private final TokenBytes spelling;
  private final Map<Integer, String> texts = new HashMap<>();

  private Tokenizer(
      HuggingFaceTokenizer delegate,
      Map<String, Integer> ids,
      Map<String, Integer> special,
      Set<String> added,
      List<String> beginning,
      TokenBytes spelling) {
    this.delegate = delegate;
    this.ids = ids;
    this.special = special;
    this.added = added;
    this.beginning = beginning;
    this.spelling = spelling;
    ids.forEach((text, id) -> texts.put(id, text));
  }

  /**
   * @throws IOException when the file is missing or is no tokenizer; the message names the file
   */
  public static Tokenizer read(Path tokenizerJson) throws IOException {
    Map<String, Integer> ids = new HashMap<>();
    Map<String, Integer> special = new LinkedHashMap<>();
    Set<String> added = new LinkedHashSet<>();
    JsonNode root = new ObjectMapper().readTree(tokenizerJson.toFile());
    JsonNode vocabulary = root.path("model").path("vocab");
    for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
      ids.put(token.getKey(), token.getValue().asInt());
    }
    if (vocabulary.isArray()) { // Unigram: [piece, score], by id
      for (int id = 0; id < vocabulary.size(); id++) {
        ids.put(vocabulary.path(id).path(0).asText(), id);
      }
    }
    for (JsonNode token : root.path("added_tokens")) {
      ids.put(token.path("content").asText(), token.path("id").asInt());
      added.add(token.path("content").asText());
      if (token.path("special").asBoolean()) {
        special.put(token.path("content").asText(), token.path("id").asInt());
      }
    }
    try {
      HuggingFaceTokenizer delegate =
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(tokenizerJson)
              .optTruncation(false)
              .optPadding(false)
              .optAddSpecialTokens(false)
              .build();
      List<String> beginning = new ArrayList<>(beginning(root.path("post_processor")));
      beginning.retainAll(ids.keySet());
      return new Tokenizer(
          delegate,
          ids,
          Collections.unmodifiableMap(special),
          Collections.unmodifiableSet(added),
          List.copyOf(beginning),
          TokenBytes.of(root.path("decoder")));
    } catch (IOException | RuntimeException e) {
      throw new IOException(tokenizerJson + ": is no usable tokenizer: " + e.getMessage(), e);
    }
  }

  /** The special tokens that a {@code TemplateProcessing} puts before a single text. */
  private static List<String> beginning(JsonNode processor) {
    List<String> tokens = new ArrayList<>();
    for (JsonNode one : processor.path("processors")) {
      tokens.addAll(beginning(one));
    }
    for (JsonNode part : processor.path("single")) {
      if (part.has("Sequence")) {
        return tokens;
      }
      tokens.add(part.path("SpecialToken").path("id").asText());
    }
    return tokens;
  }

  /**
   * The special tokens that the tokenizer wants before every text, such as Llama's begin token.
   * {@link #encode} leaves them out: a chat template says itself where they belong.
   */
  public List<String> beginning() {
    return beginning;
  }

  /** Token ids of a text that stands for itself: its beginning is there, and only once. */
  public int[] encodeWhole(String text) {
    int[] encoded = encode(text);
    if (text.startsWith(String.join("", beginning))) {
      return encoded;
    }
    // By their ids: behind the text of a token some tokenizers split what follows in another way.
    IntStream begun = beginning.stream().mapToInt(token -> id(token).orElseThrow());
    return IntStream.concat(begun, IntStream.of(encoded)).toArray();
  }

  /** Token ids; the text of a special token becomes that token. */
  public int[] encode(String text) {
    return toInts(delegate.encode(text, false, false));
  }

  /** Token ids of each text, computed in parallel. */
  public List<int[]> encode(List<String> texts) {
    List<int[]> all = new ArrayList<>(texts.size());
    for (Encoding encoding : delegate.batchEncode(texts, false, false)) {
      all.add(toInts(encoding));
    }
    return all;
  }

  /** Text of the ids, special tokens left out; broken UTF-8 becomes the replacement character. */
  public String decode(int... tokens) {
    return decode(tokens, true);
  }

  /** Text of the ids, with the special tokens spelled out unless {@code skipSpecial}. */
  public String decode(int[] tokens, boolean skipSpecial) {
    long[] longs = new long[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      longs[i] = tokens[i];
    }
    return delegate.decode(longs, skipSpecial);
  }

  /**
   * The bytes that a token adds to a text, often a part of a character's. None where it is special,
   * or there is no such token.
   */
  public byte[] bytes(int token) {
    String text = texts.getOrDefault(token, "");
    if (special.containsKey(text)) {
      return new byte[0];
    }
    return added.contains(text) ? text.getBytes(StandardCharsets.UTF_8) : spelling.of(text);
  }

  /** One more than the greatest id; a model's vocabulary is at least this. */
  public int size() {
    return ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
  }

  public OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Special tokens and their ids, in the file's order. */
  public Map<String, Integer> specialTokens() {
    return special;
  }

  /**
   * Tokens that are looked for in a text before anything else, in the file's order: the special
   * ones and others, such as DeepSeek's marks of turns or the runs of spaces that Pythia has.
   */
  public Set<String> addedTokens() {
    return added;
  }

  private static int[] toInts(Encoding encoding) {
    long[] ids = encoding.getIds();
    int[] ints = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      ints[i] = Math.toIntExact(ids[i]);
    }
    return ints;
  }
}
