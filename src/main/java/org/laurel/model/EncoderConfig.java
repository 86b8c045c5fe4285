package org.laurel.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The architecture of a BERT encoder (Devlin et al. 2018), as Hugging Face's {@code config.json}
 * describes it.
 *
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width inside the feed-forward
 * @param maxPositionEmbeddings most tokens of an input
 * @param typeVocabSize segments that are told apart; a prompt and a completion need two
 */
public record EncoderConfig(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int numLayers,
    int numHeads,
    int maxPositionEmbeddings,
    int typeVocabSize,
    double layerNormEps,
    int padTokenId) {

  /** Hugging Face's name of the family. */
  public static final String MODEL_TYPE = "bert";

  private static final ObjectMapper JSON = new ObjectMapper();

  public EncoderConfig {
    positive("vocab_size", vocabSize);
    positive("hidden_size", hiddenSize);
    positive("intermediate_size", intermediateSize);
    positive("num_hidden_layers", numLayers);
    positive("num_attention_heads", numHeads);
    positive("max_position_embeddings", maxPositionEmbeddings);
    require(typeVocabSize >= 2, "type_vocab_size is " + typeVocabSize + ", two are needed");
    require(
        hiddenSize % numHeads == 0,
        "num_attention_heads %d does not divide hidden_size %d".formatted(numHeads, hiddenSize));
    require(layerNormEps > 0 && layerNormEps < 1, "layer_norm_eps is " + layerNormEps);
    require(
        padTokenId >= 0 && padTokenId < vocabSize,
        "pad_token_id " + padTokenId + " is outside the vocabulary");
  }

  /** The same with another number of layers. */
  public EncoderConfig withLayers(int layers) {
    return new EncoderConfig(
        vocabSize,
        hiddenSize,
        intermediateSize,
        layers,
        numHeads,
        maxPositionEmbeddings,
        typeVocabSize,
        layerNormEps,
        padTokenId);
  }

  /** Width of one attention head. */
  public int headDim() {
    return hiddenSize / numHeads;
  }

  /** Reads {@code config.json}; {@code where} names the file in errors. */
  public static EncoderConfig parse(String json, String where) {
    try {
      JsonNode node = JSON.readTree(json);
      String type = node.path("model_type").asText("");
      require(MODEL_TYPE.equals(type), "model_type is '" + type + "', not bert");
      String activation = node.path("hidden_act").asText("gelu");
      require(activation.equals("gelu"), "hidden_act is '" + activation + "', only gelu is known");
      String positions = node.path("position_embedding_type").asText("absolute");
      require(positions.equals("absolute"), "position_embedding_type is '" + positions + "'");
      return new EncoderConfig(
          integer(node, "vocab_size"),
          integer(node, "hidden_size"),
          integer(node, "intermediate_size"),
          integer(node, "num_hidden_layers"),
          integer(node, "num_attention_heads"),
          integer(node, "max_position_embeddings"),
          integer(node, "type_vocab_size"),
          node.path("layer_norm_eps").asDouble(1e-12),
          node.path("pad_token_id").asInt(0));
    } catch (JsonProcessingException | ModelFormatException e) {
      throw new ModelFormatException(where + ": " + e.getMessage(), e);
    }
  }

  /** These fields as a JSON object with Hugging Face's names. */
  ObjectNode toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("model_type", MODEL_TYPE);
    node.put("vocab_size", vocabSize);
    node.put("hidden_size", hiddenSize);
    node.put("intermediate_size", intermediateSize);
    node.put("num_hidden_layers", numLayers);
    node.put("num_attention_heads", numHeads);
    node.put("max_position_embeddings", maxPositionEmbeddings);
    node.put("type_vocab_size", typeVocabSize);
    node.put("layer_norm_eps", layerNormEps);
    node.put("pad_token_id", padTokenId);
    node.put("hidden_act", "gelu");
    node.put("position_embedding_type", "absolute");
    node.put("hidden_dropout_prob", 0.0);
    node.put("attention_probs_dropout_prob", 0.0);
    node.put("initializer_range", 0.02);
    node.put("torch_dtype", "float32");
    return node;
  }

  private static int integer(JsonNode node, String name) {
    require(node.path(name).isInt(), name + " is not a number");
    return node.path(name).asInt();
  }

  private static void positive(String name, int value) {
    require(value > 0, name + " is " + value);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ModelFormatException(otherwise);
    }
  }
}
