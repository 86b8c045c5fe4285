package org.laurel.engine.nn;

import java.nio.FloatBuffer;
import java.util.Map;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.Safetensors;

/**
 * A decoder-only transformer in Llama's layout [arXiv 2302.13971]: RMSNorm, rotary positions,
 * SwiGLU, grouped-query attention, no biases, no dropout. Weights bear Hugging Face's names.
 *
 * <p>Not safe for several threads. Every method allocates tensors in the caller's {@link
 * org.bytedeco.javacpp.PointerScope}; open one around each step.
 */
public final class Decoder implements AutoCloseable {
  /** Name of the scalar head's weight [1, hidden]. */
  public static final String SCORE = "score.weight";

  private final ModelConfig config;
  private final Parameters parameters;
  private final RotaryEmbedding rotary;
  private Precision precision = Precision.FLOAT32;

  private Decoder(ModelConfig config, Parameters parameters) {
    this.config = config;
    this.parameters = parameters;
    this.rotary = new RotaryEmbedding(config);
  }

  /** Fresh weights; the same seed gives the same weights. */
  public static Decoder random(ModelConfig config, long seed) {
    return new Decoder(config, Parameters.random(config, false, seed));
  }

  /** Weights of a model directory, with a score head if it is a reward model. */
  public static Decoder load(ModelDirectory directory) {
    Parameters.Weights weights = stored(directory.weights());
    boolean head = weights.has(SCORE);
    return new Decoder(directory.config(), Parameters.copyOf(weights, directory.config(), head, 0));
  }

  /**
   * Weights of a model directory with a score head in place of the language model's: the stored one
   * if there is one, else a fresh one drawn from {@code seed}.
   */
  public static Decoder loadWithScoreHead(ModelDirectory directory, long seed) {
    return new Decoder(
        directory.config(),
        Parameters.copyOf(stored(directory.weights()), directory.config(), true, seed));
  }

  /** An independent copy of these weights, such as a reference policy. */
  public Decoder copy() {
    Map<String, FloatBuffer> buffers = parameters.buffers();
    Decoder copy = new Decoder(config, Parameters.copyOf(inMemory(buffers), config, hasScore(), 0));
    copy.precision = precision;
    return copy;
  }

  /** A copy with a score head, fresh from {@code seed} where this model has none. */
  public Decoder copyWithScoreHead(long seed) {
    Map<String, FloatBuffer> buffers = parameters.buffers();
    Decoder copy = new Decoder(config, Parameters.copyOf(inMemory(buffers), config, true, seed));
    copy.precision = precision;
    return copy;
  }

  private static Parameters.Weights stored(Safetensors file) {
    return new Parameters.Weights() {
      @Override
      public boolean has(String name) {
        return file.names().contains(name);
      }

      @Override
      public FloatBuffer floats(String name, long... shape) {
        return file.floats(name, shape);
      }
    };
  }

  private static Parameters.Weights inMemory(Map<String, FloatBuffer> buffers) {
    return new Parameters.Weights() {
      @Override
      public boolean has(String name) {
        return buffers.containsKey(name);
      }

      @Override
      public FloatBuffer floats(String name, long... shape) {
        FloatBuffer buffer = buffers.get(name);
        if (buffer == null) {
          throw new IllegalArgumentException("the model to be copied has no " + name);
        }
        return buffer;
      }
    };
  }

  public ModelConfig config() {
    return config;
  }

  public Parameters parameters() {
    return parameters;
  }

  public Precision precision() {
    return precision;
  }

  /** Sets the type of the large products from the next call on. */
  public Decoder precision(Precision wanted) {
    precision = wanted;
    return this;
  }

  public boolean hasScore() {
    return parameters.byName().containsKey(SCORE);
  }

  /** Hidden states after the final norm, float32 [rows, width, hidden]; padding holds nonsense. */
  public Tensor hidden(TokenBatch batch) {
    if (batch.longest() > config.maxPositionEmbeddings()) {
      throw new IllegalArgumentException(
          "%d tokens where the model reads at most %d"
              .formatted(batch.longest(), config.maxPositionEmbeddings()));
    }
    return batch.causalSuffices()
        ? run(batch.ids(), rotary.upTo(batch.width()), null)
        : hidden(batch.ids(), batch.positions(), batch.segments());
  }

