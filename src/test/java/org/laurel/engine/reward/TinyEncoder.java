package org.laurel.engine.reward;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.laurel.engine.nn.Encoder;
import org.laurel.model.EncoderConfig;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.RewardScale;
import org.laurel.model.TensorData;

/** An encoder of two layers and a few words, with random weights. */
public final class TinyEncoder {
  static final List<String> WORDS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "human", "assistant", ":", "a", "b", "c", "good");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final EncoderConfig CONFIG =
      new EncoderConfig(WORDS.size(), 16, 32, 2, 2, 64, 2, 1e-12, 0);

  private TinyEncoder() {}

  /** Writes it without a head. */
  static void write(Path directory) throws IOException {
    ObjectNode tokenizer = JSON.createObjectNode();
    tokenizer.put("version", "1.0").putNull("truncation").putNull("padding");
    var added = tokenizer.putArray("added_tokens");
    for (String special : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]")) {
      ObjectNode token = added.addObject().put("id", WORDS.indexOf(special));
      token.put("content", special).put("special", true).put("normalized", false);
      token.put("single_word", false).put("lstrip", false).put("rstrip", false);
    }
    tokenizer.putObject("normalizer").put("type", "Lowercase");
    tokenizer.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    tokenizer.putNull("post_processor").putNull("decoder");
    ObjectNode model = tokenizer.putObject("model").put("type", "WordLevel");
    model.put("unk_token", "[UNK]");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int i = 0; i < WORDS.size(); i++) {
      vocabulary.put(WORDS.get(i), i);
    }
    try (Encoder fresh = Encoder.random(CONFIG, WORDS.indexOf("[SEP]"), 1)) {
      Map<String, TensorData> weights = fresh.parameters().export();
      weights.keySet().removeIf(name -> !name.startsWith("bert.") || name.contains("pooler"));
      EncoderDirectory.writeEncoder(directory, CONFIG, weights);
    }
    Files.writeString(directory.resolve("tokenizer.json"), tokenizer.toString());
  }

  /** Writes one that scores, all weights random. */
  public static EncoderDirectory writeReward(Path directory, Path base) throws IOException {
    write(base);
    try (Encoder encoder =
        Encoder.withPoolingLayer(EncoderDirectory.open(base), WORDS.indexOf("[SEP]"), 5)) {
      return EncoderDirectory.writeReward(
          directory,
          encoder.config(),
          new RewardScale(0.5, 2),
          encoder.parameters().export(),
          48,
          base);
    }
  }
}
