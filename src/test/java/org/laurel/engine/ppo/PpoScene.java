package org.laurel.engine.ppo;

import org.laurel.engine.TrainingScene;

/** A tiny policy in training. */
abstract class PpoScene extends TrainingScene {

  TinyPpo tiny() {
    return open(new TinyPpo(1));
  }
}
