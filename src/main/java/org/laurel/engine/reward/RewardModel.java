package org.laurel.engine.reward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.Ranks;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;

/**
 * A decoder with one number as its output, read at the last token of prompt and completion, which
 * is always the end token.
 */
public final class RewardModel implements AutoCloseable {

  private final Decoder decoder;
  private final RewardScale scale;
  private final Ranks<RewardNetwork> readers;

  /** A decoder that has a score head, and what brings its output to mean 0 and deviation 1. */
  public RewardModel(Decoder decoder, RewardScale scale) {
    this.decoder = decoder;
    this.scale = scale;
    this.readers = RewardNetwork.readers(new DecoderNetwork(decoder));
  }

  /** Reads a reward model; its scale with it. */
  public static RewardModel load(ModelDirectory directory) {
    return new RewardModel(Decoder.loadFrozen(directory), directory.rewardScale());
  }

  /** The network. */
  public Decoder decoder() {
    return decoder;
  }

  /** As stored with the model. */
  public RewardScale scale() {
    return scale;
  }

  /**
   * What the model reads.
   *
   * @param prompt token ids
   * @param completion token ids, with or without the end token
   * @param maxTokens of the result; a longer prompt loses its beginning, a longer completion its
   *     end
   * @return prompt and completion with the end token last, whatever was cut
   */
  public static int[] input(int[] prompt, int[] completion, int endToken, int maxTokens) {
    int length = completion.length;
    boolean ended = length > 0 && completion[length - 1] == endToken;
    int kept = Math.min(ended ? length - 1 : length, maxTokens - 1);
    int fromPrompt = Math.min(prompt.length, maxTokens - 1 - kept);
    int[] input = new int[fromPrompt + kept + 1];
    System.arraycopy(prompt, prompt.length - fromPrompt, input, 0, fromPrompt);
    System.arraycopy(completion, 0, input, fromPrompt, kept);
    input[input.length - 1] = endToken;
    return input;
  }

  /**
   * Scores as the head gives them, without gradient, whatever batches they are computed in.
   *
   * @param inputs as from {@link #input}
   * @param microBatchTokens padded tokens that go through a rank's network at once
   */
  public double[] scores(List<int[]> inputs, int microBatchTokens) {
    return scores(readers, inputs, microBatchTokens);
  }

  /** Likewise, for any network; its own scores alone. */
  static double[] scores(Ranks<RewardNetwork> ranks, List<int[]> inputs, int microBatchTokens) {
    List<List<Integer>> parts = likeLengths(inputs, microBatchTokens);
    List<double[]> found =
        ranks.map(
            parts,
            (network, part) ->
                together(network, part.stream().map(inputs::get).toList(), microBatchTokens));
    double[] scores = new double[inputs.size()];
    for (int part = 0; part < found.size(); part++) {
      for (int i = 0; i < found.get(part).length; i++) {
        scores[parts.get(part).get(i)] = found.get(part)[i];
      }
    }
    return scores;
  }

  /** Indices of inputs, longest first, in parts of at most so many padded tokens. */
  static List<List<Integer>> likeLengths(List<int[]> inputs, int tokens) {
    List<Integer> longestFirst =
        IntStream.range(0, inputs.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -inputs.get(i).length))
            .toList();
    List<List<Integer>> parts = new ArrayList<>();
    for (int from = 0; from < inputs.size(); ) {
      int width = inputs.get(longestFirst.get(from)).length;
      int to = Math.min(inputs.size(), from + Math.max(1, tokens / width));
      parts.add(longestFirst.subList(from, to));
      from = to;
    }
    return parts;
  }

  /** Of inputs of like lengths. */
  private static double[] together(
      RewardNetwork network, List<int[]> inputs, int microBatchTokens) {
    double[] scores = new double[inputs.size()];
    int[] lengths = inputs.stream().mapToInt(tokens -> tokens.length).toArray();
    Packing packing =
        network.packing(Arrays.stream(lengths).max().orElse(1), microBatchTokens, lengths);
    for (List<List<Integer>> rows : packing.batches(lengths)) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        int[] order = Packing.order(rows);
        float[] found =
            Device.floats(network.scores(packing.tokens(rows, inputs, network.padToken())));
        for (int i = 0; i < order.length; i++) {
          scores[order[i]] = found[i];
        }
      }
    }
    return scores;
  }

  @Override
  public void close() {
    readers.close();
    decoder.close();
  }
}
