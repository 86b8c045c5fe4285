package org.laurel.engine.dpo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.laurel.engine.reward.RankingRow;
import org.laurel.engine.reward.RunRankings;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.Split;
import org.laurel.engine.sft.SftExample;
import org.laurel.model.ModelDirectory;
import org.laurel.preference.Comparison;
import org.laurel.tokenizer.PromptEncoder;

/**
 * A run of kind {@code dpo} or {@code ipo}: from {@code data/rankings.jsonl} and a policy to a
 * better policy, without a reward model.
 */
public final class DpoRun {

  private DpoRun() {}

  /**
   * Trains from the newest checkpoint, or from the beginning, to the artifact.
   *
   * @throws IOException if the directory cannot be read or written
   * @throws IllegalArgumentException naming the row or hyperparameter that is wrong
   */
  public static void run(RunDirectory directory, RunListener listener) throws IOException {
    RunRequest request = directory.request();
    boolean ipo = request.kind().equals("ipo");
    ModelDirectory start = ModelDirectory.open(request.policy());
    DpoHyperparameters h =
        Hyperparameters.read(
            request.overrides(),
            ipo ? DpoHyperparameters.ipo() : DpoHyperparameters.dpo(),
            start.config().parameterCount());
    PromptEncoder encoder = PromptEncoder.read(start.path(), start.config().eosTokenId());
    int longest = Math.min(h.maxTokens(), start.config().maxPositionEmbeddings());
    RunRankings rankings = RunRankings.read(directory, encoder::check);
    Split<RankingRow> split = Split.of(rankings.rows(), RankingRow::opening, h.heldOutFraction());
    Judgments<Ranked> judgments = new Judgments<>(rankings.refused());
    split.training().forEach(row -> judgments.add(ranked(row, encoder, longest), false));
    RankingRow.judging(split.heldOut())
        .forEach(row -> judgments.add(ranked(row, encoder, longest), true));
    PairObjective objective =
        new PairObjective(
            ipo ? PairLoss.IPO : PairLoss.DPO, h.beta(), h.labelSmoothing(), h.lengthAveraged());
    PreferenceRun.train(directory, listener, objective, judgments, h.schedule());
  }

  /** Nothing of a ranking that only ties, or whose prompt leaves no room for a completion. */
  static Optional<Ranked> ranked(RankingRow row, PromptEncoder encoder, int longest) {
    int[] prompt = encoder.prompt(row.prompt());
    List<SftExample> sequences = new ArrayList<>();
    for (String completion : row.completions()) {
      SftExample.completion(prompt, encoder.completion(completion), longest)
          .ifPresent(sequences::add);
    }
    List<Comparison<Integer>> preferences =
        row.ranking().comparisons().stream().filter(c -> !c.tie()).toList();
    return sequences.size() < row.completions().size() || preferences.isEmpty()
        ? Optional.empty()
        : Optional.of(new Ranked(sequences, preferences, row.certainty()));
  }
}
