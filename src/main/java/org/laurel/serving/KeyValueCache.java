package org.laurel.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.laurel.model.ModelConfig;

/**
 * Keys and values of the rows being generated: for each layer two blocks {@code [slots, kv,
 * capacity, headDim]} that attention reads and writes in place. Rows sit in slots 0..n-1, so the
 * first n slots of a block are the tensor of a batch of n.
 */
final class KeyValueCache {
  /** The largest block that a buffer can be. */
  static final long MOST_BYTES = Integer.MAX_VALUE;

  private final ModelConfig config;
  private final int slots;
  private final int capacity;
  private final ByteBuffer block;
  private final FloatBuffer memory;

  /**
   * In memory of its own.
   *
   * @param slots so many that all of it is at most {@link #MOST_BYTES}
   * @param capacity most tokens of a row
   */
  KeyValueCache(ModelConfig config, int slots, int capacity) {
    this(
        config,
        slots,
        capacity,
        ByteBuffer.allocateDirect(Math.toIntExact(slots * bytesPerRow(config, capacity))));
  }

  /**
   * In memory that nothing else uses as long as this is used.
   *
   * @param block direct, of at least {@code slots} times {@link #bytesPerRow}
   */
  KeyValueCache(ModelConfig config, int slots, int capacity, ByteBuffer block) {
    this.config = config;
    this.slots = slots;
    this.capacity = capacity;
    this.block = block;
    memory =
        block
            .slice(0, Math.toIntExact(slots * bytesPerRow(config, capacity)))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
  }

  static long bytesPerRow(ModelConfig config, int capacity) {
    return 8L * config.numLayers() * config.numKeyValueHeads() * capacity * config.headDim();
  }

  int slots() {
    return slots;
  }

  int capacity() {
    return capacity;
  }

  /** All the memory that it lies in. */
  ByteBuffer block() {
    return block;
  }

  /** The tensors of slots {@code from} to {@code to - 1}, in the order key, value of each layer. */
  List<OnnxTensor> view(int from, int to) throws OrtException {
    long[] shape = {to - from, config.numKeyValueHeads(), capacity, config.headDim()};
    List<OnnxTensor> tensors = new ArrayList<>();
    for (int block = 0; block < blocks(); block++) {
      FloatBuffer part = memory.slice(start(block, from), (to - from) * rowFloats());
      tensors.add(OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, part, shape));
    }
    return tensors;
  }

  /** Copies the first {@code length} tokens of a slot of {@code source} into a slot here. */
  void copy(KeyValueCache source, int from, int to, int length) {
    for (int block = 0; block < blocks(); block++) {
      for (int head = 0; head < config.numKeyValueHeads(); head++) {
        memory.put(
            start(block, to) + head * capacity * config.headDim(),
            source.memory,
            source.start(block, from) + head * source.capacity * config.headDim(),
            length * config.headDim());
      }
    }
  }

  private int start(int block, int slot) {
    return (block * slots + slot) * rowFloats();
  }

  private int blocks() {
    return 2 * config.numLayers();
  }

  private int rowFloats() {
    return config.numKeyValueHeads() * capacity * config.headDim();
  }
}
