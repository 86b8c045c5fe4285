package org.laurel.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.RewardScale;
import org.laurel.ngram.NgramHead;
import org.laurel.onnx.OnnxExport;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PairEncoder;

/** A reward model on an encoder: scores completions as texts, in batches. Thread-safe. */
public final class EncoderScorer implements AutoCloseable {
  /** Most tokens, with padding, of one call: bounds the memory of attention. */
  private static final int TOKENS_PER_CALL = 4096;

  private final PairEncoder encoder;
  private final RewardScale scale;
  private final int maxTokens;
  private final int padToken;
  private final @Nullable NgramHead ngrams;
  private final OrtSession session;

  private EncoderScorer(PairEncoder encoder, EncoderDirectory directory, OrtSession session) {
    this.encoder = encoder;
    this.scale = directory.rewardScale();
    this.maxTokens = directory.maxTokens();
    this.padToken = directory.config().padTokenId();
    this.ngrams = NgramHead.read(directory.weights());
    this.session = session;
  }

  /** What is to be scored, as text. */
  public record Item(List<Message> prompt, String completion) {}

  /**
   * @throws IllegalArgumentException if the directory holds no reward model
   * @throws IOException if its tokenizer cannot be read
   */
  public static EncoderScorer open(EncoderDirectory directory) throws IOException {
    if (!directory.isReward()) {
      throw new IllegalArgumentException(directory.path() + " holds no reward model");
    }
    PairEncoder encoder = PairEncoder.read(directory.tokenizerJson());
    byte[] graph = OnnxExport.graph(directory).toByteArray();
    try (OrtSession.SessionOptions options =
        OnnxRuntime.options(Runtime.getRuntime().availableProcessors())) {
      return new EncoderScorer(
          encoder, directory, OnnxRuntime.ENVIRONMENT.createSession(graph, options));
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not open the reward model", failure);
    }
  }

  /**
   * Scores brought to mean 0 and deviation 1, as the model's configuration says. A prompt that is
   * too long loses its beginning.
   *
   * @return in the order of the items
   */
  public float[] score(List<Item> items) {
    List<int[]> pairs =
        items.stream()
            .map(
                item ->
                    encoder.pair(
                        encoder.prompt(item.prompt()),
                        encoder.completion(item.completion()),
                        maxTokens))
            .toList();
    // like lengths together, so that little of a call is padding
    List<Integer> order =
        IntStream.range(0, pairs.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -pairs.get(i).length))
            .toList();
    double[] scores = new double[pairs.size()];
    for (int from = 0; from < order.size(); ) {
      int width = pairs.get(order.get(from)).length;
      int to = Math.min(order.size(), from + Math.max(1, TOKENS_PER_CALL / width));
      score(order.subList(from, to), pairs, width, scores);
      from = to;
    }
    float[] normalised = new float[scores.length];
    for (int i = 0; i < scores.length; i++) {
      Item item = items.get(i);
      double wording = ngrams == null ? 0 : ngrams.score(item.prompt(), item.completion());
      normalised[i] = (float) scale.normalise(scores[i] + wording);
    }
    return normalised;
  }

  private void score(List<Integer> rows, List<int[]> pairs, int width, double[] scores) {
    EncoderInputs inputs = EncoderInputs.of(rows, pairs, width, encoder.separator(), padToken);
    try (inputs;
        OrtSession.Result result = session.run(inputs.tensors())) {
      FloatBuffer outputs = ((OnnxTensor) result.get(0)).getFloatBuffer();
      for (int row = 0; row < rows.size(); row++) {
        scores[rows.get(row)] = outputs.get(row);
      }
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not score", failure);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not free the reward model", failure);
    }
  }

  /** The three inputs of a BERT graph. */
  record EncoderInputs(Map<String, OnnxTensor> tensors) implements AutoCloseable {

    static EncoderInputs of(
        List<Integer> rows, List<int[]> pairs, int width, int separator, int padToken) {
      LongBuffer ids = longs(rows.size() * width);
      LongBuffer mask = longs(rows.size() * width);
      LongBuffer types = longs(rows.size() * width);
      for (int row = 0; row < rows.size(); row++) {
        int[] pair = pairs.get(rows.get(row));
        int type = 0;
        for (int i = 0; i < width; i++) {
          boolean real = i < pair.length;
          ids.put(row * width + i, real ? pair[i] : padToken);
          mask.put(row * width + i, real ? 1 : 0);
          types.put(row * width + i, real ? type : 0);
          if (real && pair[i] == separator) {
            type = 1;
          }
        }
      }
      long[] shape = {rows.size(), width};
      Map<String, OnnxTensor> tensors = new HashMap<>();
      try {
        tensors.put("input_ids", OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, ids, shape));
        tensors.put(
            "attention_mask", OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, mask, shape));
        tensors.put(
            "token_type_ids", OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, types, shape));
      } catch (OrtException failure) {
        tensors.values().forEach(OnnxTensor::close);
        throw new IllegalStateException("ONNX Runtime could not take the tokens", failure);
      }
      return new EncoderInputs(tensors);
    }

    private static LongBuffer longs(int count) {
      return ByteBuffer.allocateDirect(8 * count).order(ByteOrder.nativeOrder()).asLongBuffer();
    }

    @Override
    public void close() {
      tensors.values().forEach(OnnxTensor::close);
    }
  }
}
