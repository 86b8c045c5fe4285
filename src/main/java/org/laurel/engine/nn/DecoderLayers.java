package org.laurel.engine.nn;

import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.laurel.model.Architecture;
import org.laurel.model.ModelConfig;

/**
 * The forward pass of a decoder of any family that {@link Architecture} describes, from token ids
 * to hidden states.
 */
final class DecoderLayers implements AutoCloseable {

  private final ModelConfig config;
  private final AdaptedWeights weights;
  private final @Nullable RotaryEmbedding rotary;
  private final boolean borrowed;

  /** Shared with all replicas. */
  private final CommonPrecision precision;

  DecoderLayers(ModelConfig config, AdaptedWeights weights) {
    this.config = config;
    this.weights = weights;
    this.rotary = config.architecture().learnedPositions() ? null : new RotaryEmbedding(config);
    this.borrowed = false;
    this.precision = new CommonPrecision();
  }

  /** A replica: the same in all but its gradients. */
  DecoderLayers(DecoderLayers original, AdaptedWeights weights) {
    this.config = original.config;
    this.weights = weights;
    this.rotary = original.rotary;
    this.borrowed = true;
    this.precision = original.precision;
  }

  int count() {
    return config.numLayers();
  }

  Precision precision() {
    return precision.get();
  }

  /** Sets the type of the large products from the next call on. */
  void precision(Precision wanted) {
    precision.set(wanted);
  }

