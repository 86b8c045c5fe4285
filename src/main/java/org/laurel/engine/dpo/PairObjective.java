package org.laurel.engine.dpo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.laurel.engine.sft.SftExample;
import org.laurel.preference.Comparison;

/**
 * Mean over the pairs of a ranking of a loss of each pair's margin, so that a ranking of many
 * completions counts no more than one of two (Ouyang et al. 2022, section 3.5).
 *
 * @param lengthAveraged whether log probabilities are means over a completion's tokens rather than
 *     sums
 */
record PairObjective(PairLoss loss, double beta, double smoothing, boolean lengthAveraged)
    implements Objective<Ranked> {

  @Override
  public Judged judge(Ranked ranking, double[] sums, double baseline) {
    double[] ratios = new double[sums.length];
    double[] rewards = new double[sums.length];
    for (int i = 0; i < sums.length; i++) {
      ratios[i] = sums[i] / divisor(ranking.sequences().get(i));
      rewards[i] = beta * ratios[i];
    }
    double total = 0;
    double[] slopes = new double[sums.length];
    int pairs = ranking.comparisons().size();
    double doubt = ranking.doubt(smoothing);
    for (Comparison<Integer> pair : ranking.comparisons()) {
      double h = ratios[pair.chosen()] - ratios[pair.rejected()];
      total += loss.of(h, beta, doubt) / pairs;
      double slope = loss.slope(h, beta, doubt) / pairs;
      slopes[pair.chosen()] += slope / divisor(ranking.sequences().get(pair.chosen()));
      slopes[pair.rejected()] -= slope / divisor(ranking.sequences().get(pair.rejected()));
    }
    return new Judged(total, slopes, rewards, baseline);
  }

  private double divisor(SftExample sequence) {
    return lengthAveraged ? sequence.targets() : 1;
  }

  @Override
  public Map<String, Double> figures(List<Ranked> rankings, List<Judged> judged) {
    double loss = 0;
    double chosen = 0;
    double rejected = 0;
    double right = 0;
    int pairs = 0;
    for (int i = 0; i < rankings.size(); i++) {
      double[] rewards = judged.get(i).rewards();
      loss += judged.get(i).loss();
      for (Comparison<Integer> pair : rankings.get(i).comparisons()) {
        double margin = rewards[pair.chosen()] - rewards[pair.rejected()];
        chosen += rewards[pair.chosen()];
        rejected += rewards[pair.rejected()];
        right += margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
        pairs++;
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("loss", loss / rankings.size());
    figures.put("rewards/chosen", chosen / pairs);
    figures.put("rewards/rejected", rejected / pairs);
    figures.put("rewards/margins", (chosen - rejected) / pairs);
    figures.put("rewards/accuracies", right / pairs);
    return figures;
  }
}
