package org.laurel.engine.nn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.laurel.model.EncoderConfig;
import org.laurel.model.EncoderDirectory;

/**
 * BERT (Devlin et al. 2018) with one number as its output: tanh of a layer over the first token's
 * last state, then the classifier. Weights bear the names of {@code BertForSequenceClassification}.
 * No dropout. Of the last layer only the first token's state is computed where scores are asked.
 *
 * <p>Several threads may compute with it at once as long as none trains it; each that does needs a
 * {@link #replica}. Every method allocates tensors in the caller's {@link
 * org.bytedeco.javacpp.PointerScope}; open one around each step.
 */
public final class Encoder implements AutoCloseable {
  /** The classifier's weight [1, hidden] and bias [1]. */
  public static final String SCORE = "classifier.weight";

  public static final String SCORE_BIAS = "classifier.bias";

  /** The vectors of single tokens [vocabulary, hidden]. */
  public static final String WORDS = "bert.embeddings.word_embeddings.weight";

  private static final String EMBEDDINGS = EncoderWeights.EMBEDDINGS;

  private final EncoderConfig config;
  private final Parameters parameters;
  private final int separator;

  /** Shared with all replicas. */
  private final CommonPrecision precision;

  private Encoder(EncoderConfig config, Parameters parameters, int separator) {
    this(config, parameters, separator, new CommonPrecision());
  }

  private Encoder(
      EncoderConfig config, Parameters parameters, int separator, CommonPrecision precision) {
    this.config = config;
    this.parameters = parameters;
    this.separator = separator;
    this.precision = precision;
  }

  /** This encoder in the same memory, with gradients of its own: for another {@link Ranks rank}. */
  public Encoder replica() {
    return new Encoder(config, parameters.replica(), separator, precision);
  }

  /**
   * Fresh weights, the pooler reading what the encoder says of the whole text.
   *
   * @param separator token that ends either segment of an input
   */
  public static Encoder random(EncoderConfig config, int separator, long seed) {
    return new Encoder(config, EncoderWeights.random(config, seed), separator);
  }

  /**
   * Weights of a directory; pooler and classifier fresh from {@code seed} where it has none.
   *
   * @throws org.laurel.model.ModelFormatException when a weight is missing or of another shape
   */
  public static Encoder load(EncoderDirectory directory, int separator, long seed) {
    return new Encoder(directory.config(), EncoderWeights.load(directory, seed), separator);
  }

  /**
   * Weights of an encoder that was trained to say by the mean of its last states what a text is
   * about, with one more layer that computes this mean.
   */
  public static Encoder withPoolingLayer(EncoderDirectory directory, int separator, long seed) {
    EncoderConfig base = directory.config();
    return new Encoder(
        base.withLayers(base.numLayers() + 1),
        EncoderWeights.withPoolingLayer(directory, seed),
        separator);
  }

  public EncoderConfig config() {
    return config;
  }

  public Parameters parameters() {
    return parameters;
  }

  public Precision precision() {
    return precision.get();
  }

  /**
   * Takes the vectors of single tokens out of training. They are half of all weights, most of them
   * are of words that a few thousand votes never meet, and their gradient is as large as they are.
   */
  public void freezeWords() {
    parameters.get(WORDS).requires_grad_(false);
  }

  /** Sets the type of the large products from the next call on. */
  public void precision(Precision wanted) {
    precision.set(wanted);
    Threads.forProductsIn(wanted);
  }

  /**
   * How far below the output a weight lies: 0 the head, 1 the last layer, layers + 1 the
   * embeddings. Learning rates fall with it (Howard and Ruder 2018).
   */
  public int depth(String name) {
    if (name.startsWith(EMBEDDINGS)) {
      return config.numLayers() + 1;
    }
    for (int i = 0; i < config.numLayers(); i++) {
      if (name.startsWith(EncoderWeights.layer(i))) {
        return config.numLayers() - i;
      }
    }
    return 0;
  }

