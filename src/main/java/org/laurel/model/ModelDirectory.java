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

/**
 * A model on disk in Hugging Face's layout: {@code config.json}, {@code generation_config.json},
 * the tokenizer's files, {@code model.safetensors}, and {@code onnx/model.onnx} once exported.
 */
public final class ModelDirectory {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEIGHTS = "model.safetensors";

  private final Path path;
  private final ModelConfig config;
  private final Head head;
  private final RewardScale rewardScale;

  private ModelDirectory(Path path, ModelConfig config, Head head, RewardScale rewardScale) {
    this.path = path;
    this.config = config;
    this.head = head;
    this.rewardScale = rewardScale;
  }

  /**
   * Opens a directory that holds at least a configuration and weights.
   *
   * @throws ModelFormatException when one is missing or unusable
   */
  public static ModelDirectory open(Path path) {
    Path file = path.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException(path + ": has no config.json");
    }
    try {
      JsonNode json =
          EndToken.named(path, ModelConfig.json(Files.readString(file), file.toString()));
      ModelConfig config = ModelConfig.of(json, file.toString());
      requireWeights(path);
      config = config.withEndToken(EndToken.choose(path, json, config.eosTokenId()));
      boolean reward =
          json.path("architectures").path(0).asText().endsWith("ForSequenceClassification");
      return new ModelDirectory(
          path, config, reward ? Head.REWARD : Head.LANGUAGE_MODEL, RewardScale.of(json));
    } catch (IOException e) {
      throw new ModelFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static void requireWeights(Path path) {
    if (!Files.isRegularFile(path.resolve(WEIGHTS))
        && !Files.isRegularFile(path.resolve(ShardIndex.FILE))) {
      throw new ModelFormatException(
          path
              + ": has no model.safetensors"
              + (Files.exists(path.resolve("pytorch_model.bin"))
                  ? ", and pytorch_model.bin is not read since it may hold programs"
                  : ""));
    }
  }

  /**
   * Writes a policy in its family's own layout; {@code weights} bear the names of {@link
   * DecoderShapes}. The tokenizer's files are copied from {@code tokenizer}, another directory of
   * this layout.
   */
  public static ModelDirectory writePolicy(
      Path path, ModelConfig config, Map<String, TensorData> weights, Path tokenizer)
      throws IOException {
    return write(path, config, Head.LANGUAGE_MODEL, RewardScale.IDENTITY, weights, tokenizer);
  }

  /** Writes a reward model; {@code weights} includes {@code score.weight} [1, hidden]. */
  public static ModelDirectory writeReward(
      Path path,
      ModelConfig config,
      RewardScale scale,
      Map<String, TensorData> weights,
      Path tokenizer)
      throws IOException {
    return write(path, config, Head.REWARD, scale, weights, tokenizer);
  }

  private static ModelDirectory write(
      Path path,
      ModelConfig model,
      Head head,
      RewardScale scale,
      Map<String, TensorData> weights,
      Path tokenizer)
      throws IOException {
    Files.createDirectories(path);
    SafetensorsWriter.write(path.resolve(WEIGHTS), new WeightLayout(model).pack(weights), Map.of());
    TokenizerFiles.copy(tokenizer, path);
    OptionalInt padding = PaddingToken.agree(path, model);
    ModelConfig config = padding.isPresent() ? model.withPadToken(padding.getAsInt()) : model;
    ObjectNode json = config.toJson();
    json.putArray("architectures").add(config.architecture().family().architecture(head));
    if (head == Head.REWARD) {
      scale.describe(json);
      if (padding.isEmpty()) {
        json.remove("pad_token_id");
      }
    } else {
      ObjectNode generation = JSON.createObjectNode();
      generation.put("eos_token_id", config.eosTokenId());
      // what fills up the shorter texts of a batch, where no token does nothing else
      generation.put("pad_token_id", padding.orElse(config.eosTokenId()));
      generation.put("bos_token_id", config.bosTokenId());
      writeJson(path.resolve("generation_config.json"), generation);
    }
    writeJson(path.resolve("config.json"), json);
    return new ModelDirectory(path, config, head, scale);
  }

  private static void writeJson(Path file, JsonNode json) throws IOException {
    Files.write(file, (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public Path path() {
    return path;
  }

  public ModelConfig config() {
    return config;
  }

  public Head head() {
    return head;
  }

  /** For a reward model, how its output is brought to mean 0 and deviation 1; else identity. */
  public RewardScale rewardScale() {
    return rewardScale;
  }

  /** Maps the weights as they are stored; the caller keeps what it reads alive. */
  public Safetensors weights() {
    Path whole = path.resolve(WEIGHTS);
    return Files.isRegularFile(whole)
        ? Safetensors.open(whole)
        : ShardIndex.open(path.resolve(ShardIndex.FILE));
  }

  /** The weights under the names that the engine and the graphs know. */
  public DecoderWeights decoderWeights() {
    return new DecoderWeights(config, head, weights());
  }

  /**
   * Reads everything once, as an import does before it keeps a model: every weight is there, of the
   * right shape, of floats and finite, and the tokenizer belongs to the model.
   *
   * @throws ModelFormatException with one sentence that says what is wrong
   */
  public void check() {
    decoderWeights().check();
    if (!Files.isRegularFile(tokenizerJson())) {
      throw new ModelFormatException(path + ": has no tokenizer.json");
    }
    Vocabulary.check(tokenizerJson(), config.vocabSize());
  }

  public Path tokenizerJson() {
    return path.resolve("tokenizer.json");
  }

  /** Where the exported graph is, or would be. */
  public Path onnx() {
    return path.resolve("onnx").resolve("model.onnx");
  }
}
