package org.laurel.engine.nn;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
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

  /** Weights that stay as they are, with fresh adapters. */
  static AdaptedWeights adapted(Parameters plain, LowRank lowRank, Parameters adapters) {
    plain.freeze();
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

  /** A weight that never has an adapter, such as a norm's. */
  Tensor plain(String name) {
    return plain.get(name);
  }

  /** What an optimiser changes: the adapters, or all weights. */
  Parameters trained() {
    return adapters == null ? plain : adapters;
  }

  /** A weight as it is used: with its adapter, where it has one. */
  Tensor get(String name) {
    Tensor whole = plain.get(name);
    if (adapters == null || !adapters.byName().containsKey(name + Parameters.INNER)) {
      return whole;
    }
    Tensor learnt = adapters.get(name + Parameters.OUTER).mm(adapters.get(name + Parameters.INNER));
    return whole.add(learnt, new Scalar(lowRank.scale()));
  }

  /** All weights as they are used, adapters merged; valid until the next change. */
  Map<String, FloatBuffer> buffers() {
    Map<String, FloatBuffer> buffers = plain.buffers();
    merged().forEach((name, data) -> buffers.put(name, data.floats()));
    return buffers;
  }

  /** Copies of all weights as they are used, adapters merged. */
  Map<String, TensorData> export() {
    Map<String, TensorData> tensors = plain.export();
    tensors.putAll(merged());
    return tensors;
  }

  private Map<String, TensorData> merged() {
    Map<String, TensorData> merged = new LinkedHashMap<>();
    if (adapters != null) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        for (String name : plain.byName().keySet()) {
          if (adapters.byName().containsKey(name + Parameters.INNER)) {
            Tensor weight = get(name).contiguous();
            merged.put(name, TensorData.of(Device.read(weight), weight.shape()));
            Reference.reachabilityFence(weight);
          }
        }
      }
    }
    return merged;
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
