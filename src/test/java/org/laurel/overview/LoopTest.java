package org.laurel.overview;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.laurel.overview.Loop.Next;
import org.laurel.overview.Loop.Step;

class LoopTest {
  private static final UUID SOME = new UUID(0, 1);

  @Test
  void anEmptyProjectAsksForPrompts() {
    assertThat(loop(0, false, 0, 0, 0, null, 0, null))
        .isEqualTo(new Loop(Step.PROMPTS, 1, Next.IMPORT_PROMPTS));
  }

  @Test
  void promptsAreSampledThenRanked() {
    assertThat(loop(30, false, 0, 0, 0, null, 0, null).next()).isEqualTo(Next.SAMPLE);
    assertThat(loop(30, true, 5, 5, 0, null, 0, null).next()).isEqualTo(Next.WAIT_FOR_SAMPLING);
    assertThat(loop(30, false, 30, 30, 0, null, 0, null))
        .isEqualTo(new Loop(Step.RANKED, 1, Next.RANK));
    assertThat(loop(30, false, 30, 1, 29, null, 0, null).next()).isEqualTo(Next.RANK);
  }

  @Test
  void promptsThatThePolicyCannotAnswerAreNotSampledForEver() {
    assertThat(Loop.of(facts(3, false, 0, true, 0, 0, null, 0, null)))
        .isEqualTo(new Loop(Step.SAMPLED, 1, Next.OTHER_PROMPTS));
    assertThat(Loop.of(facts(3, true, 0, true, 0, 0, null, 0, null)).next())
        .isEqualTo(Next.WAIT_FOR_SAMPLING);
  }

  @Test
  void aRoundIsProposedOnceRankingsSufficeOrAllAreGiven() {
    assertThat(loop(90, false, 90, 40, 50, null, 0, null).next()).isEqualTo(Next.LAUNCH_ROUND);
    assertThat(loop(30, false, 30, 0, 30, null, 0, null).next()).isEqualTo(Next.LAUNCH_ROUND);
  }

  @Test
  void aRunningRoundIsShownAtItsStep() {
    assertThat(loop(90, false, 90, 0, 90, "reward", 0, null).current())
        .isEqualTo(Step.REWARD_MODEL);
    assertThat(List.of("ppo", "rejection", "dpo", "ipo", "kto", "sft"))
        .allSatisfy(
            step ->
                assertThat(loop(90, false, 90, 0, 90, step, 0, null))
                    .isEqualTo(new Loop(Step.POLICY, 1, Next.WAIT_FOR_ROUND)));
  }

  @Test
  void aNewPolicyWaitsForPromotionAndThenTheLoopStartsAgain() {
    assertThat(loop(90, false, 90, 0, 0, null, 0, SOME))
        .isEqualTo(new Loop(Step.SERVED, 1, Next.PROMOTE));
    assertThat(loop(90, false, 0, 0, 0, null, 1, null))
        .isEqualTo(new Loop(Step.SAMPLED, 2, Next.SAMPLE));
  }

  @Test
  void onceEverythingWasLearnedFromMoreIsSampled() {
    assertThat(loop(90, false, 90, 0, 0, null, 1, null).next()).isEqualTo(Next.SAMPLE);
  }

  @Test
  void stationsBeforeTheCurrentOneAreDone() {
    Loop.Facts facts = facts(30, false, 30, false, 30, 0, null, 0, null);
    assertThat(Loop.of(facts).stations(facts).stream().map(Loop.Station::state))
        .containsExactly("done", "done", "current", "", "", "");
  }

  private static Loop loop(
      long prompts,
      boolean sampling,
      long tasksOfServed,
      long freeSeats,
      long newRankings,
      @Nullable String runningStep,
      long promotions,
      @Nullable UUID unpromoted) {
    return Loop.of(
        facts(
            prompts,
            sampling,
            tasksOfServed,
            false,
            freeSeats,
            newRankings,
            runningStep,
            promotions,
            unpromoted));
  }

  private static Loop.Facts facts(
      long prompts,
      boolean sampling,
      long tasksOfServed,
      boolean unanswerable,
      long freeSeats,
      long newRankings,
      @Nullable String runningStep,
      long promotions,
      @Nullable UUID unpromoted) {
    return new Loop.Facts(
        prompts,
        4 * prompts,
        sampling,
        tasksOfServed > 0,
        unanswerable,
        freeSeats,
        newRankings,
        newRankings,
        0,
        0,
        runningStep,
        runningStep == null ? null : SOME,
        promotions,
        unpromoted,
        unpromoted == null ? null : "policy-1",
        "starter");
  }
}
