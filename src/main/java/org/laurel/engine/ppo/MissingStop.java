package org.laurel.engine.ppo;

/** What becomes of the score of a completion that never came to the stop token. */
public enum MissingStop {
  /** The penalty takes the place of the score: an unfinished text earns nothing else. */
  REPLACE {
    @Override
    double apply(double score, double penalty) {
      return penalty;
    }
  },
  /** The penalty is added to the score. */
  ADD {
    @Override
    double apply(double score, double penalty) {
      return score + penalty;
    }
  },
  /** The score stands. */
  KEEP {
    @Override
    double apply(double score, double penalty) {
      return score;
    }
  };

  abstract double apply(double score, double penalty);
}
