package org.laurel.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.laurel.model.Head;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.onnx.DecoderGraph;
import org.laurel.onnx.OnnxExport;

/** A reward model that scores answers in batches. Thread-safe. */
public final class RewardScorer implements AutoCloseable {

  /** Most tokens, with padding, of one call: bounds the memory of attention. */
  private static final int TOKENS_PER_CALL = 4096;

  private final ModelConfig config;
  private final RewardScale scale;
  private final DecoderSession session;

  private RewardScorer(ModelConfig config, RewardScale scale, DecoderSession session) {
    this.config = config;
    this.scale = scale;
    this.session = session;
  }

  /**
   * @throws IllegalArgumentException if the directory holds no reward model
   */
  public static RewardScorer open(ModelDirectory directory) {
    if (directory.head() != Head.REWARD) {
      throw new IllegalArgumentException(directory.path() + " holds no reward model");
    }
    return open(directory.config(), directory.rewardScale(), OnnxExport.weights(directory));
  }

  /**
   * @param weights by Hugging Face name with {@code score.weight}; copied
   */
  public static RewardScorer open(
      ModelConfig config, RewardScale scale, Map<String, FloatBuffer> weights) {
    try {
      return new RewardScorer(
          config,
          scale,
          DecoderSession.open(
              DecoderGraph.reward(config, weights), Runtime.getRuntime().availableProcessors()));
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not open the reward model", failure);
    }
  }

  /**
   * Scores brought to mean 0 and deviation 1 over the reference policy's samples, as the model's
   * configuration says. What is longer than the model's context loses the beginning of its prompt,
   * then the middle of its completion, never the end token.
   *
   * @return in the order of the items
   * @throws IllegalArgumentException if a completion is empty or a token unknown
   */
  public float[] score(List<PromptCompletion> items) {
    int[][] sequences = new int[items.size()][];
    for (int i = 0; i < sequences.length; i++) {
      sequences[i] = sequence(items.get(i));
    }
    // like lengths together, so that little of a call is padding
    List<Integer> order =
        IntStream.range(0, sequences.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> -sequences[i].length))
            .toList();
    float[] scores = new float[sequences.length];
    for (int from = 0; from < order.size(); ) {
      int width = sequences[order.get(from)].length;
      int to = Math.min(order.size(), from + Math.max(1, TOKENS_PER_CALL / width));
      scoreCall(order.subList(from, to), sequences, width, scores);
      from = to;
    }
    return scores;
  }

  private void scoreCall(List<Integer> rows, int[][] sequences, int width, float[] scores) {
    LongBuffer ids = longs(rows.size() * width);
    LongBuffer mask = longs(rows.size() * width);
    for (int row = 0; row < rows.size(); row++) {
      int[] sequence = sequences[rows.get(row)];
      for (int i = 0; i < width; i++) {
        boolean real = i < sequence.length;
        ids.put(row * width + i, real ? sequence[i] : config.padTokenId());
        mask.put(row * width + i, real ? 1 : 0);
      }
    }
    long[] shape = {rows.size(), width};
    try (OnnxTensor idTensor = OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, ids, shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(OnnxRuntime.ENVIRONMENT, mask, shape);
        OrtSession.Result result =
            session.run(Map.of("input_ids", idTensor, "attention_mask", maskTensor))) {
      FloatBuffer outputs = ((OnnxTensor) result.get(0)).getFloatBuffer();
      for (int row = 0; row < rows.size(); row++) {
        scores[rows.get(row)] = (float) scale.normalise(outputs.get(row));
      }
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not score", failure);
    }
  }

  private int[] sequence(PromptCompletion item) {
    int[] prompt = item.prompt();
    int[] completion = item.completion();
    if (completion.length == 0) {
      throw new IllegalArgumentException("A completion needs at least its end token");
    }
    int context = config.maxPositionEmbeddings();
    int fromCompletion = Math.min(completion.length, context);
    int fromPrompt = Math.min(prompt.length, context - fromCompletion);
    int[] sequence = new int[fromPrompt + fromCompletion];
    System.arraycopy(prompt, prompt.length - fromPrompt, sequence, 0, fromPrompt);
    System.arraycopy(completion, 0, sequence, fromPrompt, fromCompletion);
    sequence[sequence.length - 1] = completion[completion.length - 1];
    for (int token : sequence) {
      if (token < 0 || token >= config.vocabSize()) {
        throw new IllegalArgumentException(
            "Token " + token + " is not in the vocabulary of " + config.vocabSize());
      }
    }
    return sequence;
  }

  private static LongBuffer longs(int count) {
    return ByteBuffer.allocateDirect(8 * count).order(ByteOrder.nativeOrder()).asLongBuffer();
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not free the reward model", failure);
    }
  }
}