  /**
   * Hidden states after the final norm.
   *
   * @param ids int64 [rows, width]
   * @param positions place of each token in its sequence, int64 [rows, width]
   * @param segments int64 [rows, width]; tokens see earlier tokens of the same number. An attention
   *     mask of zeros and ones is the case of one sequence a row
   * @return float32 [rows, width, hidden]
   */
  public Tensor hidden(Tensor ids, Tensor positions, Tensor segments) {
    Tensor same = segments.unsqueeze(2).eq(segments.unsqueeze(1));
    Tensor visible = same.tril().unsqueeze(1);
    Tensor bias =
        torch
            .zeros_like(visible.to(ScalarType.Float))
            .masked_fill(visible.logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
    return run(ids, rotary.at(positions), bias);
  }

  private Tensor run(Tensor ids, Tensor turns, @Nullable Tensor bias) {
    Tensor x = torch.embedding(parameters.get("model.embed_tokens.weight"), ids);
    for (int layer = 0; layer < config.numLayers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      x = x.add(attention(norm(x, prefix + "input_layernorm.weight"), prefix, turns, bias));
      x = x.add(feedForward(norm(x, prefix + "post_attention_layernorm.weight"), prefix));
    }
    return norm(x, "model.norm.weight");
  }

  private Tensor attention(Tensor x, String prefix, Tensor turns, @Nullable Tensor bias) {
    long rows = x.size(0);
    long width = x.size(1);
    long heads = config.numHeads();
    long kvHeads = config.numKeyValueHeads();
    long queriesAndKeys = (heads + kvHeads) * config.headDim();
    Tensor weight =
        torch.cat(
            new TensorVector(
                rotary.pairRows(
                    torch.cat(
                        new TensorVector(
                            parameters.get(prefix + "self_attn.q_proj.weight"),
                            parameters.get(prefix + "self_attn.k_proj.weight")),
                        0)),
                parameters.get(prefix + "self_attn.v_proj.weight")),
            0);
    Tensor qkv = product(x, weight);
    Tensor qk = rotary.turn(qkv.narrow(2, 0, queriesAndKeys), turns);
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
    return product(flat, parameters.get(prefix + "self_attn.o_proj.weight"));
  }

  /** SwiGLU [arXiv 2002.05202]: down(silu(gate x) * up x). */
  private Tensor feedForward(Tensor x, String prefix) {
    Tensor in = precision.round(x);
    Tensor gate = torch.linear(in, rounded(prefix + "mlp.gate_proj.weight"));
    Tensor up = torch.linear(in, rounded(prefix + "mlp.up_proj.weight"));
    Tensor gated = torch.silu(gate).mul(up);
    return torch.linear(gated, rounded(prefix + "mlp.down_proj.weight")).to(ScalarType.Float);
  }

  private Tensor rounded(String name) {
    return precision.round(parameters.get(name));
  }

  private Tensor product(Tensor x, Tensor weight) {
    return torch.linear(precision.round(x), precision.round(weight)).to(ScalarType.Float);
  }

  /** x / rms(x) * weight [arXiv 1910.07467]. */
  private Tensor norm(Tensor x, String name) {
    return torch.rms_norm(
        x,
        new long[] {config.hiddenSize()},
        new TensorOptional(parameters.get(name)),
        new DoubleOptional(config.rmsNormEps()));
  }

  /**
   * Logits of the given hidden states; select the positions that matter first, the product with the
   * whole vocabulary is a large part of a step.
   *
   * @param hidden float32 [..., hidden]
   * @return float32 [..., vocabulary]
   */
  public Tensor logits(Tensor hidden) {
    return product(hidden, outputWeight());
  }

  /** Weight of the output layer [vocabulary, hidden]; the embedding where they are tied. */
  public Tensor outputWeight() {
    return parameters.get(
        config.tieWordEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight");
  }

  /**
   * The scalar head at every position, in float32 whatever the precision.
   *
   * @param hidden float32 [..., hidden]
   * @return float32 [...]
   */
  public Tensor values(Tensor hidden) {
    return torch.linear(hidden, parameters.get(SCORE)).squeeze(-1);
  }

  /** The scalar head at each sequence's last token, float32 [sequences]. */
  public Tensor scores(TokenBatch batch) {
    Tensor flat = hidden(batch).view(-1, config.hiddenSize());
    return values(flat.index_select(0, Tensor.create(batch.lastIndexes())));
  }

  @Override
  public void close() {
    parameters.close();
    rotary.close();
  }
}
