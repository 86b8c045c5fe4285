package org.laurel.engine.dpo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.laurel.preference.Logistic;

/**
 * Kahneman-Tversky optimisation [Ethayarajh et al. 2024, eq. 8]: weight (1 - sigmoid(beta (r - z)))
 * for a good completion and weight (1 - sigmoid(beta (z - r))) for a bad one, r its log ratio and z
 * the baseline, which takes no gradient.
 *
 * @param goodWeight lambda_D
 * @param badWeight lambda_U
 */
record ThumbObjective(double beta, double goodWeight, double badWeight)
    implements Objective<Thumbed> {

  @Override
  public Judged judge(Thumbed thumbed, double[] ratios, double baseline) {
    double direction = thumbed.up() ? 1 : -1;
    double weight = thumbed.up() ? goodWeight : badWeight;
    double value = Logistic.sigmoid(direction * beta * (ratios[0] - baseline));
    double slope = -weight * value * (1 - value) * direction * beta;
    return new Judged(
        weight * (1 - value), new double[] {slope}, new double[] {beta * ratios[0]}, baseline);
  }

  @Override
  public Map<String, Double> figures(List<Thumbed> thumbs, List<Judged> judged) {
    double loss = 0;
    double[] sums = new double[2];
    int[] counts = new int[2];
    double right = 0;
    double baseline = 0;
    for (int i = 0; i < thumbs.size(); i++) {
      Judged one = judged.get(i);
      int side = thumbs.get(i).up() ? 0 : 1;
      loss += one.loss();
      sums[side] += one.rewards()[0];
      counts[side]++;
      double above = one.rewards()[0] - beta * one.baseline();
      right += above == 0 ? 0.5 : (above > 0) == thumbs.get(i).up() ? 1 : 0;
      baseline += one.baseline();
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("loss", loss / thumbs.size());
    figures.put("rewards/chosen", sums[0] / counts[0]);
    figures.put("rewards/rejected", sums[1] / counts[1]);
    figures.put("rewards/margins", sums[0] / counts[0] - sums[1] / counts[1]);
    figures.put("rewards/accuracies", right / thumbs.size());
    figures.put("kl", baseline / thumbs.size());
    return figures;
  }
}
