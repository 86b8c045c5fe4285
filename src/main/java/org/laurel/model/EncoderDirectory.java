package org.laurel.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * A BERT encoder on disk in Hugging Face's layout, with or without the head that makes it a reward
 * model ({@code BertForSequenceClassification}, one label).
 */
public final class EncoderDirectory {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ENCODER = "BertModel";
  private static final String REWARD = "BertForSequenceClassification";
  private static final List<String> COPIED =
      List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "NOTICE.md");

  private final Path path;
  private final EncoderConfig config;
  private final boolean reward;
  private final RewardScale rewardScale;

  private EncoderDirectory(
      Path path, EncoderConfig config, boolean reward, RewardScale rewardScale) {
    this.path = path;
    this.config = config;
    this.reward = reward;
    this.rewardScale = rewardScale;
  }

  /** Whether the directory's configuration says that it is an encoder. */
  public static boolean isEncoder(Path path) {
    try {
      return JSON.readTree(path.resolve("config.json").toFile())
          .path("model_type")
          .asText()
          .equals(EncoderConfig.MODEL_TYPE);
    } catch (IOException e) {
      throw new ModelFormatException(path + ": has no readable config.json", e);
    }
  }

  /**
   * Opens a directory that holds at least a configuration and weights.
   *
   * @throws ModelFormatException when one is missing or unusable
   */
  public static EncoderDirectory open(Path path) {
    Path file = path.resolve("config.json");
    try {
      String text = Files.readString(file);
      EncoderConfig config = EncoderConfig.parse(text, file.toString());
      if (!Files.isRegularFile(path.resolve("model.safetensors"))) {
        throw new ModelFormatException(path + ": has no model.safetensors");
      }
      JsonNode json = JSON.readTree(text);
      return new EncoderDirectory(
          path,
          config,
          json.path("architectures").path(0).asText().equals(REWARD),
          RewardScale.of(json));
    } catch (IOException e) {
      throw new ModelFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes an encoder without a head; the tokenizer's files are the caller's to write. */
  public static EncoderDirectory writeEncoder(
      Path path, EncoderConfig config, Map<String, TensorData> weights) throws IOException {
    ObjectNode json = config.toJson();
    json.putArray("architectures").add(ENCODER);
    write(path, json, weights);
    return new EncoderDirectory(path, config, false, RewardScale.IDENTITY);
  }

  /**
   * Writes a reward model.
   *
   * @param weights includes {@code bert.pooler.dense} and {@code classifier}
   * @param maxTokens longest input it was trained on; the tokenizer's {@code model_max_length}
   * @param backbone directory whose tokenizer and notices are copied
   */
  public static EncoderDirectory writeReward(
      Path path,
      EncoderConfig config,
      RewardScale scale,
      Map<String, TensorData> weights,
      int maxTokens,
      Path backbone)
      throws IOException {
    ObjectNode json = config.toJson();
    json.putArray("architectures").add(REWARD);
    scale.describe(json);
    json.put("reward_max_tokens", maxTokens);
    write(path, json, weights);
    for (String file : COPIED) {
      if (Files.exists(backbone.resolve(file))) {
        Files.copy(backbone.resolve(file), path.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return new EncoderDirectory(path, config, true, scale);
  }

  private static void write(Path path, ObjectNode json, Map<String, TensorData> weights)
      throws IOException {
    Files.createDirectories(path);
    SafetensorsWriter.write(path.resolve("model.safetensors"), weights, Map.of("format", "pt"));
    Files.writeString(path.resolve("config.json"), json.toPrettyString() + "\n");
  }

  public Path path() {
    return path;
  }

  public EncoderConfig config() {
    return config;
  }

  /** Whether it scores completions. */
  public boolean isReward() {
    return reward;
  }

  /** How a reward model's output is brought to mean 0 and deviation 1; else identity. */
  public RewardScale rewardScale() {
    return rewardScale;
  }

  /** Longest input of a reward model, as it was trained; the context where nothing is said. */
  public int maxTokens() {
    try {
      int said =
          JSON.readTree(path.resolve("config.json").toFile()).path("reward_max_tokens").asInt();
      return said > 0
          ? Math.min(said, config.maxPositionEmbeddings())
          : config.maxPositionEmbeddings();
    } catch (IOException e) {
      throw new ModelFormatException(path + ": has no readable config.json", e);
    }
  }

  /** Maps the weights; the caller keeps what it reads alive. */
  public Safetensors weights() {
    return Safetensors.open(path.resolve("model.safetensors"));
  }

  public Path tokenizerJson() {
    return path.resolve("tokenizer.json");
  }

  /** Where the exported graph is, or would be. */
  public Path onnx() {
    return path.resolve("onnx").resolve("model.onnx");
  }
}
