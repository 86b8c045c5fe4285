package org.laurel.openai;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.rewardmodel.RewardScorers;
import org.laurel.tokenizer.Message;
import org.laurel.web.Problem;

/** The best of several answers by a reward model. */
@ApplicationScoped
class BestOf {
  private final RewardScorers scorers;

  @Inject
  BestOf(RewardScorers scorers) {
    this.scorers = scorers;
  }

  /**
   * The reward model that chooses.
   *
   * @param named its name or id; the newest one if absent
   * @throws Problem 422 if there is none
   */
  @Transactional
  RewardModelVersion judge(@Nullable String named) {
    if (named == null) {
      return RewardModelVersion.<RewardModelVersion>find("order by createdAt desc, id desc")
          .firstResultOptional()
          .orElseThrow(
              () -> Sampling.invalid("best_of", "needs a reward model, and there is none yet"));
    }
    return RewardModelVersion.named(named)
        .orElseThrow(
            () -> Sampling.invalid("reward_model", "is none that is here: '" + named + "'"));
  }

  /** The best ones first; an answer that was cut off comes after every finished one. */
  List<Answer> choose(
      RewardModelVersion judge, List<Message> conversation, List<Answer> answers, int keep) {
    float[] scores =
        scorers.score(
            judge,
            answers.stream()
                .map(answer -> new RewardScorers.Item(conversation, answer.text()))
                .toList());
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingInt(
                    i -> answers.get(i).finishReason().equals("stop") ? 0 : 1)
                .thenComparingDouble(i -> -scores[i]))
        .limit(keep)
        .map(answers::get)
        .toList();
  }
}
