package org.laurel.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.laurel.model.EncoderDirectory;
import org.laurel.serving.EncoderScorer.EncoderInputs;
import org.laurel.tokenizer.PairEncoder;

/**
 * A sentence encoder as published, by the ONNX file of its directory: pairs of prompt and
 * completion as vectors. Thread-safe.
 */
public final class SentenceEncoder implements AutoCloseable {
  private static final int TOKENS_PER_CALL = 2048;

  /**
   * Longer pairs lose the beginning of their prompt: cost grows with the length, meaning hardly.
   */
  private static final int MAX_TOKENS = 256;

  private final PairEncoder encoder;
  private final EncoderDirectory directory;
  private final OrtSession session;

  private SentenceEncoder(PairEncoder encoder, EncoderDirectory directory, OrtSession session) {
    this.encoder = encoder;
    this.directory = directory;
    this.session = session;
  }

  /**
   * @throws IOException if the directory's tokenizer cannot be read
   */
  public static SentenceEncoder open(EncoderDirectory directory) throws IOException {
    PairEncoder encoder = PairEncoder.read(directory.tokenizerJson());
    try (OrtSession.SessionOptions options =
        OnnxRuntime.options(Runtime.getRuntime().availableProcessors())) {
      return new SentenceEncoder(
          encoder,
          directory,
          OnnxRuntime.ENVIRONMENT.createSession(directory.onnx().toString(), options));
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not open the encoder", failure);
    }
  }

  /** Width of a vector. */
  public int width() {
    return directory.config().hiddenSize();
  }

  /** A vector [width] for each item, in order: the mean of the last states of its tokens. */
  public List<float[]> embed(List<EncoderScorer.Item> items) {
    return means(
        items.stream()
            .map(
                item ->
                    encoder.pair(
                        encoder.prompt(item.prompt()),
                        encoder.completion(item.completion()),
                        MAX_TOKENS))
            .toList());
  }

  List<float[]> means(List<int[]> pairs) {
    List<Integer> order =
        IntStream.range(0, pairs.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -pairs.get(i).length))
            .toList();
    List<float[]> means = new ArrayList<>(Collections.nCopies(pairs.size(), new float[0]));
    for (int from = 0; from < order.size(); ) {
      int width = pairs.get(order.get(from)).length;
      int to = Math.min(order.size(), from + Math.max(1, TOKENS_PER_CALL / width));
      means(order.subList(from, to), pairs, width, means);
      from = to;
    }
    return means;
  }

  private void means(List<Integer> rows, List<int[]> pairs, int width, List<float[]> means) {
    EncoderInputs inputs =
        EncoderInputs.of(rows, pairs, width, encoder.separator(), directory.config().padTokenId());
    try (inputs;
        OrtSession.Result result = session.run(inputs.tensors())) {
      FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
      for (int row = 0; row < rows.size(); row++) {
        int length = pairs.get(rows.get(row)).length;
        float[] mean = new float[width()];
        for (int token = 0; token < length; token++) {
          int start = (row * width + token) * mean.length;
          for (int i = 0; i < mean.length; i++) {
            mean[i] += states.get(start + i) / length;
          }
        }
        means.set(rows.get(row), mean);
      }
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not read the texts", failure);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not free the encoder", failure);
    }
  }
}
