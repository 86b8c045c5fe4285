package org.laurel.engine.ppo;

import java.util.List;

/**
 * What judges completions: a reward model, or any function of the tokens. Scores higher for better;
 * is never trained by PPO.
 */
@FunctionalInterface
public interface Scorer {

  /** One score an episode, in order. */
  double[] score(List<Episode> episodes);
}
