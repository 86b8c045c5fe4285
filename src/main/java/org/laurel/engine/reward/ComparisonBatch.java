package org.laurel.engine.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.Packing;
import org.laurel.preference.Comparison;

/**
 * Rankings that go through the network together: one forward pass a completion, all completions of
 * a ranking side by side, however many comparisons they are in (Ouyang et al. 2022, section 3.5).
 */
final class ComparisonBatch {

  private final List<EncodedRanking> rankings;
  private final RewardHyperparameters h;
  private final int longest;
  private final int rectangle;
  private final List<int[]> inputs = new ArrayList<>();
  private final Pairs choices = new Pairs();
  private final Pairs ties = new Pairs();

  /**
   * @param longest tokens of the longest completion of the whole training
   * @param rectangle padded tokens that go through the network at once
   */
  ComparisonBatch(
      List<EncodedRanking> rankings, RewardHyperparameters h, int longest, int rectangle) {
    this.rankings = rankings;
    this.h = h;
    this.longest = longest;
    this.rectangle = rectangle;
    for (EncodedRanking ranking : rankings) {
      int offset = inputs.size();
      inputs.addAll(ranking.inputs());
      List<Comparison<Integer>> counted =
          ranking.comparisons().stream()
              .filter(c -> !c.tie() || h.ties() != TieModel.DROP)
              .toList();
      for (Comparison<Integer> comparison : counted) {
        (comparison.tie() ? ties : choices)
            .add(
                offset + comparison.chosen(),
                offset + comparison.rejected(),
                h.margins().margin(ranking.strength()),
                h.accuracyOf(ranking.annotator()),
                ranking.certainty(),
                1.0 / counted.size());
      }
    }
  }

  List<EncodedRanking> rankings() {
    return rankings;
  }

  /**
   * Adds to the network's gradients those of a loss of the scores. A ranking of more tokens than a
   * micro-batch does not keep all that its way back needs: it is scored without gradient first, and
   * a few completions at a time again, each with the gradient that the loss has of its score [Gao
   * et al. 2021, arXiv 2101.06983, section 3.2]. That takes a third more time and gives the same.
   *
   * @param loss a scalar, of the scores of all completions, ranking after ranking, [completions]
   * @return those scores
   */
  float[] learn(RewardNetwork model, UnaryOperator<Tensor> loss) {
    if (rankings.stream().mapToInt(EncodedRanking::tokens).sum() <= h.microBatchTokens()) {
      Tensor scores = scores(model, inputs);
      loss.apply(scores).backward();
      return Device.floats(scores.detach());
    }
    List<List<Integer>> parts = RewardModel.likeLengths(inputs, h.microBatchTokens());
    float[] scores = new float[inputs.size()];
    for (List<Integer> part : parts) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        float[] found = Device.floats(scores(model, at(part)));
        for (int i = 0; i < found.length; i++) {
          scores[part.get(i)] = found[i];
        }
      }
    }
    Tensor leaf = Device.tensor(scores);
    leaf.requires_grad_(true);
    loss.apply(leaf).backward();
    float[] slopes = Device.floats(leaf.grad());
    for (List<Integer> part : parts) {
      try (PointerScope scope = new PointerScope()) {
        float[] own = new float[part.size()];
        for (int i = 0; i < own.length; i++) {
          own[i] = slopes[part.get(i)];
        }
        scores(model, at(part))
            .backward(Device.tensor(own), new BoolOptional(), false, new TensorArrayRefOptional());
      }
    }
    return scores;
  }

  private List<int[]> at(List<Integer> places) {
    return places.stream().map(inputs::get).toList();
  }

  /** Of prompts and completions, in their order, [inputs], with gradient. */
  private Tensor scores(RewardNetwork model, List<int[]> some) {
    int[] lengths = some.stream().mapToInt(input -> input.length).toArray();
    Packing packing = model.packing(longest, rectangle, lengths);
    long[] place = new long[some.size()];
    TensorVector parts = new TensorVector();
    int scored = 0;
    for (List<List<Integer>> rows : packing.batches(lengths)) {
      parts.push_back(model.scores(packing.tokens(rows, some, model.padToken())));
      for (int input : Packing.order(rows)) {
        place[input] = scored++;
      }
    }
    return torch.cat(parts, 0).index_select(0, Device.tensor(place));
  }

  /**
   * Sum over the rankings of the mean loss of each one's comparisons; the caller divides by the
   * number of rankings in the update.
   *
   * @param scores [completions]
   * @param kappa parameter of the tie model, a scalar
   */
  Tensor loss(Tensor scores, Tensor kappa) {
    Tensor loss = RewardLoss.centering(scores, averaging()).mul(new Scalar(h.centering()));
    loss = loss.mul(new Scalar((double) rankings.size()));
    if (choices.size() > 0) {
      Tensor difference = choices.difference(scores).sub(choices.tensor(choices.margins));
      Tensor nll =
          RewardLoss.choice(
              difference, choices.tensor(choices.accuracies), h.labelSmoothing(), h.ties(), kappa);
      if (choices.isSoft()) {
        Tensor opposite =
            RewardLoss.choice(
                difference.neg(),
                choices.tensor(choices.accuracies),
                h.labelSmoothing(),
                h.ties(),
                kappa);
        nll = RewardLoss.soft(nll, opposite, choices.tensor(choices.certainties));
      }
      loss = loss.add(nll.mul(choices.tensor(choices.weights)).sum());
    }
    if (ties.size() > 0) {
      Tensor nll = RewardLoss.tie(ties.difference(scores), h.ties(), kappa);
      loss = loss.add(nll.mul(ties.tensor(ties.weights)).sum());
    }
    return loss;
  }

  /** [rankings, completions]: 1/K where a completion belongs to a ranking. */
  private Tensor averaging() {
    float[] matrix = new float[rankings.size() * inputs.size()];
    int column = 0;
    for (int row = 0; row < rankings.size(); row++) {
      int k = rankings.get(row).inputs().size();
      for (int i = 0; i < k; i++) {
        matrix[row * inputs.size() + column++] = 1f / k;
      }
    }
    return Device.tensor(matrix, rankings.size(), inputs.size());
  }

  /** Comparisons as parallel lists. */
  private static final class Pairs {
    private final List<Integer> chosen = new ArrayList<>();
    private final List<Integer> rejected = new ArrayList<>();
    private final List<Double> margins = new ArrayList<>();
    private final List<Double> accuracies = new ArrayList<>();
    private final List<Double> certainties = new ArrayList<>();
    private final List<Double> weights = new ArrayList<>();

    void add(
        int winner, int loser, double margin, double accuracy, double certainty, double weight) {
      chosen.add(winner);
      rejected.add(loser);
      margins.add(margin);
      accuracies.add(accuracy);
      certainties.add(certainty);
      weights.add(weight);
    }

    int size() {
      return chosen.size();
    }

    boolean isSoft() {
      return certainties.stream().anyMatch(certainty -> certainty < 1);
    }

    /** r_w - r_l, [pairs]. */
    Tensor difference(Tensor scores) {
      return scores.index_select(0, indices(chosen)).sub(scores.index_select(0, indices(rejected)));
    }

    private static Tensor indices(List<Integer> list) {
      return Device.tensor(list.stream().mapToLong(Integer::longValue).toArray());
    }

    Tensor tensor(List<Double> list) {
      float[] values = new float[list.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = list.get(i).floatValue();
      }
      return Device.tensor(values);
    }
  }
}
