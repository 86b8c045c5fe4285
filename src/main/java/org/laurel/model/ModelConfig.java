package org.laurel.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The architecture of a Llama-layout decoder, as Hugging Face's {@code config.json} describes it.
 *
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width inside the SwiGLU feed-forward
 * @param numKeyValueHeads heads of keys and values; divides {@code numHeads}
 * @param bosTokenId null when the tokenizer has no begin token
 * @param padTokenId differs from {@code eosTokenId}, else the end of a completion could not be told
 *     from padding
 */
public record ModelConfig(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int numLayers,
    int numHeads,
    int numKeyValueHeads,
    int headDim,
    int maxPositionEmbeddings,
    double rmsNormEps,
    double ropeTheta,
    boolean tieWordEmbeddings,
    @Nullable Integer bosTokenId,
    int eosTokenId,
    int padTokenId) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Standard deviation of fresh weights, written as {@code initializer_range}. */
  public static final double INITIALIZER_RANGE = 0.02;

  public ModelConfig {
    require("llama".equals(modelType), "model_type is '" + modelType + "', only llama is known");
    positive("vocab_size", vocabSize);
    positive("hidden_size", hiddenSize);
    positive("intermediate_size", intermediateSize);
    positive("num_hidden_layers", numLayers);
    positive("num_attention_heads", numHeads);
    positive("num_key_value_heads", numKeyValueHeads);
    positive("head_dim", headDim);
    positive("max_position_embeddings", maxPositionEmbeddings);
    require(headDim % 2 == 0, "head_dim " + headDim + " is odd; rotary embeddings need pairs");
    require(
        numHeads % numKeyValueHeads == 0,
        "num_key_value_heads %d does not divide num_attention_heads %d"
            .formatted(numKeyValueHeads, numHeads));
    require(rmsNormEps > 0 && rmsNormEps < 1, "rms_norm_eps is " + rmsNormEps);
    require(ropeTheta > 0 && Double.isFinite(ropeTheta), "rope_theta is " + ropeTheta);
    token("eos_token_id", eosTokenId, vocabSize);
    token("pad_token_id", padTokenId, vocabSize);
    if (bosTokenId != null) {
      token("bos_token_id", bosTokenId, vocabSize);
    }
    require(padTokenId != eosTokenId, "pad_token_id and eos_token_id are both " + eosTokenId);
  }

  /** Reads {@code config.json}; {@code where} names the file in errors. */
  public static ModelConfig parse(String json, String where) {
    try {
      return read(JSON.readTree(json));
    } catch (JsonProcessingException | ModelFormatException e) {
      throw new ModelFormatException(where + ": " + e.getMessage(), e);
    }
  }

  private static ModelConfig read(JsonNode node) {
    require(node.isObject(), "not a JSON object");
    unsupported(node.path("attention_bias").asBoolean(false), "attention_bias");
    unsupported(node.path("mlp_bias").asBoolean(false), "mlp_bias");
    unsupported(scaled(node.path("rope_scaling")), "rope_scaling");
    unsupported(scaled(node.path("rope_parameters")), "rope_parameters other than default");
    String activation = node.path("hidden_act").asText("silu");
    require(activation.equals("silu"), "hidden_act is '" + activation + "', only silu is known");
    int hidden = integer(node, "hidden_size", null);
    int heads = integer(node, "num_attention_heads", null);
    positive("num_attention_heads", heads);
    int eos = tokenId(node, "eos_token_id");
    return new ModelConfig(
        node.path("model_type").asText(""),
        integer(node, "vocab_size", null),
        hidden,
        integer(node, "intermediate_size", null),
        integer(node, "num_hidden_layers", null),
        heads,
        integer(node, "num_key_value_heads", heads),
        integer(node, "head_dim", hidden / heads),
        integer(node, "max_position_embeddings", null),
        node.path("rms_norm_eps").asDouble(1e-6),
        node.path("rope_parameters")
            .path("rope_theta")
            .asDouble(node.path("rope_theta").asDouble(10_000)),
        node.path("tie_word_embeddings").asBoolean(false),
        node.path("bos_token_id").isInt() ? node.path("bos_token_id").asInt() : null,
        eos,
        tokenId(node, "pad_token_id"));
  }

  /** These fields as a JSON object with Hugging Face's names, ready for {@code config.json}. */
  ObjectNode toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("model_type", modelType);
    node.put("vocab_size", vocabSize);
    node.put("hidden_size", hiddenSize);
    node.put("intermediate_size", intermediateSize);
    node.put("num_hidden_layers", numLayers);
    node.put("num_attention_heads", numHeads);
    node.put("num_key_value_heads", numKeyValueHeads);
    node.put("head_dim", headDim);
    node.put("max_position_embeddings", maxPositionEmbeddings);
    node.put("rms_norm_eps", rmsNormEps);
    node.put("rope_theta", ropeTheta);
    node.put("tie_word_embeddings", tieWordEmbeddings);
    node.put("bos_token_id", bosTokenId);
    node.put("eos_token_id", eosTokenId);
    node.put("pad_token_id", padTokenId);
    node.put("hidden_act", "silu");
    node.put("initializer_range", INITIALIZER_RANGE);
    node.put("attention_bias", false);
    node.put("mlp_bias", false);
    node.put("torch_dtype", "float32");
    return node;
  }

  /** Number of weights of the decoder without a reward head. */
  public long parameterCount() {
    long attention = (long) hiddenSize * headDim * (2L * numHeads + 2L * numKeyValueHeads);
    long layer = attention + 3L * hiddenSize * intermediateSize + 2L * hiddenSize;
    long embeddings = (long) vocabSize * hiddenSize * (tieWordEmbeddings ? 1 : 2);
    return embeddings + numLayers * layer + hiddenSize;
  }

  private static boolean scaled(JsonNode rope) {
    String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
    return rope.isObject() && !type.equals("default");
  }

  private static int integer(JsonNode node, String name, @Nullable Integer fallback) {
    JsonNode value = node.path(name);
    if (value.isInt()) {
      return value.asInt();
    }
    require(
        fallback != null && (value.isMissingNode() || value.isNull()), name + " is not a number");
    return fallback == null ? 0 : fallback;
  }

  /** A token id; of a list (Llama 3 ends in several ways) the first. */
  private static int tokenId(JsonNode node, String name) {
    JsonNode value = node.path(name).isArray() ? node.path(name).path(0) : node.path(name);
    require(value.isInt(), name + " is missing");
    return value.asInt();
  }

  private static void token(String name, int id, int vocabSize) {
    require(id >= 0 && id < vocabSize, name + " " + id + " is outside the vocabulary");
  }

  private static void positive(String name, int value) {
    require(value > 0, name + " is " + value);
  }

  private static void unsupported(boolean present, String what) {
    require(!present, what + " is not supported");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ModelFormatException(otherwise);
    }
  }
}
