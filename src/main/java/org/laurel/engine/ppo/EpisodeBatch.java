package org.laurel.engine.ppo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.ForwardPass;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.TokenBatch;

/**
 * Episodes that go through the networks together. Tensors of completion tokens are flat, [tokens]:
 * one completion after the other, without prompts and padding, so that no loss needs a mask.
 *
 * <p>The same batch serves the log probabilities before the update and every pass of the update:
 * what the networks compute for a token then differs by the weights alone, and the first ratio is
 * exactly 1.
 */
final class EpisodeBatch {

  /** Hidden states go on in multiples of this, so that few shapes of products occur. */
  private static final int UNIT = 256;

  private final List<Episode> episodes;
  private final TokenBatch batch;
  private final long[] predicting;
  private final long[] targets;

  private EpisodeBatch(List<Episode> episodes, TokenBatch batch) {
    this.episodes = episodes;
    this.batch = batch;
    int tokens = episodes.stream().mapToInt(Episode::length).sum();
    predicting = new long[(tokens + UNIT - 1) / UNIT * UNIT];
    targets = new long[tokens];
    long[] last = batch.lastIndexes();
    int i = 0;
    for (int e = 0; e < last.length; e++) {
      int[] completion = episodes.get(e).completion();
      for (int t = 0; t < completion.length; t++) {
        predicting[i] = last[e] - completion.length + t;
        targets[i++] = completion[t];
      }
    }
  }

  /** Batches of the shape of the packing. */
  static List<EpisodeBatch> pack(List<Episode> episodes, Packing packing, int padToken) {
    List<int[]> sequences = episodes.stream().map(Episode::tokens).toList();
    return packing.batches(sequences.stream().mapToInt(s -> s.length).toArray()).stream()
        .map(
            rows ->
                new EpisodeBatch(
                    Arrays.stream(Packing.order(rows)).mapToObj(episodes::get).toList(),
                    packing.tokens(rows, sequences, padToken)))
        .toList();
  }

  List<Episode> episodes() {
    return episodes;
  }

  /** Number of completion tokens. */
  int tokens() {
    return targets.length;
  }

  /** Hidden states of the positions that predict a completion token, and filling, [n, hidden]. */
  Tensor hidden(Decoder decoder) {
    return predicting(decoder.hidden(batch));
  }

  /** The same positions of a pass that will get a gradient. */
  Tensor predicting(Tensor hidden) {
    return hidden.view(-1, hidden.size(2)).index_select(0, Device.tensor(predicting));
  }

  ForwardPass pass(Decoder decoder, boolean recompute) {
    return ForwardPass.of(decoder, batch, recompute);
  }

  /** Log probabilities of the whole vocabulary at each of the hidden states, [n, vocabulary]. */
  static Tensor distribution(Decoder policy, Tensor hidden, double temperature) {
    Tensor logits = policy.logits(hidden);
    return (temperature == 1 ? logits : logits.div(new Scalar(temperature))).log_softmax(-1);
  }

  /** Without the filling, [n, ...] to [tokens, ...]. */
  Tensor real(Tensor filled) {
    return filled.narrow(0, 0, targets.length);
  }

  /** Log probabilities of the completion tokens, [tokens]. */
  Tensor chosen(Tensor distribution) {
    return real(distribution).gather(1, Device.tensor(targets, targets.length, 1)).squeeze(-1);
  }

  /** A figure of each token as a tensor [tokens], from the episodes' own arrays. */
  Tensor gather(Function<Episode, double[]> figure) {
    float[] flat = new float[targets.length];
    int i = 0;
    for (Episode episode : episodes) {
      for (double value : figure.apply(episode)) {
        flat[i++] = (float) value;
      }
    }
    return Device.tensor(flat);
  }

  /** Gives each episode its part of the figures before the update, [tokens] each. */
  void remember(Tensor logprobs, Tensor refLogprobs, Tensor values) {
    List<double[]> policy = split(logprobs);
    List<double[]> reference = split(refLogprobs);
    List<double[]> predicted = split(values);
    for (int i = 0; i < episodes.size(); i++) {
      episodes.get(i).logprobs(policy.get(i), reference.get(i));
      episodes.get(i).values(predicted.get(i));
    }
  }

  private List<double[]> split(Tensor perToken) {
    float[] flat = Device.floats(perToken);
    List<double[]> parts = new ArrayList<>();
    int i = 0;
    for (Episode episode : episodes) {
      double[] part = new double[episode.length()];
      for (int t = 0; t < part.length; t++) {
        part[t] = flat[i++];
      }
      parts.add(part);
    }
    return parts;
  }
}
