package org.laurel.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.laurel.model.ModelConfig;

/**
 * The tensors of one call of the serving graph over neighbouring cache slots, all in memory that
 * stays bound from call to call.
 */
final class DecodeStep implements AutoCloseable {

  private final int rows;
  private final int width;
  private final int vocabSize;
  private final LongBuffer ids;
  private final LongBuffer lastPositions;
  private final IntBuffer lengthsMinusOne;
  private final IntBuffer totalLength;
  private final FloatBuffer inverseTemperature;
  private final FloatBuffer logits;
  private final FloatBuffer probabilities;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();

  /**
   * A call of {@code rows} rows from slot {@code from} on, {@code width} tokens each.
   *
   * @param memory in which the step before this one was; it must be closed
   */
  DecodeStep(
      ModelConfig config, KeyValueCache cache, StepMemory memory, int from, int rows, int width)
      throws OrtException {
    this.rows = rows;
    this.width = width;
    vocabSize = config.vocabSize();
    memory.reset();
    ids = memory.take(8 * rows * width).asLongBuffer();
    lastPositions = memory.take(8 * rows).asLongBuffer();
    lengthsMinusOne = memory.take(4 * rows).asIntBuffer();
    totalLength = memory.take(4).asIntBuffer();
    inverseTemperature = memory.take(4 * rows).asFloatBuffer();
    logits = memory.take(4 * rows * vocabSize).asFloatBuffer();
    probabilities = memory.take(4 * rows * vocabSize).asFloatBuffer();
    inputs.put(
        "input_ids",
        OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, ids, new long[] {rows, width}));
    inputs.put(
        "last_positions",
        OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, lastPositions, new long[] {rows}));
    inputs.put(
        "lengths_minus_one",
        OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, lengthsMinusOne, new long[] {rows}));
    inputs.put(
        "total_length",
        OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, totalLength, new long[] {}));
    inputs.put(
        "inverse_temperature",
        OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, inverseTemperature, new long[] {rows, 1}));
    long[] answers = {rows, vocabSize};
    outputs.put("logits", OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, logits, answers));
    outputs.put(
        "probabilities", OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, probabilities, answers));
    List<OnnxTensor> blocks = cache.view(from, from + rows);
    for (int layer = 0; layer < config.numLayers(); layer++) {
      bind(layer, "key", blocks.get(2 * layer));
      bind(layer, "value", blocks.get(2 * layer + 1));
    }
  }

  private void bind(int layer, String what, OnnxTensor block) {
    inputs.put("past." + layer + "." + what, block);
    outputs.put("present." + layer + "." + what, block);
  }

  int rows() {
    return rows;
  }

  /** The tokens of one row of a first call, from position 0 on. */
  void prompt(int row, int[] tokens) {
    for (int i = 0; i < width; i++) {
      // any id does for padding: nothing real looks at it
      ids.put(row * width + i, i < tokens.length ? tokens[i] : 0);
    }
    lastPositions.put(row, (long) row * width + tokens.length - 1);
    lengthsMinusOne.put(row, tokens.length - 1);
  }

  /** The next token of one row, whose length with it is {@code length}. */
  void next(int row, int token, int length) {
    ids.put(row, token);
    lastPositions.put(row, row);
    lengthsMinusOne.put(row, length - 1);
  }

  void inverseTemperature(int row, float inverse) {
    inverseTemperature.put(row, inverse);
  }

  void run(DecoderSession session) throws OrtException {
    int longest = 0;
    for (int row = 0; row < rows; row++) {
      longest = Math.max(longest, lengthsMinusOne.get(row) + 1);
    }
    totalLength.put(0, longest);
    session.run(inputs, outputs);
  }

  void logits(int row, float[] into) {
    logits.get(row * vocabSize, into);
  }

  void probabilities(int row, float[] into) {
    probabilities.get(row * vocabSize, into);
  }

  float probability(int row, int token) {
    return probabilities.get(row * vocabSize + token);
  }

  @Override
  public void close() {
    outputs.forEach(
        (name, tensor) -> {
          if (!name.startsWith("present.")) {
            tensor.close();
          }
        });
    inputs.values().forEach(OnnxTensor::close);
  }
}
