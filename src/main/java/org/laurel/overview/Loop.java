package org.laurel.overview;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.round.StepKind;
import org.laurel.web.Shown;

/**
 * Where a project stands in the loop that turns rankings into a better policy, and what the next
 * step is.
 *
 * @param current the step that is to be done or going on; those before it are done
 * @param lap 1 until a policy of the project was promoted, then 2, and so on
 * @param next what to do, as the pages know it
 */
record Loop(Step current, long lap, Next next) {

  /** The stations, in order. */
  enum Step {
    PROMPTS,
    SAMPLED,
    RANKED,
    REWARD_MODEL,
    POLICY,
    SERVED
  }

  /** What a person has to do now, or wait for. */
  enum Next {
    IMPORT_PROMPTS,
    SAMPLE,
    OTHER_PROMPTS,
    WAIT_FOR_SAMPLING,
    RANK,
    LAUNCH_ROUND,
    WAIT_FOR_ROUND,
    PROMOTE
  }

  /**
   * Rankings without a round below which training is not proposed: 50 rankings of four are 300
   * comparisons, whose held-out tenth tells a good reward model from chance only just.
   */
  static final long ENOUGH = 50;

  /**
   * What the database says about a project.
   *
   * @param prompts prompts in use
   * @param sampling whether a sampling is queued or running
   * @param servedHasTasks whether there is a task whose completions the policy served now has
   *     written, or that was imported
   * @param unanswerable whether the policy served now has passed over every prompt there is
   * @param freeSeats rankings still wanted
   * @param newRankings rankings that no finished run has learned from, with a reward model or
   *     without; those that say there is no order are nothing to learn from
   * @param runningStep kind of the run under way, if a round is
   * @param roundId that round
   * @param promotions promotions of this project's policies
   * @param unpromotedId newest policy of the project, if it is younger than the last promotion
   */
  record Facts(
      long prompts,
      long completions,
      boolean sampling,
      boolean servedHasTasks,
      boolean unanswerable,
      long freeSeats,
      long rankings,
      long newRankings,
      long rewardModels,
      long policies,
      @Nullable String runningStep,
      @Nullable UUID roundId,
      long promotions,
      @Nullable UUID unpromotedId,
      @Nullable String unpromotedName,
      String servedName) {}

  static Loop of(Facts facts) {
    long lap = facts.promotions() + 1;
    if (facts.roundId() != null) {
      boolean policy = StepKind.named(facts.runningStep()).map(StepKind::makesPolicy).orElse(false);
      Step step = policy ? Step.POLICY : Step.REWARD_MODEL;
      return new Loop(step, lap, Next.WAIT_FOR_ROUND);
    }
    if (facts.unpromotedId() != null) {
      return new Loop(Step.SERVED, lap, Next.PROMOTE);
    }
    if (facts.prompts() == 0) {
      return new Loop(Step.PROMPTS, lap, Next.IMPORT_PROMPTS);
    }
    if (facts.sampling()) {
      return new Loop(Step.SAMPLED, lap, Next.WAIT_FOR_SAMPLING);
    }
    boolean enough = facts.newRankings() >= ENOUGH;
    if (!enough && facts.unanswerable()) {
      return new Loop(Step.SAMPLED, lap, Next.OTHER_PROMPTS);
    }
    if (!enough && !facts.servedHasTasks()) {
      return new Loop(Step.SAMPLED, lap, Next.SAMPLE);
    }
    if (!enough && facts.freeSeats() > 0) {
      return new Loop(Step.RANKED, lap, Next.RANK);
    }
    if (facts.newRankings() == 0) {
      return new Loop(Step.SAMPLED, lap, Next.SAMPLE);
    }
    return new Loop(Step.REWARD_MODEL, lap, Next.LAUNCH_ROUND);
  }

  /**
   * A station of the picture.
   *
   * @param state {@code done}, {@code current} or empty
   */
  record Station(String name, String icon, String state, String count) {}

  public List<Station> stations(Facts facts) {
    return List.of(
        station(Step.PROMPTS, "Prompts", "chat", Shown.count(facts.prompts())),
        station(Step.SAMPLED, "Sampled", "spark", Shown.count(facts.completions()) + " answers"),
        station(Step.RANKED, "Ranked", "rank", Shown.count(facts.rankings()) + " rankings"),
        station(
            Step.REWARD_MODEL,
            "Reward model",
            "scale",
            Shown.count(facts.rewardModels()) + " made"),
        station(Step.POLICY, "Policy", "model", Shown.count(facts.policies()) + " trained"),
        station(Step.SERVED, "Served", "laurel", facts.servedName()));
  }

  private Station station(Step step, String name, String icon, String count) {
    int order = step.compareTo(current);
    String state = order == 0 ? "current" : order < 0 ? "done" : "";
    return new Station(name, icon, state, count);
  }
}
