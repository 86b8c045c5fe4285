package org.laurel.engine.nn;

import java.nio.FloatBuffer;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.laurel.model.Architecture;
import org.laurel.model.DecoderWeights;
import org.laurel.model.Head;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.TensorData;

/**
 * A decoder-only transformer of any family that {@link Architecture} describes, Llama's [arXiv
 * 2302.13971] being the plain case: RMSNorm, rotary positions, SwiGLU, grouped-query attention, no
 * biases. No dropout in any. Weights bear the names of {@link org.laurel.model.DecoderShapes}.
 *
 * <p>Several threads may compute with it at once as long as none trains it; each that does needs a
 * {@link #replica}. Every method allocates tensors in the caller's {@link
 * org.bytedeco.javacpp.PointerScope}; open one around each step.
 */
public final class Decoder implements AutoCloseable {
  /** Name of the scalar head's weight [1, hidden]. */
  public static final String SCORE = "score.weight";

  private final ModelConfig config;
  private final AdaptedWeights weights;
  private final DecoderLayers layers;

  private Decoder(ModelConfig config, AdaptedWeights weights) {
    this(config, weights, new DecoderLayers(config, weights));
  }

  private Decoder(ModelConfig config, AdaptedWeights weights, DecoderLayers layers) {
    this.config = config;
    this.weights = weights;
    this.layers = layers;
  }

  private static Decoder of(ModelConfig config, Parameters parameters) {
    return new Decoder(config, AdaptedWeights.of(parameters));
  }

  /** Fresh weights; the same seed gives the same weights. */
  public static Decoder random(ModelConfig config, long seed) {
    return of(config, Parameters.random(config, Head.LANGUAGE_MODEL, seed));
  }

  /** Weights of a model directory, with a score head if it is a reward model. */
  public static Decoder load(ModelDirectory directory) {
    return of(directory.config(), copyOf(directory));
  }

  private static Parameters copyOf(ModelDirectory directory) {
    Parameters.Weights weights = stored(directory);
    return Parameters.copyOf(weights, directory.config(), directory.head(), 0);
  }

  /** Weights of a model directory that are never trained, such as a reference policy's. */
  public static Decoder loadFrozen(ModelDirectory directory) {
    return of(directory.config(), frozenCopyOf(directory));
  }

  private static Parameters frozenCopyOf(ModelDirectory directory) {
    return Parameters.frozenCopyOf(stored(directory), directory.config(), directory.head());
  }

  /**
   * Weights of a model directory with a score head in place of the language model's: the stored one
   * if there is one, else a fresh one drawn from {@code seed}.
   */
  public static Decoder loadWithScoreHead(ModelDirectory directory, long seed) {
    return load(directory, Head.REWARD, seed);
  }

  /** Weights of a policy with a score head beside the language model's, drawn from {@code seed}. */
  public static Decoder loadWithValueHead(ModelDirectory directory, long seed) {
    return load(directory, Head.POLICY_AND_VALUE, seed);
  }

  private static Decoder load(ModelDirectory directory, Head head, long seed) {
    ModelConfig config = directory.config();
    return of(config, Parameters.copyOf(stored(directory), config, head, seed));
  }

  /**
   * Weights of a model directory, of which only low-rank adapters are trained.
   *
   * @param lowRank {@link LowRank#NONE} for a decoder all of whose weights are trained
   * @param seed of the adapters
   */
  public static Decoder load(ModelDirectory directory, LowRank lowRank, long seed) {
    if (!lowRank.adapts()) {
      return load(directory);
    }
    ModelConfig config = directory.config();
    Parameters adapters = Parameters.adapters(config, lowRank.rank(), seed);
    return new Decoder(config, AdaptedWeights.adapted(frozenCopyOf(directory), lowRank, adapters));
  }

  /** This decoder with its adapters off: the policy before training, in the same memory. */
  public Decoder withoutAdapters() {
    return new Decoder(config, weights.withoutAdapters());
  }

  /** This decoder in the same memory, with gradients of its own: for another {@link Ranks rank}. */
  public Decoder replica() {
    AdaptedWeights own = weights.replica();
    return new Decoder(config, own, new DecoderLayers(layers, own));
  }

  /** Whether only adapters are trained. */
  public boolean hasAdapters() {
    return weights.areAdapted();
  }

