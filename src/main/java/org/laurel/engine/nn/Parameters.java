package org.laurel.engine.nn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.laurel.model.DecoderShapes;
import org.laurel.model.Head;
import org.laurel.model.ModelConfig;
import org.laurel.model.TensorData;

/**
 * A model's weights by the names of {@link DecoderShapes}, all in one stretch of memory, and their
 * gradients in another: the optimiser, the gradient's norm and copies then take a few long
 * operations instead of many short ones. Matrices come first, so that weight decay is a prefix.
 */
public final class Parameters implements AutoCloseable {
  private static final Pattern LAYER = Pattern.compile("\\.(\\d+)\\.");
  private static final Pattern EMBEDDING = Pattern.compile("\\.embed_");

  private static final Pattern PROJECTION =
      Pattern.compile("\\.(self_attn\\.[qkvo]|mlp\\.(gate|up|down))_proj\\.weight$");

  /** Ends of the names of an adapter's matrices: A and B of Hu et al. */
  static final String INNER = ".lora_A";

  static final String OUTER = ".lora_B";

  private final Map<String, long[]> shapes;
  private final Map<String, Tensor> leaves = new LinkedHashMap<>();
  private final Tensor values;
  private final Tensor gradients;
  private final long decayed;

  private Parameters(Map<String, long[]> unordered, boolean trained) {
    shapes = matricesFirst(unordered);
    long count = shapes.values().stream().mapToLong(DecoderShapes::size).sum();
    decayed =
        shapes.values().stream().filter(s -> s.length > 1).mapToLong(DecoderShapes::size).sum();
    try (PointerScope scope = new PointerScope()) {
      values = Device.zeros(count).retainReference();
      gradients = Device.zeros(trained ? count : 0).retainReference();
      makeLeaves(name -> trained);
    }
  }

  private Parameters(Parameters shared) {
    shapes = shared.shapes;
    decayed = shared.decayed;
    values = shared.values.retainReference();
    try (PointerScope scope = new PointerScope()) {
      gradients = Device.zeros(count()).retainReference();
      makeLeaves(name -> shared.get(name).requires_grad());
    }
  }