  /** Last states, float32 [rows, width, hidden]; padding holds nonsense. */
  public Tensor hidden(TokenBatch batch) {
    return states(batch, config.numLayers());
  }

  /** States after some layers, float32 [rows, width, hidden]. */
  private Tensor states(TokenBatch batch, int layers) {
    if (batch.longest() > config.maxPositionEmbeddings()) {
      throw new IllegalArgumentException(
          "%d tokens where the model reads at most %d"
              .formatted(batch.longest(), config.maxPositionEmbeddings()));
    }
    Tensor ids = batch.ids();
    Tensor x =
        torch
            .embedding(weight(EMBEDDINGS + "word_embeddings"), ids)
            .add(torch.embedding(weight(EMBEDDINGS + "token_type_embeddings"), types(ids)))
            .add(torch.embedding(weight(EMBEDDINGS + "position_embeddings"), batch.positions()));
    x = norm(x, EMBEDDINGS + "LayerNorm");
    Tensor segments = batch.segments();
    Tensor bias = bias(segments, segments);
    for (int i = 0; i < layers; i++) {
      String layer = EncoderWeights.layer(i);
      x =
          norm(
              x.add(attention(x, layer + "attention.", bias)),
              layer + "attention.output.LayerNorm");
      x = norm(x.add(feedForward(x, layer)), layer + "output.LayerNorm");
    }
    return x;
  }

  /**
   * 0 where a token sees another, minus infinity where it does not, float32 [rows, 1, n, width].
   *
   * @param own segments of the tokens that look, [rows, n]
   * @param segments of those looked at, [rows, width]
   */
  private static Tensor bias(Tensor own, Tensor segments) {
    Tensor hidden = own.unsqueeze(2).ne(segments.unsqueeze(1)).unsqueeze(1);
    return torch
        .zeros_like(hidden.to(ScalarType.Float))
        .masked_fill(hidden, new Scalar(Double.NEGATIVE_INFINITY));
  }

  /** The last states of first tokens alone, float32 [sequences, hidden]. */
  private Tensor firstStates(TokenBatch batch) {
    Tensor x = states(batch, config.numLayers() - 1);
    String layer = EncoderWeights.layer(config.numLayers() - 1);
    FirstTokens first = FirstTokens.of(batch);
    long rows = batch.rows();
    long heads = config.numHeads();
    Tensor segments = batch.segments();
    Tensor places = Device.tensor(first.places());
    Tensor own = x.view(-1, config.hiddenSize()).index_select(0, places);
    Tensor ownSegments = segments.view(-1).index_select(0, places).view(rows, first.slots());
    String self = layer + "attention.self.";
    Tensor q = exactly(own, self + "query").view(rows, first.slots(), heads, config.headDim());
    Tensor keysAndValues =
        product(
                x,
                torch.cat(new TensorVector(weight(self + "key"), weight(self + "value")), 0),
                torch.cat(
                    new TensorVector(
                        parameters.get(self + "key.bias"), parameters.get(self + "value.bias")),
                    0))
            .to(ScalarType.Float)
            .view(rows, batch.width(), 2, heads, config.headDim());
    Tensor mixed =
        attend(
            q, keysAndValues.select(2, 0), keysAndValues.select(2, 1), bias(ownSegments, segments));
    Tensor flat = mixed.reshape(rows * first.slots(), config.hiddenSize());
    String output = layer + "attention.output.";
    Tensor y = norm(own.add(exactly(flat, output + "dense")), output + "LayerNorm");
    Tensor inner = torch.gelu(exactly(y, layer + "intermediate.dense"));
    y = norm(y.add(exactly(inner, layer + "output.dense")), layer + "output.LayerNorm");
    return y.index_select(0, Device.tensor(first.order()));
  }

  /** Few rows: in float32, and no kernel of its own for every number of them. */
  private Tensor exactly(Tensor x, String name) {
    return torch.linear(x, weight(name), new TensorOptional(parameters.get(name + ".bias")));
  }