  /** What an optimiser changes and a checkpoint keeps: the adapters, or all weights. */
  public Parameters trained() {
    return weights.trained();
  }

  /** All weights as they are used, adapters merged; valid until the next change. */
  public Map<String, FloatBuffer> weights() {
    return weights.buffers();
  }

  /** All weights as they are used, adapters merged, to be written to disk before they change. */
  public Map<String, TensorData> export() {
    return weights.export();
  }

  /** An independent copy of these weights, such as a reference policy. */
  public Decoder copy() {
    return copy(head(), 0);
  }

  private Head head() {
    if (!hasScore()) {
      return Head.LANGUAGE_MODEL;
    }
    boolean both = weights().containsKey("lm_head.weight");
    return both ? Head.POLICY_AND_VALUE : Head.REWARD;
  }

  /** A copy with a score head, fresh from {@code seed} where this model has none. */
  public Decoder copyWithScoreHead(long seed) {
    return copy(Head.REWARD, seed);
  }

  /** A copy with a score head beside the language model's, fresh from {@code seed}. */
  public Decoder copyWithValueHead(long seed) {
    return copy(Head.POLICY_AND_VALUE, seed);
  }

  private Decoder copy(Head head, long seed) {
    return of(config, Parameters.copyOf(inMemory(weights()), config, head, seed))
        .precision(precision());
  }

  private static Parameters.Weights stored(ModelDirectory directory) {
    DecoderWeights file = directory.decoderWeights();
    return new Parameters.Weights() {
      @Override
      public boolean has(String name) {
        return file.has(name);
      }

      @Override
      public void read(String name, FloatBuffer into, long... shape) {
        file.read(name, into, shape);
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
      public void read(String name, FloatBuffer into, long... shape) {
        FloatBuffer buffer = buffers.get(name);
        if (buffer == null) {
          throw new IllegalArgumentException("the model to be copied has no " + name);
        }
        into.put(buffer.duplicate());
      }
    };
  }

  public ModelConfig config() {
    return config;
  }

  public Parameters parameters() {
    return weights.plain();
  }

  public Precision precision() {
    return layers.precision();
  }

  /** Sets the type of the large products from the next call on. */
  public Decoder precision(Precision wanted) {
    layers.precision(wanted);
    Threads.forProductsIn(wanted);
    return this;
  }

  public boolean hasScore() {
    return parameters().byName().containsKey(SCORE);
  }

  /** Hidden states after the final norm, float32 [rows, width, hidden]; padding holds nonsense. */
  public Tensor hidden(TokenBatch batch) {
    requireFit(batch);
    return batch.causalSuffices()
        ? layers.hidden(batch.ids(), null, null)
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
    return layers.hidden(ids, positions, DecoderLayers.bias(segments));
  }

  DecoderLayers layers() {
    return layers;
  }

  void requireFit(TokenBatch batch) {
    if (batch.longest() > config.maxPositionEmbeddings()) {
      throw new IllegalArgumentException(
          "%d tokens where the model reads at most %d"
              .formatted(batch.longest(), config.maxPositionEmbeddings()));
    }
  }

  /**
   * Logits of the given hidden states; select the positions that matter first, the product with the
   * whole vocabulary is a large part of a step.
   *
   * @param hidden float32 [..., hidden]
   * @return float32 [..., vocabulary]
   */
  public Tensor logits(Tensor hidden) {
    return layers.product(hidden, outputWeight());
  }

  /** Weight of the output layer [vocabulary, hidden]; the embedding where they are tied. */
  public Tensor outputWeight() {
    return weights.plain(
        config.tieWordEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight");
  }

  /**
   * The scalar head at every position, in float32 whatever the precision.
   *
   * @param hidden float32 [..., hidden]
   * @return float32 [...]
   */
  public Tensor values(Tensor hidden) {
    return torch.linear(hidden, weights.plain(SCORE)).squeeze(-1);
  }

  /** The scalar head at each sequence's last token, float32 [sequences]. */
  public Tensor scores(TokenBatch batch) {
    Tensor flat = hidden(batch).view(-1, config.hiddenSize());
    return values(flat.index_select(0, Device.tensor(batch.lastIndexes())));
  }

  @Override
  public void close() {
    weights.close();
    layers.close();
  }
}
