package org.laurel.engine.nn;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.Maps;
import java.nio.FloatBuffer;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.laurel.model.TensorData;

/** A decoder's weights and, where only those are trained, the {@link LowRank} adapters of them. */
final class AdaptedWeights implements AutoCloseable {

  private final Parameters plain;
  private final LowRank lowRank;
  private final @Nullable Parameters adapters;
  private final boolean borrowed;

  private AdaptedWeights(
      Parameters plain, LowRank lowRank, @Nullable Parameters adapters, boolean borrowed) {
    this.plain = plain;
    this.lowRank = lowRank;
    this.adapters = adapters;
    this.borrowed = borrowed;
  }

  /** Weights that are trained themselves. */
  static AdaptedWeights of(Parameters plain) {
    return new AdaptedWeights(plain, LowRank.NONE, null, false);
  }

  /**
   * Weights that stay as they are, with fresh adapters.
   *
   * @param plain frozen
   */
  static AdaptedWeights adapted(Parameters plain, LowRank lowRank, Parameters adapters) {
    return new AdaptedWeights(plain, lowRank, adapters, false);
  }

  /** The same weights in the same memory, adapters off. */
  AdaptedWeights withoutAdapters() {
    return new AdaptedWeights(plain, LowRank.NONE, null, true);
  }

  /** The same weights in the same memory; what is trained has gradients of its own. */
  AdaptedWeights replica() {
    return adapters == null
        ? new AdaptedWeights(plain.replica(), lowRank, null, false)
        : new AdaptedWeights(plain, lowRank, adapters.replica(), true);
  }

  boolean areAdapted() {
    return adapters != null;
  }

  /** All weights without their adapters. */
  Parameters plain() {
    return plain;
  }

  /** A weight without its adapter. */
  Tensor plain(String name) {
    return plain.get(name);
  }

  /** What an optimiser changes: the adapters, or all weights. */
  Parameters trained() {
    return adapters == null ? plain : adapters;
  }

  /** Whether a weight is used with an adapter. */
  boolean adapts(String name) {
    return adapters != null && adapters.byName().containsKey(name + Parameters.INNER);
  }

  /** A of a weight's adapter, [rank, in]. */
  Tensor inner(String name) {
    return requireNonNull(adapters).get(name + Parameters.INNER);
  }

  /** B of a weight's adapter times alpha / rank, [out, rank]. */
  Tensor outer(String name) {
    return requireNonNull(adapters).get(name + Parameters.OUTER).mul(new Scalar(lowRank.scale()));
  }

  /**
   * All weights as they are used, each merged when it is asked for; valid until the next change.
   */
  Map<String, FloatBuffer> buffers() {
    return Maps.asMap(
        plain.byName().keySet(),
        name -> adapts(name) ? FloatBuffer.wrap(merged(name)) : plain.buffer(name));
  }

  /** Likewise to be written to files. */
  Map<String, TensorData> export() {
    return Maps.asMap(plain.byName().keySet(), this::data);
  }

  private TensorData data(String name) {
    long[] shape = plain.get(name).shape();
    return adapts(name)
        ? TensorData.of(FloatBuffer.wrap(merged(name)), shape)
        : Device.data(plain.get(name), shape);
  }

  private float[] merged(String name) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      return Device.floats(plain.get(name).add(outer(name).mm(inner(name))));
    }
  }

  @Override
  public void close() {
    if (!borrowed) {
      plain.close();
    }
    if (adapters != null) {
      adapters.close();
    }
  }
}
