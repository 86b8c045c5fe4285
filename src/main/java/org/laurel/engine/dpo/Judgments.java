package org.laurel.engine.dpo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run learns from, and what it is judged by. */
final class Judgments<J extends Judgment> {

  private final List<J> training = new ArrayList<>();
  private final List<J> heldOut = new ArrayList<>();
  private int dropped;

  /**
   * @param refused rows of the run that could not even be read
   */
  Judgments(int refused) {
    dropped = refused;
  }

  /** Adds a judgment; one that says nothing, or of which nothing is left, is counted. */
  void add(Optional<J> judgment, boolean held) {
    judgment.ifPresentOrElse(j -> (held ? heldOut : training).add(j), () -> dropped++);
  }

  List<J> training() {
    return training;
  }

  List<J> heldOut() {
    return heldOut;
  }

  int dropped() {
    return dropped;
  }
}
