package org.laurel.engine.ppo;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.TokenBatch;
import org.laurel.engine.run.Seeds;

/** Samples token by token from a decoder without a cache: slow, and plain enough to be believed. */
final class DecoderRollouts implements RolloutPolicy {

  private final Decoder decoder;
  private final Map<String, double[]> known = new HashMap<>();

  DecoderRollouts(Decoder policy) {
    decoder = policy.copy();
  }

  @Override
  public List<Rollout> sample(List<int[]> prompts, RolloutParameters parameters) {
    known.clear();
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      rollouts.add(sample(prompts.get(i), parameters, Seeds.of(parameters.seed(), "row", i)));
    }
    return rollouts;
  }

  private Rollout sample(int[] prompt, RolloutParameters parameters, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> tokens = new ArrayList<>();
    List<Float> logprobs = new ArrayList<>();
    int[] sequence = prompt;
    while (tokens.size() < parameters.maxNewTokens()) {
      int[] prefix = sequence;
      double[] distribution =
          known.computeIfAbsent(
              Arrays.toString(prefix), key -> next(decoder, prefix, parameters.temperature()));
      double u = random.nextDouble();
      int token = 0;
      while (token < distribution.length - 1 && u >= distribution[token]) {
        u -= distribution[token++];
      }
      tokens.add(token);
      logprobs.add((float) Math.log(distribution[token]));
      sequence = Arrays.copyOf(sequence, sequence.length + 1);
      sequence[sequence.length - 1] = token;
      if (token == parameters.stopToken()) {
        break;
      }
    }
    float[] found = new float[tokens.size()];
    for (int t = 0; t < found.length; t++) {
      found[t] = logprobs.get(t);
    }
    boolean stopped = tokens.get(tokens.size() - 1) == parameters.stopToken();
    return new Rollout(tokens.stream().mapToInt(t -> t).toArray(), found, stopped);
  }

  /** Probabilities of the next token. */
  static double[] next(Decoder decoder, int[] sequence, double temperature) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      TokenBatch batch = TokenBatch.rightPadded(List.of(sequence), decoder.config().padTokenId());
      Tensor last = decoder.hidden(batch).select(0, 0).select(0, sequence.length - 1);
      Tensor p =
          EpisodeBatch.distribution(decoder, last.unsqueeze(0), temperature).exp().contiguous();
      float[] probabilities = new float[decoder.config().vocabSize()];
      p.data_ptr_float().get(probabilities);
      double[] doubles = new double[probabilities.length];
      for (int i = 0; i < doubles.length; i++) {
        doubles[i] = probabilities[i];
      }
      return doubles;
    }
  }

  @Override
  public void refresh(Map<String, FloatBuffer> weights) {
    weights.forEach(
        (name, values) -> decoder.parameters().write(name, own -> own.put(values.duplicate())));
  }

  @Override
  public void close() {
    decoder.close();
  }
}
