package org.laurel.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code config.json} of each family, read and written with Hugging Face's names and defaults. */
final class ConfigJson {
  /** GELU by a hyperbolic tangent, under the names in use. */
  private static final Set<String> GELU_TANH =
      Set.of("gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_approx_tanh");

  private ConfigJson() {}

  static ModelConfig read(JsonNode node) {
    require(node.isObject(), "not a JSON object");
    Family family = Family.named(node.path("model_type").asText(""));
    return switch (family) {
      case LLAMA, MISTRAL, QWEN2, QWEN3 -> gated(node, family);
      case GPT2 -> gpt2(node);
      case GPT_NEOX -> gptNeox(node);
    };
  }

  private static ModelConfig gated(JsonNode node, Family family) {
    String activation = node.path("hidden_act").asText("silu");
    require(activation.equals("silu"), "hidden_act is '" + activation + "', only silu is known");
    int hidden = integer(node, "hidden_size", null);
    int heads = heads(node, "num_attention_heads");
    int headDim = integer(node, "head_dim", hidden / heads);
    Architecture architecture = Architecture.gated(family, headDim, scaling(node));
    boolean biases = node.path("attention_bias").asBoolean(false);
    architecture =
        switch (family) {
          case QWEN2 -> architecture.withBiases(true, false, false);
          case QWEN3 -> architecture.withQueryKeyNorm().withBiases(biases, biases, false);
          default -> architecture.withBiases(biases, biases, node.path("mlp_bias").asBoolean());
        };
    return config(
        node,
        new Sizes(
            hidden,
            integer(node, "intermediate_size", null),
            integer(node, "num_hidden_layers", null),
            heads,
            integer(node, "num_key_value_heads", heads),
            headDim,
            Math.min(integer(node, "max_position_embeddings", null), window(node, family))),
        node.path("rms_norm_eps").asDouble(1e-6),
        node.path("tie_word_embeddings").asBoolean(false),
        architecture);
  }

  /** Tokens that attention sees at once, where it slides. */
  private static int window(JsonNode node, Family family) {
    boolean slides =
        family == Family.MISTRAL
            ? !node.path("sliding_window").isNull()
            : node.path("use_sliding_window").asBoolean(false);
    return slides ? integer(node, "sliding_window", 4096) : Integer.MAX_VALUE;
  }

  private static ModelConfig gpt2(JsonNode node) {
    for (String option : new String[] {"scale_attn_by_inverse_layer_idx", "add_cross_attention"}) {
      require(!node.path(option).asBoolean(false), option + " is not supported");
    }
    require(node.path("scale_attn_weights").asBoolean(true), "scale_attn_weights must be true");
    int hidden = integer(node, "n_embd", null);
    int heads = heads(node, "n_head");
    return config(
        node,
        new Sizes(
            hidden,
            integer(node, "n_inner", Math.multiplyExact(4, hidden)),
            integer(node, "n_layer", null),
            heads,
            heads,
            hidden / heads,
            integer(node, "n_positions", null)),
        node.path("layer_norm_epsilon").asDouble(1e-5),
        node.path("tie_word_embeddings").asBoolean(true),
        new Architecture(
            Family.GPT2,
            true,
            false,
            true,
            true,
            true,
            gelu(node.path("activation_function").asText("gelu_new")),
            false,
            0,
            RopeScaling.NONE));
  }

  private static ModelConfig gptNeox(JsonNode node) {
    int hidden = integer(node, "hidden_size", null);
    int heads = heads(node, "num_attention_heads");
    double share =
        node.path("rope_parameters")
            .path("partial_rotary_factor")
            .asDouble(node.path("rotary_pct").asDouble(0.25));
    boolean biases = node.path("attention_bias").asBoolean(true);
    int turned = (int) (hidden / heads * share);
    require(turned > 0, "rotary_pct " + share + " leaves no dimension to turn");
    return config(
        node,
        new Sizes(
            hidden,
            integer(node, "intermediate_size", null),
            integer(node, "num_hidden_layers", null),
            heads,
            heads,
            hidden / heads,
            integer(node, "max_position_embeddings", null)),
        node.path("layer_norm_eps").asDouble(1e-5),
        node.path("tie_word_embeddings").asBoolean(false),
        new Architecture(
            Family.GPT_NEOX,
            true,
            false,
            biases,
            biases,
            true,
            gelu(node.path("hidden_act").asText("gelu")),
            node.path("use_parallel_residual").asBoolean(true),
            turned,
            scaling(node)));
  }

  private record Sizes(
      int hidden, int inner, int layers, int heads, int keyHeads, int headDim, int context) {}

  private static ModelConfig config(
      JsonNode node, Sizes sizes, double epsilon, boolean tied, Architecture architecture) {
    int end = endToken(node);
    int vocabulary = integer(node, "vocab_size", null);
    Integer begins = token(node, "bos_token_id", vocabulary);
    double theta = node.path("rotary_emb_base").asDouble(10_000);
    theta = node.path("rope_theta").asDouble(theta);
    return new ModelConfig(
        vocabulary,
        sizes.hidden,
        sizes.inner,
        sizes.layers,
        sizes.heads,
        sizes.keyHeads,
        sizes.headDim,
        sizes.context,
        epsilon,
        node.path("rope_parameters").path("rope_theta").asDouble(theta),
        tied,
        begins,
        end,
        padding(token(node, "pad_token_id", vocabulary), begins, end),
        architecture);
  }