  /** 0 where a token sees another, else minus infinity, [rows, 1, width, width]. */
  static Tensor bias(Tensor segments) {
    Tensor same = segments.unsqueeze(2).eq(segments.unsqueeze(1));
    Tensor visible = same.tril().unsqueeze(1);
    return torch
        .zeros_like(visible.to(ScalarType.Float))
        .masked_fill(visible.logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
  }

  /**
   * Hidden states after the final norm, float32 [rows, width, hidden].
   *
   * @param ids int64 [rows, width]
   * @param positions null for 0, 1, 2, ... in every row
   * @param bias {@link #bias}; null where every token sees all earlier ones of its row
   */
  Tensor hidden(Tensor ids, @Nullable Tensor positions, @Nullable Tensor bias) {
    Tensor x = embedded(ids, positions);
    Turns turns = turns(ids, positions);
    for (int layer = 0; layer < config.numLayers(); layer++) {
      x = layer(layer, x, turns, bias);
    }
    return last(x);
  }

  Tensor embedded(Tensor ids, @Nullable Tensor positions) {
    Tensor x = torch.embedding(weights.plain("model.embed_tokens.weight"), ids);
    return rotary == null ? x.add(placed(positions, ids.size(1))) : x;
  }

  @Nullable Turns turns(Tensor ids, @Nullable Tensor positions) {
    return rotary == null
        ? null
        : new Turns(rotary, positions == null ? rotary.upTo(ids.size(1)) : rotary.at(positions));
  }

  Tensor layer(int layer, Tensor x, @Nullable Turns turns, @Nullable Tensor bias) {
    String prefix = "model.layers." + layer + ".";
    Tensor attended = attention(norm(x, prefix + "input_layernorm"), prefix, turns, bias);
    if (config.architecture().parallel()) {
      Tensor mixed = feedForward(norm(x, prefix + "post_attention_layernorm"), prefix);
      return x.add(attended).add(mixed);
    }
    Tensor between = x.add(attended);
    return between.add(feedForward(norm(between, prefix + "post_attention_layernorm"), prefix));
  }

  /** The norm after the last layer. */
  Tensor last(Tensor x) {
    return norm(x, "model.norm");
  }

  /** Learned vectors of the positions; padding may stand beyond the last of them. */
  private Tensor placed(@Nullable Tensor positions, long width) {
    Tensor at = positions == null ? Device.upTo(width).unsqueeze(0) : positions;
    return torch.embedding(
        weights.plain("model.embed_positions.weight"),
        at.clamp_max(new Scalar(config.maxPositionEmbeddings() - 1L)).to(ScalarType.Long));
  }

  /** How far each token's queries and keys are turned, and by what. */
  record Turns(RotaryEmbedding rotary, Tensor angles) {
    Tensor turn(Tensor queriesAndKeys) {
      return rotary.turn(queriesAndKeys, angles);
    }
  }

  private Tensor attention(Tensor x, String prefix, @Nullable Turns turns, @Nullable Tensor bias) {
    long rows = x.size(0);
    long width = x.size(1);
    long heads = config.numHeads();
    long kvHeads = config.numKeyValueHeads();
    long queriesAndKeys = (heads + kvHeads) * config.headDim();
    Tensor qkv = queriesKeysValues(x, prefix, turns);
    Tensor both = qkv.narrow(2, 0, queriesAndKeys);
    if (config.architecture().queryKeyNorm()) {
      both = normalisedHeads(both, prefix, turns);
    }
    Tensor qk =
        turns == null
            ? both.view(rows, width, heads + kvHeads, config.headDim())
            : turns.turn(both);
    Tensor q = qk.narrow(2, 0, heads).transpose(1, 2);
    Tensor k = qk.narrow(2, heads, kvHeads).transpose(1, 2);
    Tensor v =
        qkv.narrow(2, queriesAndKeys, kvHeads * config.headDim())
            .view(rows, width, kvHeads, config.headDim())
            .transpose(1, 2);
    Tensor mixed =
        torch.scaled_dot_product_attention(
            q,
            k,
            v,
            bias == null ? new TensorOptional() : new TensorOptional(bias),
            0.0,
            bias == null,
            new DoubleOptional(),
            heads != kvHeads);
    Tensor flat = mixed.transpose(1, 2).reshape(rows, width, heads * config.headDim());
    return linear(flat, prefix + "self_attn.o_proj", config.architecture().outputBias());
  }

  /** The three projections in one product, queries and keys as turning wants them. */
  private Tensor queriesKeysValues(Tensor x, String prefix, @Nullable Turns turns) {
    Tensor in = precision().round(x);
    Tensor weight = paired(stacked(prefix, name -> weights.plain(name + ".weight")), turns);
    Tensor qkv = torch.linear(in, precision().round(weight));
    if (weights.adapts(prefix + "self_attn.q_proj.weight")) {
      Tensor inner = stacked(prefix, name -> weights.inner(name + ".weight"));
      Tensor outer =
          torch.block_diag(new TensorVector(each(prefix, name -> weights.outer(name + ".weight"))));
      qkv = qkv.add_(lowRank(in, inner, paired(outer, turns)));
    }
    Tensor whole = qkv.to(ScalarType.Float);
    return config.architecture().inputBias()
        ? whole.add(paired(stacked(prefix, name -> weights.plain(name + ".bias")), turns))
        : whole;
  }

  private static Tensor[] each(String prefix, Function<String, Tensor> part) {
    return Stream.of("q_proj", "k_proj", "v_proj")
        .map(name -> part.apply(prefix + "self_attn." + name))
        .toArray(Tensor[]::new);
  }

  private static Tensor stacked(String prefix, Function<String, Tensor> part) {
    return torch.cat(new TensorVector(each(prefix, part)), 0);
  }

  /** Rows of queries and keys, which come before those of values, as turning wants them. */
  private Tensor paired(Tensor stacked, @Nullable Turns turns) {
    if (turns == null) {
      return stacked;
    }
    long turned = (config.numHeads() + config.numKeyValueHeads()) * (long) config.headDim();
    Tensor paired = turns.rotary().pairRows(stacked.narrow(0, 0, turned));
    Tensor values = stacked.narrow(0, turned, stacked.size(0) - turned);
    return torch.cat(new TensorVector(paired, values), 0);
  }

  /** RMSNorm of each head of queries and keys, whose dimensions may stand in pairs by now. */
  private Tensor normalisedHeads(Tensor queriesAndKeys, String prefix, @Nullable Turns turns) {
    long heads = config.numHeads();
    long kvHeads = config.numKeyValueHeads();
    Tensor queries = weights.plain(prefix + "self_attn.q_norm.weight").expand(heads, -1);
    Tensor keys = weights.plain(prefix + "self_attn.k_norm.weight").expand(kvHeads, -1);
    Tensor scale = torch.cat(new TensorVector(queries, keys), 0).reshape(-1);
    if (turns != null) {
      scale = turns.rotary().pairRows(scale);
    }
    Tensor split =
        queriesAndKeys.reshape(
            queriesAndKeys.size(0), queriesAndKeys.size(1), heads + kvHeads, config.headDim());
    return torch
        .rms_norm(
            split,
            new long[] {config.headDim()},
            new TensorOptional(),
            new DoubleOptional(config.normEpsilon()))
        .reshape(queriesAndKeys.shape())
        .mul(scale);
  }

  private Tensor feedForward(Tensor x, String prefix) {
    Tensor in = precision().round(x);
    boolean bias = config.architecture().feedForwardBias();
    Tensor up = inner(in, prefix + "mlp.up_proj", bias);
    Tensor active =
        switch (config.architecture().activation()) {
          case SWIGLU -> torch.silu(inner(in, prefix + "mlp.gate_proj", bias)).mul(up);
          case GELU -> torch.gelu(up, "none");
          case GELU_TANH -> torch.gelu(up, "tanh");
        };
    return inner(active, prefix + "mlp.down_proj", bias).to(ScalarType.Float);
  }

  /** A product that stays in the type of the large products, as {@code x} is. */
  private Tensor inner(Tensor x, String name, boolean bias) {
    Tensor product = adapted(x, name + ".weight");
    return bias ? product.add(precision().round(weights.plain(name + ".bias"))) : product;
  }

  private Tensor linear(Tensor x, String name, boolean bias) {
    Tensor product = adapted(precision().round(x), name + ".weight").to(ScalarType.Float);
    return bias ? product.add(weights.plain(name + ".bias")) : product;
  }

  /** W x, and alpha / rank B A x where the weight has an adapter [Hu et al. 2021, eq. 3]. */
  private Tensor adapted(Tensor x, String name) {
    Tensor product = torch.linear(x, precision().round(weights.plain(name)));
    return weights.adapts(name)
        ? product.add_(lowRank(x, weights.inner(name), weights.outer(name)))
        : product;
  }

  private Tensor lowRank(Tensor x, Tensor inner, Tensor outer) {
    return torch.linear(torch.linear(x, precision().round(inner)), precision().round(outer));
  }

  /** A product in the type of the large ones, given back in float32. */
  Tensor product(Tensor x, Tensor weight) {
    return torch.linear(precision().round(x), precision().round(weight)).to(ScalarType.Float);
  }

  /** RMSNorm, x / rms(x) * weight [arXiv 1910.07467], or LayerNorm. */
  private Tensor norm(Tensor x, String name) {
    long[] shape = {config.hiddenSize()};
    TensorOptional weight = new TensorOptional(weights.plain(name + ".weight"));
    return config.architecture().layerNorm()
        ? torch.layer_norm(
            x,
            shape,
            weight,
            new TensorOptional(weights.plain(name + ".bias")),
            config.normEpsilon(),
            false)
        : torch.rms_norm(x, shape, weight, new DoubleOptional(config.normEpsilon()));
  }

  @Override
  public void close() {
    if (rotary != null && !borrowed) {
      rotary.close();
    }
  }
}
