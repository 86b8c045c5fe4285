package org.laurel.engine.ppo;

import java.util.List;
import org.laurel.engine.reward.RewardModel;

/**
 * Scores by a reward model that shares the policy's tokenizer. It reads the end token at the end
 * also where a completion was cut off, as it did in its training.
 *
 * @param rewardModel stays as it is
 * @param microBatchTokens padded tokens scored at once
 */
public record RewardModelScorer(RewardModel rewardModel, int microBatchTokens) implements Scorer {

  @Override
  public double[] score(List<Episode> episodes) {
    int end = rewardModel.decoder().config().eosTokenId();
    int longest = rewardModel.decoder().config().maxPositionEmbeddings();
    List<int[]> inputs =
        episodes.stream()
            .map(e -> RewardModel.input(e.prompt(), e.completion(), end, longest))
            .toList();
    return rewardModel.scores(inputs, microBatchTokens);
  }
}