  /** Of queries, keys and values [rows, n, heads, headDim]: what is seen, [rows, n, heads, dim]. */
  private static Tensor attend(Tensor q, Tensor k, Tensor v, Tensor bias) {
    return torch
        .scaled_dot_product_attention(
            q.transpose(1, 2),
            k.transpose(1, 2),
            v.transpose(1, 2),
            new TensorOptional(bias),
            0.0,
            false,
            new DoubleOptional(),
            false)
        .transpose(1, 2);
  }

  /**
   * 0 up to and with the first separator of a sequence, 1 up to and with its second. Every sequence
   * has two, so the parity of those before a token tells, also where several share a row.
   */
  private Tensor types(Tensor ids) {
    Tensor separators = ids.eq(new Scalar((long) separator)).to(ScalarType.Long);
    return separators.cumsum(1).sub(separators).remainder(new Scalar(2L));
  }

  private Tensor attention(Tensor x, String prefix, Tensor bias) {
    long rows = x.size(0);
    long width = x.size(1);
    long heads = config.numHeads();
    String self = prefix + "self.";
    Tensor weight =
        torch.cat(
            new TensorVector(weight(self + "query"), weight(self + "key"), weight(self + "value")),
            0);
    Tensor biases =
        torch.cat(
            new TensorVector(
                parameters.get(self + "query.bias"),
                parameters.get(self + "key.bias"),
                parameters.get(self + "value.bias")),
            0);
    Tensor qkv =
        product(x, weight, biases)
            .to(ScalarType.Float)
            .view(rows, width, 3, heads, config.headDim());
    Tensor mixed = attend(qkv.select(2, 0), qkv.select(2, 1), qkv.select(2, 2), bias);
    Tensor flat = mixed.reshape(rows, width, config.hiddenSize());
    return linear(flat, prefix + "output.dense").to(ScalarType.Float);
  }

  private Tensor feedForward(Tensor x, String prefix) {
    Tensor inner = torch.gelu(linear(x, prefix + "intermediate.dense"));
    return linear(inner, prefix + "output.dense").to(ScalarType.Float);
  }

  /** In the precision of the products. */
  private Tensor linear(Tensor x, String name) {
    return product(x, weight(name), parameters.get(name + ".bias"));
  }

  private Tensor product(Tensor x, Tensor weight, Tensor bias) {
    return torch.linear(
        precision().round(x),
        precision().round(weight),
        new TensorOptional(precision().round(bias)));
  }

  private Tensor weight(String name) {
    return parameters.get(name + ".weight");
  }

  private Tensor norm(Tensor x, String name) {
    return torch.layer_norm(
        x,
        new long[] {config.hiddenSize()},
        new TensorOptional(weight(name)),
        new TensorOptional(parameters.get(name + ".bias")),
        config.layerNormEps(),
        false);
  }

  /** What the classifier reads of each sequence, float32 [sequences, hidden]. */
  public Tensor pooled(TokenBatch batch) {
    return torch.tanh(exactly(firstStates(batch), "bert.pooler.dense"));
  }

  /**
   * The score of each sequence, float32 [sequences], the head in float32 whatever the precision.
   */
  public Tensor scores(TokenBatch batch) {
    return torch
        .linear(
            pooled(batch), parameters.get(SCORE), new TensorOptional(parameters.get(SCORE_BIAS)))
        .squeeze(-1);
  }

  /** Mean of the last states of each sequence [hidden], without gradient. */
  public List<float[]> means(List<int[]> sequences) {
    List<float[]> means = new ArrayList<>();
    for (int[] sequence : sequences) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        TokenBatch batch = TokenBatch.rightPadded(List.of(sequence), config.padTokenId());
        Tensor states = hidden(batch).narrow(1, 0, sequence.length);
        means.add(Device.floats(states.mean(new long[] {1})));
      }
    }
    return means;
  }

  @Override
  public void close() {
    parameters.close();
  }
}
