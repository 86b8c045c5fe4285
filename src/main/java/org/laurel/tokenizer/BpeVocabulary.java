package org.laurel.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained byte-level BPE, written as the files that Hugging Face's tokenizers read.
 *
 * @param tokens every token by id, special tokens first
 * @param merges in the order learned, "left right"
 */
public record BpeVocabulary(List<String> specialTokens, List<String> tokens, List<String> merges) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public BpeVocabulary {
    specialTokens = List.copyOf(specialTokens);
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }

  /**
   * Writes tokenizer.json, tokenizer_config.json, special_tokens_map.json and chat_template.jinja.
   *
   * @param endToken ends a completion
   * @param maxLength most tokens the model reads
   */
  public void write(
      Path directory, String chatTemplate, String endToken, String padToken, int maxLength)
      throws IOException {
    Files.createDirectories(directory);
    writeJson(directory.resolve("tokenizer.json"), tokenizerJson());
    ObjectNode map = JSON.createObjectNode();
    map.put("eos_token", endToken);
    map.put("pad_token", padToken);
    writeJson(directory.resolve("special_tokens_map.json"), map);
    ObjectNode config = map.deepCopy();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("model_max_length", maxLength);
    config.put("clean_up_tokenization_spaces", false);
    writeJson(directory.resolve("tokenizer_config.json"), config);
    Files.writeString(directory.resolve("chat_template.jinja"), chatTemplate);
  }

  private ObjectNode tokenizerJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    var added = root.putArray("added_tokens");
    for (int id = 0; id < specialTokens.size(); id++) {
      ObjectNode token = added.addObject().put("id", id).put("content", specialTokens.get(id));
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
    }
    root.putNull("normalizer");
    byteLevel(root.putObject("pre_tokenizer"));
    root.putNull("post_processor");
    byteLevel(root.putObject("decoder"));
    ObjectNode model = root.putObject("model").put("type", "BPE");
    for (String absent :
        List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      model.putNull(absent);
    }
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocab = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocab.put(tokens.get(id), id);
    }
    var mergeArray = model.putArray("merges");
    merges.forEach(mergeArray::add);
    return root;
  }

  private static void byteLevel(ObjectNode node) {
    node.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  private static void writeJson(Path file, ObjectNode json) throws IOException {
    Files.writeString(file, json.toPrettyString() + "\n");
  }
}
