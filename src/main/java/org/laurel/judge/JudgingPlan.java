package org.laurel.judge;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How much a judging has before it, as things stand: tasks that open meanwhile add to it.
 *
 * @param calibrationPairs that people have ranked
 * @param votePairs to vote on
 */
public record JudgingPlan(long calibrationPairs, long votePairs) {
  /** A pair is asked about in both orders. */
  static final int QUESTIONS_PER_PAIR = 2;

  long pairs() {
    return calibrationPairs + votePairs;
  }

  /** Calls of the judge if each is answered readably the first time. */
  @JsonProperty
  public long questions() {
    return QUESTIONS_PER_PAIR * pairs();
  }
}
