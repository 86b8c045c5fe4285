package org.laurel.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A decoder as Hugging Face's {@code config.json} describes it: its sizes, and what its family does
 * in its own way.
 *
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width inside the feed-forward layer
 * @param numKeyValueHeads heads of keys and values; divides {@code numHeads}
 * @param maxPositionEmbeddings most tokens of a sequence; where attention slides, the tokens of its
 *     window, since up to there it sees everything
 * @param normEpsilon added to the mean square (RMSNorm) or the variance (LayerNorm)
 * @param bosTokenId null when the tokenizer has no begin token
 * @param padTokenId differs from {@code eosTokenId}, else the end of a completion could not be told
 *     from padding
 */
public record ModelConfig(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int numLayers,
    int numHeads,
    int numKeyValueHeads,
    int headDim,
    int maxPositionEmbeddings,
    double normEpsilon,
    double ropeTheta,
    boolean tieWordEmbeddings,
    @Nullable Integer bosTokenId,
    int eosTokenId,
    int padTokenId,
    Architecture architecture) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Standard deviation of fresh weights, written as {@code initializer_range}. */
  public static final double INITIALIZER_RANGE = 0.02;

  public ModelConfig {
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
    require(normEpsilon > 0 && normEpsilon < 1, "the norm's epsilon is " + normEpsilon);
    require(ropeTheta > 0 && Double.isFinite(ropeTheta), "rope_theta is " + ropeTheta);
    require(
        architecture.rotaryDimensions() >= 0 && architecture.rotaryDimensions() <= headDim,
        "rotary embeddings of " + architecture.rotaryDimensions() + " dimensions in " + headDim);
    token("eos_token_id", eosTokenId, vocabSize);
    token("pad_token_id", padTokenId, vocabSize);
    if (bosTokenId != null) {
      token("bos_token_id", bosTokenId, vocabSize);
    }
    require(padTokenId != eosTokenId, "pad_token_id and eos_token_id are both " + eosTokenId);
  }

  /** A decoder exactly in Llama's manner; {@code modelType} is "llama". */
  public ModelConfig(
      String modelType,
      int vocabSize,
      int hiddenSize,
      int intermediateSize,
      int numLayers,
      int numHeads,
      int numKeyValueHeads,
      int headDim,
      int maxPositionEmbeddings,
      double normEpsilon,
      double ropeTheta,
      boolean tieWordEmbeddings,
      @Nullable Integer bosTokenId,
      int eosTokenId,
      int padTokenId) {
    this(
        vocabSize,
        hiddenSize,
        intermediateSize,
        numLayers,
        numHeads,
        numKeyValueHeads,
        headDim,
        maxPositionEmbeddings,
        normEpsilon,
        ropeTheta,
        tieWordEmbeddings,
        bosTokenId,
        eosTokenId,
        padTokenId,
        Architecture.llama(headDim));
    require(modelType.equals("llama"), "a " + modelType + " is more than its sizes");
  }

  /** Reads {@code config.json}; {@code where} names the file in errors. */
  public static ModelConfig parse(String json, String where) {
    return of(json(json, where), where);
  }

  static JsonNode json(String text, String where) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(where + ": is not JSON", e);
    }
  }

  static ModelConfig of(JsonNode json, String where) {
    try {
      return ConfigJson.read(json);
    } catch (ModelFormatException e) {
      throw new ModelFormatException(where + ": " + e.getMessage(), e);
    }
  }

  /** These fields as a JSON object with Hugging Face's names, ready for {@code config.json}. */
  ObjectNode toJson() {
    return ConfigJson.write(this);
  }

  /** The value of {@code model_type}. */
  public String modelType() {
    return architecture.family().modelType();
  }

  /** The same model that ends its completions with another token. */
  ModelConfig withEndToken(int token) {
    return with(token, ConfigJson.padding(padTokenId, bosTokenId, token));
  }

  /** The same model with another token where a sequence is shorter than its batch. */
  ModelConfig withPadToken(int token) {
    return with(eosTokenId, token);
  }

  private ModelConfig with(int end, int padding) {
    return new ModelConfig(
        vocabSize,
        hiddenSize,
        intermediateSize,
        numLayers,
        numHeads,
        numKeyValueHeads,
        headDim,
        maxPositionEmbeddings,
        normEpsilon,
        ropeTheta,
        tieWordEmbeddings,
        bosTokenId,
        end,
        padding,
        architecture);
  }

  /** Radians a position by which rotary embedding turns pair i of a head [arXiv 2104.09864]. */
  public double[] rotaryFrequencies() {
    double[] frequencies = new double[architecture.rotaryDimensions() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double plain = Math.pow(ropeTheta, -2.0 * i / architecture.rotaryDimensions());
      frequencies[i] = architecture.ropeScaling().frequency(plain);
    }
    return frequencies;
  }

  /** Number of weights of the decoder without a reward head. */
  public long parameterCount() {
    return DecoderShapes.of(this, Head.LANGUAGE_MODEL).values().stream()
        .mapToLong(DecoderShapes::size)
        .sum();
  }

  private static void token(String name, int id, int vocabSize) {
    require(id >= 0 && id < vocabSize, name + " " + id + " is outside the vocabulary");
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
