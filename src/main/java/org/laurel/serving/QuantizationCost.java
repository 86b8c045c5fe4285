package org.laurel.serving;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.onnx.OnnxExport;
import org.laurel.onnx.ServingGraph;
import org.laurel.onnx.WeightPrecision;

/**
 * How far a policy with coarser weights is from itself, along the answers that it gives greedily
 * with its own weights.
 *
 * @param tokens of those answers, end tokens included
 * @param meanKl mean over them of KL(float32 || coarser) of the next token, in nats
 * @param agreement share of them that both find likeliest
 */
public record QuantizationCost(long tokens, double meanKl, double agreement) {
  private static final float LEAST = 1e-30f;

  /**
   * @param prompts as token ids, each with room for an answer
   */
  public static QuantizationCost measure(
      ModelDirectory directory,
      WeightPrecision precision,
      List<int[]> prompts,
      int maxNewTokens,
      int threads)
      throws InterruptedException {
    ModelConfig config = directory.config();
    Map<String, FloatBuffer> weights = OnnxExport.weights(directory);
    List<Generation> answers;
    try (PolicySession policy =
        PolicySession.open(config, weights, new PolicySession.Limits(32, 256L << 20, threads))) {
      answers =
          policy.generate(prompts, SamplingParameters.greedy(maxNewTokens, config.eosTokenId()));
    }
    try (DecoderSession exact = open(config, weights, WeightPrecision.FLOAT32, threads);
        DecoderSession coarse = open(config, weights, precision, threads)) {
      long tokens = 0;
      long same = 0;
      double divergence = 0;
      for (int i = 0; i < prompts.size(); i++) {
        int[] answer = answers.get(i).tokens();
        float[][] expected = along(config, exact, prompts.get(i), answer);
        float[][] actual = along(config, coarse, prompts.get(i), answer);
        for (int t = 0; t < answer.length; t++) {
          tokens++;
          same += Sampler.argmax(expected[t]) == Sampler.argmax(actual[t]) ? 1 : 0;
          divergence += kl(expected[t], actual[t]);
        }
      }
      return new QuantizationCost(tokens, divergence / tokens, (double) same / tokens);
    } catch (OrtException failure) {
      throw new IllegalStateException("ONNX Runtime could not compare the weights", failure);
    }
  }

  private static DecoderSession open(
      ModelConfig config, Map<String, FloatBuffer> weights, WeightPrecision precision, int threads)
      throws OrtException {
    byte[] graph = ServingGraph.of(config, precision).toByteArray();
    return DecoderSession.open(config, graph, weights, precision, threads);
  }

  /** Probabilities [answer, vocabulary] of each token of an answer where those before are given. */
  private static float[][] along(
      ModelConfig config, DecoderSession session, int[] prompt, int[] answer) throws OrtException {
    float[][] probabilities = new float[answer.length][config.vocabSize()];
    KeyValueCache cache = new KeyValueCache(config, 1, prompt.length + answer.length);
    StepMemory memory = new StepMemory();
    try (DecodeStep first = new DecodeStep(config, cache, memory, 0, 1, prompt.length)) {
      first.prompt(0, prompt);
      first.inverseTemperature(0, 1);
      first.run(session);
      first.probabilities(0, probabilities[0]);
    }
    try (DecodeStep step = new DecodeStep(config, cache, memory, 0, 1, 1)) {
      step.inverseTemperature(0, 1);
      for (int t = 1; t < answer.length; t++) {
        step.next(0, answer[t - 1], prompt.length + t);
        step.run(session);
        step.probabilities(0, probabilities[t]);
      }
    }
    return probabilities;
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
