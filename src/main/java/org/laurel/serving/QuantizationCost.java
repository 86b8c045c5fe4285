package org.laurel.serving;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.onnx.OnnxExport;
import org.laurel.onnx.WeightPrecision;

/**
 * How far a policy with coarser weights is from itself, along the answers that it gives greedily
 * with its own weights.
 *
 * @param answers read
 * @param sameAnswers of which both give every token
 * @param tokens of those answers, end tokens included
 * @param meanKl mean over them of KL(float32 || coarser) of the next token, in nats
 * @param agreement share of them that both find likeliest
 */
public record QuantizationCost(
    int answers, int sameAnswers, long tokens, double meanKl, double agreement) {
  private static final float LEAST = 1e-30f;

  /**
   * @param prompts as token ids, each with room for a token after it
   * @param progress told after each prompt how many there were
   */
  public static QuantizationCost measure(
      ModelDirectory directory,
      WeightPrecision precision,
      List<int[]> prompts,
      int maxNewTokens,
      int threads,
      IntConsumer progress) {
    ModelConfig config = directory.config();
    Map<String, FloatBuffer> weights = OnnxExport.weights(directory);
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(1);
    int room = Math.min(config.maxPositionEmbeddings(), longest + maxNewTokens);
    try (Reading exact = Reading.open(config, weights, WeightPrecision.FLOAT32, room, threads);
        Reading coarse = Reading.open(config, weights, precision, room, threads)) {
      int same = 0;
      long tokens = 0;
      long agreed = 0;
      double divergence = 0;
      for (int i = 0; i < prompts.size(); i++) {
        exact.begin(prompts.get(i));
        coarse.begin(prompts.get(i));
        long before = tokens - agreed;
        int most = Math.min(maxNewTokens, room - prompts.get(i).length);
        for (int given = 1; given <= most; given++) {
          int token = Sampler.argmax(exact.probabilities());
          tokens++;
          agreed += Sampler.argmax(coarse.probabilities()) == token ? 1 : 0;
          divergence += kl(exact.probabilities(), coarse.probabilities());
          if (token == config.eosTokenId() || given == most) {
            break;
          }
          exact.next(token);
          coarse.next(token);
        }
        same += tokens - agreed == before ? 1 : 0;
        progress.accept(i + 1);
      }
      return new QuantizationCost(
          prompts.size(), same, tokens, divergence / tokens, (double) agreed / tokens);
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not compare the weights", failure);
    }
  }

  /** KL(p || q) in nats. */
  static double kl(float[] p, float[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] > 0) {
        sum += p[i] * Math.log((double) p[i] / Math.max(q[i], LEAST));
      }
    }
    return sum;
  }
}
