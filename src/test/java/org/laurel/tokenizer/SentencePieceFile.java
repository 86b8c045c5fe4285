package org.laurel.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A {@code tokenizer.json} in the manner of Llama 2, Mistral and TinyLlama: words begin with ▁,
 * what is in no token falls back to bytes, and {@code <s>} (1) begins every text.
 */
public final class SentencePieceFile {
  private static final String FILE =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": {"type": "Sequence", "normalizers": [
         {"type": "Prepend", "prepend": "▁"},
         {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
       "pre_tokenizer": null,
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                    {"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
       "decoder": {"type": "Sequence", "decoders": [
         {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
         {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
       "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>",
         "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": true,
         "byte_fallback": true, "ignore_merges": false, "vocab": {}, "merges": []}}
      """;

  private SentencePieceFile() {}

  /** Writes it; knows the letters h, i and e, and the words "▁h" and "▁hi". */
  public static void write(Path tokenizerJson) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = (ObjectNode) json.readTree(FILE);
    ObjectNode vocab = (ObjectNode) root.path("model").path("vocab");
    ArrayNode added = (ArrayNode) root.path("added_tokens");
    for (String token : List.of("<unk>", "<s>", "</s>")) {
      ObjectNode node = added.addObject().put("id", vocab.size()).put("content", token);
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        node.put(flag, false);
      }
      node.put("special", true);
      vocab.put(token, vocab.size());
    }
    for (int b = 0; b < 256; b++) {
      vocab.put(String.format("<0x%02X>", b), vocab.size());
    }
    for (String token : List.of("▁", "h", "i", "e", "▁h", "▁hi")) {
      vocab.put(token, vocab.size());
    }
    ((ArrayNode) root.path("model").path("merges")).add("▁ h").add("▁h i");
    Files.writeString(tokenizerJson, json.writeValueAsString(root));
  }
}
