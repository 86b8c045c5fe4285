package org.laurel.engine.reward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.Encoder;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.run.Seeds;
import org.laurel.preference.Comparison;
import org.laurel.preference.DenseBradleyTerry;

/**
 * Bradley-Terry on what an encoder says of completions before it has learnt from any vote. A head
 * that begins there spares what the encoder knows the pull of a random one (Kumar et al. 2022), and
 * the training starts from a model that is already of use.
 */
final class Probe {
  /** More rankings take longer to read than they gain. */
  private static final int MOST = 1000;

  /** Rankings between looks at the clock. */
  private static final int AT_ONCE = 16;

  /** Of differences that are some tenths by feature. */
  private static final double[] PRECISIONS = {300, 100, 30, 10};

  private final Encoder encoder;
  private final RewardHyperparameters h;
  private final double seconds;
  private final long seed;

  /**
   * @param seconds after which no more is read; 0 for no limit
   * @param seed of which rankings are read, and in which order
   */
  Probe(Encoder encoder, RewardHyperparameters h, double seconds, long seed) {
    this.encoder = encoder;
    this.h = h;
    this.seconds = seconds;
    this.seed = seed;
  }

  /** A weight for each feature of the classifier; all 0 where nothing was chosen. */
  float[] weights(List<EncodedRanking> rankings) {
    long start = System.nanoTime();
    int features = encoder.config().hiddenSize();
    List<float[]> differences = new ArrayList<>();
    List<Double> certainties = new ArrayList<>();
    List<Integer> groups = new ArrayList<>();
    List<EncodedRanking> spread = spread(rankings, seed);
    try (Ranks<Encoder> readers = Ranks.readers(encoder, encoder.parameters().count())) {
      for (int from = 0; from < spread.size() && !late(start); from += AT_ONCE) {
        List<EncodedRanking> some = spread.subList(from, Math.min(from + AT_ONCE, spread.size()));
        List<float[][]> read = readers.map(some, (own, ranking) -> read(ranking.inputs()));
        for (int i = 0; i < some.size(); i++) {
          EncodedRanking ranking = some.get(i);
          for (Comparison<Integer> comparison : ranking.comparisons()) {
            if (!comparison.tie()) {
              differences.add(difference(read.get(i), comparison));
              certainties.add(h.certainty(ranking));
              groups.add(ranking.group());
            }
          }
        }
      }
    }
    float[][] x = differences.toArray(float[][]::new);
    double[] p = certainties.stream().mapToDouble(Double::doubleValue).toArray();
    int[] groupOf = groups.stream().mapToInt(Integer::intValue).toArray();
    double precision = DenseBradleyTerry.bestPrecision(x, p, groupOf, features, PRECISIONS);
    double[] fitted = DenseBradleyTerry.fit(x, p, features, precision).weights();
    float[] weights = new float[features];
    for (int i = 0; i < features; i++) {
      weights[i] = (float) fitted[i];
    }
    return weights;
  }

  /** In random order, since time may be up before all are read. */
  static <R> List<R> spread(List<R> rankings, long seed) {
    return Arrays.stream(Seeds.shuffled(rankings.size(), Seeds.of(seed, "probe", 0)))
        .limit(MOST)
        .mapToObj(rankings::get)
        .toList();
  }

  private static float[] difference(float[][] read, Comparison<Integer> comparison) {
    float[] difference = read[comparison.chosen()].clone();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= read[comparison.rejected()][i];
    }
    return difference;
  }

  private boolean late(long start) {
    return seconds > 0 && System.nanoTime() - start > seconds * 1e9;
  }

  private float[][] read(List<int[]> inputs) {
    int[] lengths = inputs.stream().mapToInt(input -> input.length).toArray();
    Packing packing = Packing.of(Arrays.stream(lengths).max().orElse(1), h.microBatchTokens());
    packing = packing.fitting(lengths);
    float[][] read = new float[lengths.length][encoder.config().hiddenSize()];
    for (List<List<Integer>> rows : packing.batches(lengths)) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        int[] order = Packing.order(rows);
        float[] flat =
            Device.floats(
                encoder.pooled(packing.tokens(rows, inputs, encoder.config().padTokenId())));
        for (int i = 0; i < order.length; i++) {
          int width = read[order[i]].length;
          System.arraycopy(flat, i * width, read[order[i]], 0, width);
        }
      }
    }
    return read;
  }
}