  /** Null where there is none: conversions write -1, and enlarged tokenizers name ids too high. */
  private static @Nullable Integer token(JsonNode node, String name, int vocabulary) {
    JsonNode value = node.path(name);
    return value.isInt() && value.asInt() >= 0 && value.asInt() < vocabulary
        ? (Integer) value.asInt()
        : null;
  }

  /** The end token; of a list (Llama 3 ends in several ways) the first. */
  private static int endToken(JsonNode node) {
    JsonNode value = node.path("eos_token_id");
    value = value.isArray() ? value.path(0) : value;
    require(value.isInt(), "eos_token_id is missing");
    return value.asInt();
  }

  /**
   * The given padding token, or another that is not the end token where there is none or it is the
   * end token: attention never sees padding, so that any token does as long as it is no end.
   */
  static int padding(@Nullable Integer given, @Nullable Integer begin, int end) {
    if (given != null && given != end) {
      return given;
    }
    if (begin != null && begin != end) {
      return begin;
    }
    return end == 0 ? 1 : 0;
  }

  private static RopeScaling scaling(JsonNode node) {
    RopeScaling scaling = RopeScaling.read(node.path("rope_parameters"));
    return scaling.equals(RopeScaling.NONE) ? RopeScaling.read(node.path("rope_scaling")) : scaling;
  }

  private static Activation gelu(String name) {
    require(
        name.equals("gelu") || GELU_TANH.contains(name),
        "the activation is '" + name + "', only gelu and gelu_new are known");
    return name.equals("gelu") ? Activation.GELU : Activation.GELU_TANH;
  }

  private static int heads(JsonNode node, String name) {
    int heads = integer(node, name, null);
    require(heads > 0, name + " is " + heads);
    return heads;
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

  static ObjectNode write(ModelConfig c) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("model_type", c.modelType());
    node.put("vocab_size", c.vocabSize());
    switch (c.architecture().family()) {
      case LLAMA, MISTRAL, QWEN2, QWEN3 -> writeGated(c, node);
      case GPT2 -> writeGpt2(c, node);
      case GPT_NEOX -> writeGptNeox(c, node);
    }
    node.put("torch_dtype", "float32");
    return node;
  }

  private static void writeGated(ModelConfig c, ObjectNode node) {
    Architecture architecture = c.architecture();
    node.put("hidden_size", c.hiddenSize());
    node.put("intermediate_size", c.intermediateSize());
    node.put("num_hidden_layers", c.numLayers());
    node.put("num_attention_heads", c.numHeads());
    node.put("num_key_value_heads", c.numKeyValueHeads());
    node.put("head_dim", c.headDim());
    node.put("max_position_embeddings", c.maxPositionEmbeddings());
    node.put("rms_norm_eps", c.normEpsilon());
    node.put("rope_theta", c.ropeTheta());
    architecture.ropeScaling().write(node);
    writeTokens(c, node);
    node.put("hidden_act", "silu");
    node.put("initializer_range", ModelConfig.INITIALIZER_RANGE);
    switch (architecture.family()) {
      case MISTRAL -> node.putNull("sliding_window");
      case QWEN2 -> node.put("use_sliding_window", false);
      case QWEN3 -> {
        node.put("use_sliding_window", false);
        node.put("attention_bias", architecture.inputBias());
      }
      default -> {
        node.put("attention_bias", architecture.inputBias());
        node.put("mlp_bias", architecture.feedForwardBias());
      }
    }
  }

  private static void writeGpt2(ModelConfig c, ObjectNode node) {
    node.put("n_embd", c.hiddenSize());
    node.put("n_inner", c.intermediateSize());
    node.put("n_layer", c.numLayers());
    node.put("n_head", c.numHeads());
    node.put("n_positions", c.maxPositionEmbeddings());
    node.put("layer_norm_epsilon", c.normEpsilon());
    writeTokens(c, node);
    node.put("activation_function", gelu(c));
    for (String dropout : new String[] {"attn_pdrop", "embd_pdrop", "resid_pdrop"}) {
      node.put(dropout, 0.0);
    }
    node.put("initializer_range", ModelConfig.INITIALIZER_RANGE);
  }

  private static void writeGptNeox(ModelConfig c, ObjectNode node) {
    node.put("hidden_size", c.hiddenSize());
    node.put("intermediate_size", c.intermediateSize());
    node.put("num_hidden_layers", c.numLayers());
    node.put("num_attention_heads", c.numHeads());
    node.put("max_position_embeddings", c.maxPositionEmbeddings());
    node.put("layer_norm_eps", c.normEpsilon());
    node.put("rotary_emb_base", c.ropeTheta());
    node.put("rope_theta", c.ropeTheta());
    node.put("rotary_pct", (double) c.architecture().rotaryDimensions() / c.headDim());
    c.architecture().ropeScaling().write(node);
    writeTokens(c, node);
    node.put("hidden_act", gelu(c));
    node.put("initializer_range", ModelConfig.INITIALIZER_RANGE);
    node.put("use_parallel_residual", c.architecture().parallel());
    node.put("attention_bias", c.architecture().inputBias());
    node.put("hidden_dropout", 0.0);
    node.put("attention_dropout", 0.0);
  }

  private static void writeTokens(ModelConfig c, ObjectNode node) {
    node.put("tie_word_embeddings", c.tieWordEmbeddings());
    node.put("bos_token_id", c.bosTokenId());
    node.put("eos_token_id", c.eosTokenId());
    node.put("pad_token_id", c.padTokenId());
  }

  private static String gelu(ModelConfig c) {
    return c.architecture().activation() == Activation.GELU ? "gelu" : "gelu_new";
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ModelFormatException(otherwise);
    }
  }
}