  private void makeLeaves(Predicate<String> trained) {
    long offset = 0;
    for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
      long size = DecoderShapes.size(entry.getValue());
      Tensor leaf = values.narrow(0, offset, size).view(entry.getValue()).detach();
      leaf.requires_grad_(trained.test(entry.getKey()));
      if (gradients.numel() > 0) {
        leaf.mutable_grad().put(gradients.narrow(0, offset, size).view(entry.getValue()));
      }
      leaves.put(entry.getKey(), leaf.retainReference());
      offset += size;
    }
  }

  /** The same weights in the same memory, with gradients of their own. */
  Parameters replica() {
    return new Parameters(this);
  }

  /**
   * Fresh weights: N(0, 0.02), the two projections that write to the residual stream smaller by
   * sqrt(2 layers) [GPT-2], norms 1, biases 0, the score head N(0, 1/sqrt(d+1)) [summarize from
   * feedback].
   */
  public static Parameters random(ModelConfig config, Head head, long seed) {
    Parameters parameters = new Parameters(DecoderShapes.of(config, head), true);
    SplittableRandom random = new SplittableRandom(seed);
    parameters.shapes.keySet().forEach(name -> parameters.draw(name, config, random));
    return parameters;
  }

  private void draw(String name, ModelConfig config, SplittableRandom random) {
    double deviation = deviation(name, config);
    boolean matrix = rank(shapes, name) > 1;
    float plain = name.endsWith(".bias") ? 0 : 1;
    fill(name, i -> matrix ? deviation * random.nextGaussian() : plain);
  }

  /**
   * Copies of stored weights.
   *
   * @param head to have; a score head is drawn from {@code seed} where the source has none
   * @throws org.laurel.model.ModelFormatException when a weight is missing or of another shape
   */
  public static Parameters copyOf(Weights source, ModelConfig config, Head head, long seed) {
    return copyOf(source, config, head, seed, true);
  }

  /** Likewise, never to be trained: without room for gradients. */
  static Parameters frozenCopyOf(Weights source, ModelConfig config, Head head) {
    return copyOf(source, config, head, 0, false);
  }

  private static Parameters copyOf(
      Weights source, ModelConfig config, Head head, long seed, boolean trained) {
    Parameters parameters = new Parameters(DecoderShapes.of(config, head), trained);
    for (Map.Entry<String, long[]> entry : parameters.shapes.entrySet()) {
      String name = entry.getKey();
      if (!name.equals(Decoder.SCORE) || source.has(name)) {
        parameters.write(name, own -> source.read(name, own, entry.getValue()));
      } else {
        parameters.draw(name, config, new SplittableRandom(seed));
      }
    }
    return parameters;
  }

  /** Weights of these shapes, all zero, to be filled by the caller. */
  static Parameters zeros(Map<String, long[]> shapes) {
    return new Parameters(shapes, true);
  }

  /** Where weights come from: a safetensors file, or another model in memory. */
  public interface Weights {
    boolean has(String name);

    /** Writes row-major values to the beginning of a buffer; fails when the shape is another. */
    void read(String name, FloatBuffer into, long... shape);
  }

  /**
   * Adapters of all projections: A drawn with deviation 1/sqrt(in), B zero, so that nothing is
   * changed at first.
   */
  static Parameters adapters(ModelConfig config, int rank, long seed) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    DecoderShapes.of(config, Head.LANGUAGE_MODEL)
        .forEach(
            (name, shape) -> {
              if (PROJECTION.matcher(name).find()) {
                shapes.put(name + INNER, new long[] {rank, shape[1]});
                shapes.put(name + OUTER, new long[] {shape[0], rank});
              }
            });
    Parameters parameters = new Parameters(shapes, true);
    SplittableRandom random = new SplittableRandom(seed);
    for (Map.Entry<String, long[]> entry : parameters.shapes.entrySet()) {
      if (entry.getKey().endsWith(INNER)) {
        double deviation = 1 / Math.sqrt(entry.getValue()[1]);
        parameters.fill(entry.getKey(), i -> deviation * random.nextGaussian());
      }
    }
    return parameters;
  }

  private static double deviation(String name, ModelConfig config) {
    if (name.equals(Decoder.SCORE)) {
      return 1 / Math.sqrt(config.hiddenSize() + 1.0);
    }
    boolean writesResidual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
    return ModelConfig.INITIALIZER_RANGE
        / (writesResidual ? Math.sqrt(2.0 * config.numLayers()) : 1);
  }

  private static Map<String, long[]> matricesFirst(Map<String, long[]> shapes) {
    List<String> names = new ArrayList<>(shapes.keySet());
    names.sort((a, b) -> Boolean.compare(rank(shapes, a) < 2, rank(shapes, b) < 2));
    Map<String, long[]> ordered = new LinkedHashMap<>();
    names.forEach(name -> ordered.put(name, dimensions(shapes, name)));
    return ordered;
  }

  private static int rank(Map<String, long[]> shapes, String name) {
    return dimensions(shapes, name).length;
  }

  private static long[] dimensions(Map<String, long[]> shapes, String name) {
    long[] shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return shape;
  }

  /** Trainable leaves by name; float32, stored [out, in]. */
  public Map<String, Tensor> byName() {
    return Collections.unmodifiableMap(leaves);
  }

  /** One trainable leaf; its gradient is {@code .grad()}. */
  public Tensor get(String name) {
    Tensor leaf = leaves.get(name);
    if (leaf == null) {
      throw new IllegalArgumentException("the model has no " + name);
    }
    return leaf;
  }

  /**
   * Takes the embeddings and the lowest layers out of training: they get no gradient, and so an
   * optimiser without weight decay leaves them as they are.
   *
   * @param layers how many; 0 leaves everything in training
   */
  public void freezeLowerLayers(int layers) {
    if (layers > 0) {
      leaves.forEach((name, leaf) -> leaf.requires_grad_(!isBelow(name, layers)));
    }
  }

  private static boolean isBelow(String name, int layers) {
    Matcher layer = LAYER.matcher(name);
    return layer.find()
        ? Integer.parseInt(layer.group(1)) < layers
        : EMBEDDING.matcher(name).find();
  }

  /** All weights as one vector, sharing memory with {@link #byName()}. */
  public Tensor values() {
    return values;
  }

  /** All gradients as one vector in the same order. */
  public Tensor gradients() {
    return gradients;
  }

  /** How many elements from the first on belong to matrices and take weight decay. */
  public long decayed() {
    return decayed;
  }

  /**
   * Neighbouring weights that an optimiser treats alike.
   *
   * @param start first element
   * @param decays whether they belong to matrices
   * @param share of the learning rate
   */
  record Stretch(long start, long length, boolean decays, double share) {}

  /** All weights in stretches of at most {@code longest} elements. */
  List<Stretch> stretches(ToDoubleFunction<String> share, long longest) {
    List<Stretch> stretches = new ArrayList<>();
    List<Map.Entry<String, long[]>> all = List.copyOf(shapes.entrySet());
    long start = 0;
    for (int i = 0; i < all.size(); ) {
      double own = share.applyAsDouble(all.get(i).getKey());
      boolean decays = start < decayed;
      long end = start;
      while (i < all.size()
          && end < (decays ? decayed : count())
          && share.applyAsDouble(all.get(i).getKey()) == own) {
        end += DecoderShapes.size(all.get(i++).getValue());
      }
      for (long from = start; from < end; from += longest) {
        stretches.add(new Stretch(from, Math.min(longest, end - from), decays, own));
      }
      start = end;
    }
    return stretches;
  }

  public long count() {
    return values.numel();
  }

  /** Values of one weight, not to be changed; valid until the next change. */
  public FloatBuffer buffer(String name) {
    return Device.read(get(name));
  }

  /**
   * Changes values of one weight.
   *
   * @param change gets all of them, row-major
   */
  public void write(String name, Consumer<FloatBuffer> change) {
    Device.write(get(name), change);
  }

  /**
   * Replaces the values of one weight, in order.
   *
   * @param value by its place, row-major
   */
  public void fill(String name, IntToDoubleFunction value) {
    write(
        name,
        own -> {
          for (int i = 0; i < own.capacity(); i++) {
            own.put(i, (float) value.applyAsDouble(i));
          }
        });
  }

  /** Multiplies every value of one weight. */
  public void scale(String name, double factor) {
    write(
        name,
        own -> {
          for (int i = 0; i < own.capacity(); i++) {
            own.put(i, (float) (own.get(i) * factor));
          }
        });
  }

  /** Values of all weights by name, for a serving engine to copy from. */
  public Map<String, FloatBuffer> buffers() {
    Map<String, FloatBuffer> buffers = new LinkedHashMap<>();
    leaves.keySet().forEach(name -> buffers.put(name, buffer(name)));
    return buffers;
  }

  /** All weights to be written to files; valid until the next change. */
  public Map<String, TensorData> export() {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> tensors.put(name, Device.data(get(name), shape)));
    return tensors;
  }

  @Override
  public void close() {
    leaves.values().forEach(Tensor::releaseReference);
    values.releaseReference();
    gradients.releaseReference();
  }
}
