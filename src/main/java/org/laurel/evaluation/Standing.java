package org.laurel.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.laurel.preference.BradleyTerry;

/**
 * Where a policy stands among those that people compared, by the Bradley-Terry model of all judged
 * pairs.
 *
 * @param policy the version
 * @param elo its rating: 1000 on average, 400 points for odds of ten to one
 * @param pairs judged pairs that it had an answer in
 */
public record Standing(EvaluationView.Side policy, double elo, long pairs) {

  /**
   * The policies of a project's evaluations, the best first. Those that no chain of comparisons
   * joins to the ones compared last are left out: nothing says how they stand to these.
   */
  static List<Standing> of(List<EvaluationView> newestFirst) {
    List<EvaluationView> judged = newestFirst.stream().filter(e -> e.judged() > 0).toList();
    List<EvaluationView.Side> policies = new ArrayList<>(joined(judged));
    int n = policies.size();
    double[][] wins = new double[n][n];
    long[] pairs = new long[n];
    for (EvaluationView evaluation : judged) {
      int i = policies.indexOf(evaluation.policy());
      int j = policies.indexOf(evaluation.against());
      Double rate = evaluation.winRate();
      if (i < 0 || rate == null) {
        continue;
      }
      wins[i][j] += rate * evaluation.judged();
      wins[j][i] += (1 - rate) * evaluation.judged();
      pairs[i] += evaluation.judged();
      pairs[j] += evaluation.judged();
    }
    BradleyTerry fit = BradleyTerry.fit(wins);
    List<Standing> standings = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      standings.add(new Standing(policies.get(i), fit.elo(i), pairs[i]));
    }
    standings.sort(Comparator.comparingDouble(Standing::elo).reversed());
    return standings;
  }

  private static Set<EvaluationView.Side> joined(List<EvaluationView> judged) {
    Set<EvaluationView.Side> joined = new LinkedHashSet<>();
    if (!judged.isEmpty()) {
      joined.add(judged.get(0).policy());
    }
    boolean grew = !judged.isEmpty();
    while (grew) {
      grew = false;
      for (EvaluationView e : judged) {
        if (joined.contains(e.policy()) || joined.contains(e.against())) {
          grew |= joined.add(e.policy()) | joined.add(e.against());
        }
      }
    }
    return joined;
  }
}
